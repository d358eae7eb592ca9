# The servers and clients that are compiled, one for each library that is there.
set(peers ${CMAKE_CURRENT_LIST_DIR})

bench_program(bench_simws_peer ${peers}/simws_peer.cpp LINK simws_endpoint simws_compiler)
bench_program(bench_raw_peer ${peers}/raw_peer.cpp LINK simws_compiler)
bench_program(bench_beast_peer ${peers}/beast_peer.cpp
  LINK Boost::headers OpenSSL::SSL Threads::Threads simws_compiler)

bench_program(bench_simws_client ${peers}/simws_client.cpp LINK simws_endpoint simws_compiler)
bench_program(bench_beast_client ${peers}/beast_client.cpp
  LINK Boost::headers Threads::Threads simws_compiler)

# Its templates are of before C++20, and so are some of its conversions.
find_path(WEBSOCKETPP_INCLUDE websocketpp/server.hpp)
if(WEBSOCKETPP_INCLUDE)
  bench_program(bench_websocketpp_peer ${peers}/websocketpp_peer.cpp
    LINK Boost::headers Threads::Threads ZLIB::ZLIB simws_compiler)
  set_target_properties(bench_websocketpp_peer PROPERTIES CXX_STANDARD 17)
endif()

pkg_check_modules(LIBWEBSOCKETS QUIET IMPORTED_TARGET libwebsockets)
if(LIBWEBSOCKETS_FOUND)
  bench_program(bench_libwebsockets_peer ${peers}/libwebsockets_peer.cpp
    LINK PkgConfig::LIBWEBSOCKETS simws_compiler)
endif()

# uWebSockets from a checkout, with the flags of its own Makefile.
set(UWS_DIR "$ENV{UWS_DIR}" CACHE PATH "A checkout of uWebSockets")
set(USOCKETS_DIR "$ENV{USOCKETS_DIR}" CACHE PATH "A checkout of uSockets")
if(UWS_DIR AND USOCKETS_DIR)
  file(GLOB usockets ${USOCKETS_DIR}/src/*.c ${USOCKETS_DIR}/src/eventing/*.c
    ${USOCKETS_DIR}/src/crypto/*.c)
  bench_program(bench_uws_peer ${peers}/uws_peer.cpp ${usockets} LINK Threads::Threads ZLIB::ZLIB)
  target_include_directories(bench_uws_peer SYSTEM PRIVATE ${UWS_DIR}/src ${USOCKETS_DIR}/src)
  target_compile_definitions(bench_uws_peer PRIVATE LIBUS_NO_SSL)
  target_compile_options(bench_uws_peer PRIVATE -O3 -march=native -flto=auto -w)
  target_link_options(bench_uws_peer PRIVATE -flto=auto -w)
else()
  file(REMOVE ${CMAKE_CURRENT_BINARY_DIR}/bench_uws_peer)  # an earlier one would be measured
endif()
