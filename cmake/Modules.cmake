# simws_module(TARGET EXPORTS name...): what a program of others loads shows the functions named and
# no more, neither ours nor those of archives, so that it meets no second copy of a library in there.
# On Windows dllexport says what is shown.
function(simws_module target)
  cmake_parse_arguments(MODULE "" "" "EXPORTS" ${ARGN})
  set_target_properties(${target} PROPERTIES
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  set(symbols ${CMAKE_CURRENT_BINARY_DIR}/${target}.symbols)
  if(APPLE)
    list(JOIN MODULE_EXPORTS "\n_" names)
    file(CONFIGURE OUTPUT ${symbols} CONTENT "_${names}\n")
    target_link_options(${target} PRIVATE -Wl,-exported_symbols_list,${symbols})
  elseif(UNIX)
    list(JOIN MODULE_EXPORTS "|" names)
    string(REPLACE "|" "; " names "${names}")
    file(CONFIGURE OUTPUT ${symbols} CONTENT "{ global: ${names}; local: *; };\n")
    target_link_options(${target} PRIVATE -Wl,--version-script=${symbols} -Wl,--as-needed)
  endif()
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${symbols})
endfunction()
