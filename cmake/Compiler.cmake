# Warnings and sanitizers for our own targets: link `simws_compiler` privately.
add_library(simws_compiler INTERFACE)
if(MSVC)
  target_compile_options(simws_compiler INTERFACE /W4 /permissive- /utf-8 /EHsc)
else()
  target_compile_options(simws_compiler INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
endif()

# Nobody replaces functions of a room from outside, so they may be inlined in spite of -fPIC.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(simws_compiler INTERFACE -fno-semantic-interposition)
  # GCC 12 warns of overlaps in std::string's own operator+ (its bug 105651).
  target_compile_options(simws_compiler INTERFACE -Wno-restrict)
  # GCC 14 sees uses that aren't there where a vector's owner would be destroyed by an exception.
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    target_compile_options(simws_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

# The system's headers define min and max otherwise, and much that nobody needs.
if(WIN32)
  target_compile_definitions(simws_compiler INTERFACE NOMINMAX WIN32_LEAN_AND_MEAN)
endif()

if(SIMWS_SANITIZE)
  add_compile_options(-fsanitize=${SIMWS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SIMWS_SANITIZE})
  # UBSan's check of types needs a free descriptor, and errs in tests that run out of them.
  if(SIMWS_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize=vptr)
  endif()
  # What they insert makes GCC see uses that aren't there, in boost::optional for one.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(simws_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
