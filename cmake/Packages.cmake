# Debian's packages: `cpack -G DEB --config <build>/CPackConfig.cmake`. Without -G it makes the archive
# of the CoppeliaSim plugin, where that's built. Files lie where Debian's own programs look for them.

# debian_package(NAME COMPONENT SUMMARY [field value]...): a package of what the component installs.
function(debian_package name component summary)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/${name} RENAME copyright
    COMPONENT ${component} EXCLUDE_FROM_ALL)
  string(TOUPPER ${component} key)
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_COMPONENT_${key}_DESCRIPTION ${summary} PARENT_SCOPE)
  while(ARGN)
    list(POP_FRONT ARGN field value)
    set(CPACK_DEBIAN_${key}_PACKAGE_${field} ${value} PARENT_SCOPE)
  endwhile()
  set(simws_debian_components ${simws_debian_components} ${component} PARENT_SCOPE)
endfunction()

# A module of the stable ABI serves every Python from 3.11 on, another one that which it was built for.
if(TARGET simws_python)
  get_target_property(suffix simws_python SUFFIX)
  set(needed_python "python3 (>= 3.11)")
  if(suffix MATCHES "cpython-3([0-9]+)")
    math(EXPR next "${CMAKE_MATCH_1} + 1")
    set(needed_python "python3 (>= 3.${CMAKE_MATCH_1}), python3 (<< 3.${next})")
  endif()
  set(package lib/python3/dist-packages/simWS)
  install(TARGETS simws_python LIBRARY DESTINATION ${package} COMPONENT debian_python EXCLUDE_FROM_ALL)
  install(FILES
    ${PROJECT_SOURCE_DIR}/src/bindings/python/package/__init__.pyi
    ${PROJECT_SOURCE_DIR}/src/bindings/python/package/py.typed
    DESTINATION ${package} COMPONENT debian_python EXCLUDE_FROM_ALL)
  debian_package(python3-simws debian_python "The module simWS for Python."
    DEPENDS ${needed_python} SECTION python)
endif()

if(TARGET simws_host)
  install(TARGETS simws_host RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    COMPONENT debian_program EXCLUDE_FROM_ALL)
  set(shell_files ${PROJECT_BINARY_DIR}/share)
  install(FILES ${shell_files}/simws.1.gz
    DESTINATION share/man/man1 COMPONENT debian_program EXCLUDE_FROM_ALL)
  install(FILES ${shell_files}/simws.bash RENAME simws
    DESTINATION share/bash-completion/completions COMPONENT debian_program EXCLUDE_FROM_ALL)
  install(FILES ${shell_files}/simws.zsh RENAME _simws  # Debian's folder for the packages' own
    DESTINATION share/zsh/vendor-completions COMPONENT debian_program EXCLUDE_FROM_ALL)
  install(FILES ${shell_files}/simws.fish
    DESTINATION share/fish/vendor_completions.d COMPONENT debian_program EXCLUDE_FROM_ALL)
  debian_package(simws debian_program "The program simws, which runs Lua and Python scripts." SECTION net)
  install(TARGETS simws_lua LIBRARY DESTINATION lib/${CMAKE_LIBRARY_ARCHITECTURE}/lua/5.4
    COMPONENT debian_lua EXCLUDE_FROM_ALL)
  debian_package(lua-simws debian_lua "The module simWS for Lua 5.4."
    RECOMMENDS lua5.4 SECTION interpreters)
endif()
if(TARGET simws_python_host)
  install(TARGETS simws_python_host LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/simws
    COMPONENT debian_program EXCLUDE_FROM_ALL)
  install(FILES ${PROJECT_SOURCE_DIR}/src/host/python/simws_host.py
    DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/simws COMPONENT debian_program EXCLUDE_FROM_ALL)
  set(CPACK_DEBIAN_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS ${needed_python})
endif()

if(TARGET simws_broker_helper)
  install(TARGETS simws_broker_helper RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/simws
    COMPONENT debian_broker EXCLUDE_FROM_ALL)
  debian_package(simws-broker debian_broker "What servers of simWS reach a NATS server by." SECTION net)
  set(CPACK_DEBIAN_DEBIAN_PROGRAM_PACKAGE_SUGGESTS simws-broker)
  set(CPACK_DEBIAN_DEBIAN_LUA_PACKAGE_SUGGESTS simws-broker)
  set(CPACK_DEBIAN_DEBIAN_PYTHON_PACKAGE_SUGGESTS simws-broker)
  set(CPACK_DEBIAN_SIMWS_LIBRARY_PACKAGE_SUGGESTS simws-broker)
endif()

debian_package(libsimws-dev simws_library "The C++ library: headers, archives and what CMake finds them by."
  DEPENDS "libssl-dev (>= 3), libsimdjson-dev, libuv1-dev, liburing-dev, zlib1g-dev, libzstd-dev, pkg-config" SECTION libdevel)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "simWS contributors")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_STRIP_FILES ON)
# cpack reads it for each kind of package that it makes.
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/CPackDebian.cmake)
file(CONFIGURE OUTPUT ${CPACK_PROJECT_CONFIG_FILE} @ONLY CONTENT [[
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_COMPONENTS_ALL @simws_debian_components@)
  set(CPACK_COMPONENTS_GROUPING IGNORE)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY OFF)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()
]])
if(NOT TARGET simws_coppeliasim)
  set(CPACK_GENERATOR DEB)
endif()
include(CPack)
