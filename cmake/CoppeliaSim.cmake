# Where the CoppeliaSim plugin goes: into CoppeliaSim's folder by
#
#   COPPELIASIM_ROOT_DIR=<folder> cmake --install <build> --component simws_coppeliasim
#
# and by `cpack --config <build>/CPackConfig.cmake` into an archive. Both lay the files as CoppeliaSim
# does: libsimWS.so in its folder, what it loads for scripts in lua/.
set(COPPELIASIM_ROOT_DIR "$ENV{COPPELIASIM_ROOT_DIR}" CACHE PATH
  "CoppeliaSim's folder, when the environment doesn't name it at the install")

# The environment comes first: one build may go to several CoppeliaSims. --prefix works as well, when
# neither names a folder.
configure_file(${PROJECT_SOURCE_DIR}/cmake/coppeliasim_prefix.cmake.in
  ${PROJECT_BINARY_DIR}/coppeliasim_prefix.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/coppeliasim_prefix.cmake
  COMPONENT simws_coppeliasim EXCLUDE_FROM_ALL)

foreach(component simws_coppeliasim simws_coppeliasim_archive)
  install(TARGETS simws_coppeliasim LIBRARY DESTINATION . COMPONENT ${component} EXCLUDE_FROM_ALL)
  install(FILES
    ${PROJECT_SOURCE_DIR}/src/bindings/coppeliasim/lua/simWS.lua
    ${PROJECT_SOURCE_DIR}/src/bindings/coppeliasim/lua/simWS-ce.lua
    DESTINATION lua COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/cmake/coppeliasim_install.txt.in
  ${PROJECT_BINARY_DIR}/coppeliasim/INSTALL.txt @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/coppeliasim/INSTALL.txt ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION . COMPONENT simws_coppeliasim_archive EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_NAME simWS-coppeliasim)
set(CPACK_PACKAGE_FILE_NAME
  simWS-${PROJECT_VERSION}-coppeliasim-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_COMPONENTS_ALL simws_coppeliasim_archive)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
