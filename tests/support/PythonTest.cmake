# simws_python_test(NAME SCRIPT [TIMEOUT seconds] [PROGRAM target]): a test that a Python program runs
# with the built program simws, or with that of another target. Needs python3-websockets, which distributions install for their own Python.
include_guard()
find_program(SIMWS_TEST_PYTHON NAMES python3 HINTS /usr/bin REQUIRED)

function(simws_python_test name script)
  cmake_parse_arguments(TEST "" "TIMEOUT;PROGRAM" "" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  if(NOT TEST_PROGRAM)
    set(TEST_PROGRAM simws_host)
  endif()
  add_test(NAME ${name} COMMAND ${SIMWS_TEST_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "SIMWS=$<TARGET_FILE:${TEST_PROGRAM}>" TIMEOUT ${TEST_TIMEOUT})
endfunction()

# Sets `lua_environment` and `python_environment`: what scripts need that plain Lua and Python run, as
# tests/bindings has found it.
macro(simws_get_language_environments)
  foreach(language lua python)
    get_directory_property(${language}_environment
      DIRECTORY ${PROJECT_SOURCE_DIR}/tests/bindings DEFINITION ${language}_environment)
  endforeach()
endmacro()
