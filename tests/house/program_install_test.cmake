# Installs the program simws to PREFIX and runs a script there in each of LANGUAGES.
file(REMOVE_RECURSE ${PREFIX})
set(run COMMAND_ERROR_IS_FATAL ANY)
set(ENV{PATH} "/usr/bin:$ENV{PATH}")

execute_process(${run} COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX}
  --component simws_script)
foreach(language ${LANGUAGES})
  set(script ${PREFIX}/hello.${language})
  file(WRITE ${script} "print(simWS.start and 'hello')\n")
  execute_process(${run} COMMAND ${PREFIX}/${PROGRAM} run ${script} OUTPUT_VARIABLE said)
  if(NOT said STREQUAL "hello\n")
    message(FATAL_ERROR "${script} printed '${said}'")
  endif()
endforeach()

foreach(file man/man1/simws.1 bash-completion/completions/simws zsh/site-functions/_simws
    fish/vendor_completions.d/simws.fish)
  if(NOT EXISTS ${PREFIX}/share/${file})
    message(FATAL_ERROR "share/${file} is not installed")
  endif()
endforeach()
