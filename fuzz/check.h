// What every fuzz target says about its room: in each build type the same.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace simws::fuzz {

// Aborts, with the place of the call, when `condition` doesn't hold. (clang 14 has no
// std::source_location; the builtins behind it are there in all three compilers.)
inline void check(bool condition, const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  if (condition) return;
  std::fprintf(stderr, "%s:%d: check failed\n", file, line);
  std::abort();
}

inline Bytes to_bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), size};
}

}  // namespace simws::fuzz
