#include "base/query.h"

#include "base/ascii.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace simws {

std::string_view query_of(std::string_view resource) {
  const std::size_t mark = resource.find('?');
  return mark == std::string_view::npos ? std::string_view() : resource.substr(mark + 1);
}

std::string_view path_of(std::string_view resource) {
  return resource.substr(0, resource.find('?'));
}

void append_percent_encoded(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out.append({'%', digits[byte >> 4], digits[byte & 15]});
}

std::optional<char> percent_decoded_front(std::string_view text) {
  if (!text.starts_with('%')) return std::nullopt;
  const std::string_view digits = text.substr(1, 2);
  std::uint8_t byte = 0;
  const char* const end = digits.data() + digits.size();
  const auto [last, error] = std::from_chars(digits.data(), end, byte, 16);
  if (digits.size() != 2 || error != std::errc() || last != end) return std::nullopt;
  return static_cast<char>(byte);
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view unreserved = "-._~";  // and letters and digits (RFC 3986, 2.3)
  return percent_encode(text, [&](char c) {
    const char small = to_lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
           unreserved.find(c) != unreserved.npos;
  });
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto byte = percent_decoded_front(text);
    if (!byte) return std::nullopt;
    decoded += *byte;
    text.remove_prefix(3);
  }
  return decoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = percent_decoded_front(text.substr(i));
    decoded += byte.value_or(text[i]);
    if (byte) i += 2;
  }
  return decoded;
}

std::string form_decode(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

}  // namespace simws
