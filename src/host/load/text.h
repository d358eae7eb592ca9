// What came, for people.
#pragma once

#include <string>
#include <string_view>

namespace simws::load {

// In quotes, the beginning of it; bytes that are no printable ASCII as \x00.
std::string quoted_bytes(std::string_view bytes);

// "a Close with 1008 (no place left)", by the payload of the frame.
std::string close_words(std::string_view payload);

// What a load is for, as the end of a sentence that says why it can't go on.
inline constexpr const char* for_echoing_servers =
    "; this load is for servers that send back what they get, as `simws echo` does";
inline constexpr const char* for_passing_servers =
    "; this load is for servers that send to all what one connection sends";

}  // namespace simws::load
