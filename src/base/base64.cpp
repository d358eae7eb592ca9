#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstddef>
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

constexpr std::size_t plain_group = 3;
constexpr std::size_t encoded_group = 4;

void encode_group(std::byte a, std::byte b, std::byte c, char* out) {
  const std::uint32_t bits = std::to_integer<std::uint32_t>(a) << 16 |
                             std::to_integer<std::uint32_t>(b) << 8 |
                             std::to_integer<std::uint32_t>(c);
  out[0] = alphabet[bits >> 18];
  out[1] = alphabet[bits >> 12 & 63];
  out[2] = alphabet[bits >> 6 & 63];
  out[3] = alphabet[bits & 63];
}

}  // namespace

void append_base64(std::string& text, Bytes data) {
  const std::size_t before = text.size();
  text.resize(before + (data.size() + plain_group - 1) / plain_group * encoded_group);
  char* out = text.data() + before;
  for (; data.size() >= plain_group; data = data.subspan(plain_group), out += encoded_group) {
    encode_group(data[0], data[1], data[2], out);
  }
  if (data.empty()) return;
  encode_group(data[0], data.size() > 1 ? data[1] : std::byte{}, {}, out);
  std::fill(out + 1 + data.size(), out + encoded_group, '=');
}

std::string base64_encode(Bytes data) {
  std::string text;
  append_base64(text, data);
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
