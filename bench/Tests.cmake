# That it measures; what it measures is no matter of a test.
if(TARGET bench_coppelia_pass)
  add_test(NAME bench.coppelia_pass_measures
    COMMAND bench_coppelia_pass $<TARGET_FILE:simws_coppeliasim> 1000)
  set_tests_properties(bench.coppelia_pass_measures PROPERTIES
    PASS_REGULAR_EXPRESSION "64 B received and answered" TIMEOUT 300)
endif()

if(TARGET bench_topics_wake)
  add_test(NAME bench.topics_wake_measures COMMAND bench_topics_wake --steps 3)
  set_tests_properties(bench.topics_wake_measures PROPERTIES
    PASS_REGULAR_EXPRESSION "\"bare_wake_p50_us\": [0-9].*\"asleep_p99_us\": [0-9]" TIMEOUT 300)
endif()

add_test(NAME bench.clients_come_back COMMAND bench_client_reconnect)
set_tests_properties(bench.clients_come_back PROPERTIES
  PASS_REGULAR_EXPRESSION "1000 came back" TIMEOUT 300)

set(bench_python /usr/bin/python3)  # Debian's, whose modules the peers are
if(NOT EXISTS ${bench_python})
  find_program(bench_python3 python3 REQUIRED)
  set(bench_python ${bench_python3})
endif()
add_test(NAME bench.report
  COMMAND ${bench_python} -B -m unittest discover --start-directory ${CMAKE_CURRENT_SOURCE_DIR}/simws_bench
          --pattern *_test.py --top-level-directory ${CMAKE_CURRENT_SOURCE_DIR})
add_test(NAME bench.run
  COMMAND ${bench_python} -B ${CMAKE_CURRENT_SOURCE_DIR}/run_test.py ${PROJECT_BINARY_DIR})
set_tests_properties(bench.report bench.run PROPERTIES TIMEOUT 300)
