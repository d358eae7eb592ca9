# simws_room(NAME LINKS target... PRIVATE target... HEADERS target...): the library simws_NAME of all
# sources in this folder (and in the folders named by FOLDERS), and the program simws_NAME_test of its
# *_test.cpp files, which links TEST_LINKS too. LINKS are other rooms; PRIVATE are libraries which
# those who link an installed simws must have; HEADERS ones that only have headers, which they needn't.
function(simws_room name)
  cmake_parse_arguments(ROOM "" "" "FOLDERS;LINKS;PRIVATE;HEADERS;TEST_LINKS" ${ARGN})
  set(patterns *.cpp *.h)
  foreach(folder ${ROOM_FOLDERS})
    list(APPEND patterns ${folder}/*.cpp ${folder}/*.h)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")

  if(NOT sources)
    add_library(simws_${name} INTERFACE)
    set_target_properties(simws_${name} PROPERTIES EXPORT_NAME ${name})
    add_library(simws::${name} ALIAS simws_${name})
    return()
  endif()
  add_library(simws_${name} STATIC ${sources})
  add_library(simws::${name} ALIAS simws_${name})
  set_target_properties(simws_${name} PROPERTIES EXPORT_NAME ${name} LINKER_LANGUAGE CXX)
  target_include_directories(simws_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  set(headers ${ROOM_HEADERS})
  list(TRANSFORM headers REPLACE "(.+)" "$<BUILD_INTERFACE:\\1>")
  target_link_libraries(simws_${name} PUBLIC ${ROOM_LINKS}
    PRIVATE $<BUILD_INTERFACE:simws_compiler> ${ROOM_PRIVATE} ${headers})

  if(SIMWS_TESTS AND tests)
    add_executable(simws_${name}_test ${tests})
    target_include_directories(simws_${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/src)
    # What tests say is built in two thirds of the time, and in half with sanitizers; what they test
    # is as fast as it ships.
    if(SIMWS_SANITIZE)
      target_compile_options(simws_${name}_test PRIVATE -O0)
    else()
      target_compile_options(simws_${name}_test PRIVATE $<$<CONFIG:Release>:-O1>)
    endif()
    target_link_libraries(simws_${name}_test PRIVATE
      simws_${name} ${ROOM_TEST_LINKS} simws_compiler GTest::gtest_main GTest::gmock)
    list(LENGTH tests count)
    math(EXPR parts "1 + ${count} / 8")
    simws_gtest(simws_${name}_test ${name} ${parts})
  endif()
endfunction()
