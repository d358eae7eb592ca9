// What came, for people.
#pragma once

#include <string>
#include <string_view>

namespace simws::load {

// In quotes, the beginning of it; bytes that are no printable ASCII as \x00.
std::string quoted_bytes(std::string_view bytes);

// "a Close with 1008 (no place left)", by the payload of the frame.
std::string close_words(std::string_view payload);

}  // namespace simws::load
