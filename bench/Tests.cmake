add_executable(bench_test load/deflate_test.cpp load/echo_checker_test.cpp load/message_reader_test.cpp
  load/percentile_test.cpp load/schedule_test.cpp)
target_link_libraries(bench_test PRIVATE bench_loads simws_compiler GTest::gtest_main GTest::gmock)
gtest_discover_tests(bench_test TEST_PREFIX bench. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)

# That it measures; what it measures is no matter of a test.
if(TARGET bench_coppelia_pass)
  add_test(NAME bench.coppelia_pass_measures
    COMMAND bench_coppelia_pass $<TARGET_FILE:simws_coppeliasim> 1000)
  set_tests_properties(bench.coppelia_pass_measures PROPERTIES
    PASS_REGULAR_EXPRESSION "64 B received and answered" TIMEOUT 300)
endif()
