// Percent-encoding, as NATS' subjects and headers need it: of bytes, whatever they say.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

// "%" and two upper-case hexadecimal digits.
inline void append_percent(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

// Bytes that `stays` is true of stay as they are.
template <typename Stays>  // bool(char)
std::string percent_encoded(std::string_view text, Stays&& stays) {
  std::string encoded;
  for (const char c : text) {
    if (stays(c)) {
      encoded += c;
    } else {
      append_percent(encoded, c);
    }
  }
  return encoded;
}

// Takes digits of both cases, and any byte that isn't encoded. Nothing: a "%" without two digits.
inline std::optional<std::string> percent_decoded(std::string_view text) {
  const auto digit = [](char c) -> std::size_t {
    return std::string_view("0123456789abcdefABCDEF").find(c);
  };
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t high = text.size() < 3 ? std::string_view::npos : digit(text[1]);
    const std::size_t low = text.size() < 3 ? std::string_view::npos : digit(text[2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    const auto value = [](std::size_t place) { return place < 16 ? place : place - 6; };
    decoded += static_cast<char>(value(high) << 4 | value(low));
    text.remove_prefix(3);
  }
  return decoded;
}

}  // namespace simws::protocol
