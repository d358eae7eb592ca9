# simws_node_test(NAME SCRIPT [ENVIRONMENT variable=value...]): tests that a program of Node's test runner has. They find
# npm's packages in build/npm, where ./test installs them. Node has its test runner from version 18 on.
include_guard()
find_program(SIMWS_NODE NAMES node nodejs)
if(SIMWS_NODE)
  execute_process(COMMAND ${SIMWS_NODE} --version OUTPUT_VARIABLE simws_node_version OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX REPLACE "^v" "" simws_node_version "${simws_node_version}")
endif()
if(NOT SIMWS_NODE OR simws_node_version VERSION_LESS 18)
  message(WARNING "There is no Node from 18 on, so nothing tests the client of pages.")
endif()

function(simws_node_test name script)
  cmake_parse_arguments(TEST "" "" "ENVIRONMENT" ${ARGN})
  if(NOT SIMWS_NODE OR simws_node_version VERSION_LESS 18)
    return()
  endif()
  add_test(NAME ${name} COMMAND ${SIMWS_NODE} --test ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "SIMWS_NPM=${PROJECT_SOURCE_DIR}/build/npm;${TEST_ENVIRONMENT}" TIMEOUT 300)
endfunction()
