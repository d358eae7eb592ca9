# simws::simws, the library as others link it: in this tree, added as a subdirectory, and after
# `cmake --install` by find_package(simws).
include(CMakePackageConfigHelpers)

add_library(simws INTERFACE)
add_library(simws::simws ALIAS simws)
target_link_libraries(simws INTERFACE simws_endpoint)
target_include_directories(simws INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(simws INTERFACE cxx_std_20)

set(simws_package ${CMAKE_INSTALL_LIBDIR}/cmake/simws)
install(TARGETS simws simws_base simws_protocol simws_recording simws_transport simws_endpoint EXPORT simws
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT simws_library)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/simws
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT simws_library FILES_MATCHING PATTERN "*.h")
install(EXPORT simws NAMESPACE simws:: FILE simwsTargets.cmake
  DESTINATION ${simws_package} COMPONENT simws_library)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/simwsConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/simwsConfig.cmake INSTALL_DESTINATION ${simws_package})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/simwsConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/simwsConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/simwsConfigVersion.cmake
  DESTINATION ${simws_package} COMPONENT simws_library)

if(TARGET simws_broker_helper)
  install(TARGETS simws_broker_helper
    RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/simws COMPONENT simws_broker)
  # Where the module finds it without anything else installed, as in a wheel.
  option(SIMWS_PYTHON_BROKER "Install the program simws-broker beside the Python module" OFF)
  if(SIMWS_PYTHON_BROKER AND TARGET simws_python_package)
    add_dependencies(simws_python_package simws_broker_helper)
    install(TARGETS simws_broker_helper RUNTIME DESTINATION ${SIMWS_PYTHON_DIR}/simWS
      COMPONENT simws_python)
  endif()
endif()

if(SIMWS_SCRIPT AND SIMWS_HOST)
  install(TARGETS simws_host RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT simws_script)
  if(TARGET simws_python_host)
    install(TARGETS simws_python_host
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/simws COMPONENT simws_script)
    install(FILES ${PROJECT_SOURCE_DIR}/src/host/python/simws_host.py
      DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/simws COMPONENT simws_script)
  endif()
  set(shell_files ${PROJECT_BINARY_DIR}/share)
  install(FILES ${shell_files}/simws.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT simws_script)
  install(FILES ${shell_files}/simws.bash RENAME simws
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT simws_script)
  install(FILES ${shell_files}/simws.zsh RENAME _simws
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT simws_script)
  install(FILES ${shell_files}/simws.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT simws_script)
  # Where Lua looks by itself when the prefix is /usr/local.
  install(TARGETS simws_lua LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lua/5.4
    COMPONENT simws_script)
endif()
