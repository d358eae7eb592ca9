# `cmake --build <folder> --target tidy`: clang-tidy over all sources of the rooms. It takes minutes,
# so that no test runs it.
find_program(SIMWS_RUN_CLANG_TIDY NAMES run-clang-tidy run-clang-tidy-14)
if(SIMWS_RUN_CLANG_TIDY)
  add_custom_target(tidy
    COMMAND ${SIMWS_RUN_CLANG_TIDY} -quiet -p ${PROJECT_BINARY_DIR} "^${PROJECT_SOURCE_DIR}/src/"
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL VERBATIM)
endif()
