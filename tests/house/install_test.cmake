# Installs the library to PREFIX, builds examples/cpp against it as another project would, and talks
# to the program that comes out.
file(REMOVE_RECURSE ${PREFIX})
set(run COMMAND_ERROR_IS_FATAL ANY)

execute_process(${run} COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX}
  --component simws_library)
execute_process(${run} COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE}/examples/cpp
  -B ${PREFIX}/examples -DCMAKE_PREFIX_PATH=${PREFIX} -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_BUILD_TYPE=Release)
execute_process(${run} COMMAND ${CMAKE_COMMAND} --build ${PREFIX}/examples)
execute_process(${run} COMMAND ${PYTHON} -B ${CMAKE_CURRENT_LIST_DIR}/echo_once.py
  ${PREFIX}/examples/echo)
