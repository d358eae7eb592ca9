# simws_module(TARGET EXPORTS name...): what a program of others loads shows the functions named and
# no more, neither ours nor those of archives, so that it meets no second copy of a library in there.
function(simws_module target)
  cmake_parse_arguments(MODULE "" "" "EXPORTS" ${ARGN})
  set_target_properties(${target} PROPERTIES
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
    return()
  endif()
  list(JOIN MODULE_EXPORTS " " names)
  string(REPLACE " " "; " names "${names}")
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${target}.version)
  file(CONFIGURE OUTPUT ${script} CONTENT "{ global: ${names}; local: *; };\n")
  target_link_options(${target} PRIVATE -Wl,--version-script=${script} -Wl,--as-needed)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
endfunction()
