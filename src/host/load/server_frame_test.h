// Frames as servers send them.
#pragma once

#include <string>
#include <string_view>

namespace simws::load {

// Of at most 65,535 bytes.
inline std::string frame(int first_byte, std::string_view payload) {
  std::string wire(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    wire += static_cast<char>(payload.size());
  } else {
    wire += '\x7E';
    wire += static_cast<char>(payload.size() >> 8);
    wire += static_cast<char>(payload.size() & 0xFF);
  }
  return wire.append(payload);
}

}  // namespace simws::load
