# simws_gtest(PROGRAM NAME PARTS): runs the GoogleTest program as the tests NAME.1, NAME.2, ..., each of
# which has its share of the cases. A process for each case would take longer than most cases do, with
# sanitizers above all. ./test counts the cases, and shows what the last one said where one failed.
function(simws_gtest program name parts)
  foreach(part RANGE 1 ${parts})
    math(EXPR index "${part} - 1")
    add_test(NAME ${name}.${part} COMMAND ${program})
    set_tests_properties(${name}.${part} PROPERTIES TIMEOUT 600
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()
