// The kinds of data frames (RFC 6455, 5.2).
#pragma once

#include <cstdint>

namespace simws {

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
};

}  // namespace simws
