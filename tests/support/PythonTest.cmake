# simws_python_test(NAME SCRIPT [TIMEOUT seconds]): a test that a Python program runs with the built
# program simws. Needs python3-websockets, which distributions install for their own Python.
include_guard()
find_program(SIMWS_TEST_PYTHON NAMES python3 HINTS /usr/bin REQUIRED)

function(simws_python_test name script)
  cmake_parse_arguments(TEST "" "TIMEOUT" "" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${SIMWS_TEST_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "SIMWS=$<TARGET_FILE:simws_host>" TIMEOUT ${TEST_TIMEOUT})
endfunction()
