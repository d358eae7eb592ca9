#include "base/base64.h"

#include <array>
#include <cstdint>

namespace simws {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_value = 0xFF;

// What each character stands for.
constexpr auto values = [] {
  std::array<std::uint8_t, 256> all{};
  all.fill(no_value);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    all[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return all;
}();

}  // namespace

std::string base64_encode(Bytes data) {
  std::string text;
  text.reserve((data.size() + 2) / 3 * 4);
  for (; !data.empty(); data = data.subspan(data.size() < 3 ? data.size() : 3)) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < data.size() ? std::to_integer<std::uint32_t>(data[i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= data.size() ? alphabet[group >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::vector<std::byte>> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::vector<std::byte> data;
  data.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char character : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(character)];
    if (value == no_value) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    data.push_back(static_cast<std::byte>(bits >> count & 0xFF));
    bits &= (1u << count) - 1;
  }
  // What is left over belongs to no byte: it must be zero, and as long as the padding says.
  if (bits != 0 || count != static_cast<int>(padding) * 2) return std::nullopt;
  return data;
}

}  // namespace simws
