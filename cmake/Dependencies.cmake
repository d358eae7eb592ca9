# The libraries that rooms are built on. A build with the CoppeliaSim plugin links archives instead of
# shared libraries where sonames differ between distributions, or the simulator may have another one:
# OpenSSL's, liburing's and zlib's from Debian, which are position-independent; Zstandard's from Debian
# too, which is so for programs, and for modules that show none of its symbols, as ours do (see
# Modules.cmake); libuv's and simdjson's from cmake/archives.sh.
option(SIMWS_ARCHIVES "Link the libraries underneath as archives" ${SIMWS_COPPELIASIM})
set(SIMWS_ARCHIVES_FOLDER ${PROJECT_SOURCE_DIR}/build/archives CACHE PATH
  "Where cmake/archives.sh puts its archives")

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers only

# Without archives everything else still works, but modules only where they were built; their tests
# fail and say so.
set(SIMWS_HAS_ARCHIVES OFF)
if(SIMWS_ARCHIVES)
  message(STATUS "Making archives of libuv and simdjson in ${SIMWS_ARCHIVES_FOLDER}")
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/cmake/archives.sh ${SIMWS_ARCHIVES_FOLDER}
    RESULT_VARIABLE failed)
  if(failed)
    message(WARNING "The shared libraries of this system are linked instead: the CoppeliaSim plugin works "
      "here alone. Configure again once cmake/archives.sh works.")
  else()
    set(SIMWS_HAS_ARCHIVES ON)
  endif()
endif()

# simws_find_by_pkg_config(PREFIX NAME): the target PkgConfig::PREFIX, an archive where these are linked.
macro(simws_find_by_pkg_config prefix name)
  if(SIMWS_HAS_ARCHIVES)
    pkg_check_modules(${prefix} REQUIRED ${name})
    find_library(${prefix}_ARCHIVE ${name}.a HINTS ${${prefix}_LIBDIR} REQUIRED)
    add_library(PkgConfig::${prefix} STATIC IMPORTED)
    set_target_properties(PkgConfig::${prefix} PROPERTIES IMPORTED_LOCATION ${${prefix}_ARCHIVE})
  else()
    pkg_check_modules(${prefix} REQUIRED IMPORTED_TARGET ${name})
  endif()
endmacro()

if(SIMWS_HAS_ARCHIVES)
  set(OPENSSL_USE_STATIC_LIBS ON)
  # A build without the plugin may have been configured here before.
  if(OPENSSL_CRYPTO_LIBRARY MATCHES "\\.(so|dylib)")
    unset(OPENSSL_CRYPTO_LIBRARY CACHE)
    unset(OPENSSL_SSL_LIBRARY CACHE)
  endif()
  if(ZLIB_LIBRARY_RELEASE MATCHES "\\.(so|dylib)")
    unset(ZLIB_LIBRARY_RELEASE CACHE)
  endif()
  pkg_check_modules(LIBUV REQUIRED libuv)
  add_library(PkgConfig::LIBUV STATIC IMPORTED)
  set_target_properties(PkgConfig::LIBUV PROPERTIES
    IMPORTED_LOCATION ${SIMWS_ARCHIVES_FOLDER}/libuv.a
    INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS}")
  add_library(simdjson::simdjson STATIC IMPORTED)
  set_target_properties(simdjson::simdjson PROPERTIES
    IMPORTED_LOCATION ${SIMWS_ARCHIVES_FOLDER}/libsimdjson.a)
else()
  pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv)
  find_package(simdjson REQUIRED)
endif()
find_package(OpenSSL 3 REQUIRED)

if(SIMWS_HAS_ARCHIVES)
  find_library(ZLIB_ARCHIVE libz.a REQUIRED)
  set(ZLIB_LIBRARY ${ZLIB_ARCHIVE})
endif()
find_package(ZLIB REQUIRED)
simws_find_by_pkg_config(LIBZSTD libzstd)
find_package(nlohmann_json 3.10 REQUIRED)  # headers only

# io_uring is Linux' own.
if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  simws_find_by_pkg_config(LIBURING liburing)
endif()

# Where it's missing all else is built: servers then say, when they're given a broker, what to install.
set(SIMWS_HAS_BROKER OFF)
if(SIMWS_BROKER)
  pkg_check_modules(LIBNATS IMPORTED_TARGET libnats>=3.4)
  if(LIBNATS_FOUND)
    set(SIMWS_HAS_BROKER ON)
  else()
    message(STATUS "Without libnats 3.4 or newer (package libnats-dev) simws-broker isn't built")
  endif()
endif()
