# Warnings and sanitizers for our own targets: link `simws_compiler` privately.
add_library(simws_compiler INTERFACE)
target_compile_options(simws_compiler INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)

# Nobody replaces functions of a room from outside, so they may be inlined in spite of -fPIC.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(simws_compiler INTERFACE -fno-semantic-interposition)
endif()

if(SIMWS_SANITIZE)
  add_compile_options(-fsanitize=${SIMWS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SIMWS_SANITIZE})
endif()
