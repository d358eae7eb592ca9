// Names of fields that most requests have, or that are asked for, as numbers.
#pragma once

#include "base/ascii.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace simws {

// As they are mostly spelled.
inline constexpr std::array<std::string_view, 32> known_fields{
    "Host",
    "Range",
    "Accept",
    "Cookie",
    "Expect",
    "Origin",
    "Pragma",
    "Upgrade",
    "If-Range",
    "Forwarded",
    "Connection",
    "User-Agent",
    "Content-Type",
    "Authorization",
    "Cache-Control",
    "If-None-Match",
    "Content-Length",
    "Sec-Fetch-Site",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Dest",
    "Accept-Encoding",
    "Accept-Language",
    "X-Forwarded-For",
    "Sec-WebSocket-Key",
    "Transfer-Encoding",
    "If-Modified-Since",
    "X-Forwarded-Proto",
    "Sec-WebSocket-Accept",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
    "Access-Control-Request-Method",
};

// What has no number in their place.
inline constexpr std::size_t not_known = known_fields.size();

namespace internal {

constexpr std::size_t shortest_known = 4;

// Where a name lies in a table, whatever its case. The factors are such that each of those above
// has a place of its own; what is shorter has none.
constexpr std::size_t slot_of(std::string_view name) {
  const auto letter = [&](std::size_t at) { return static_cast<unsigned char>(name[at]) & 0x1Fu; };
  return (9 * name.size() + 17 * letter(0) + letter(name.size() - shortest_known)) % 64;
}

inline constexpr auto numbers_by_slot = [] {
  std::array<std::uint8_t, 64> numbers{};
  numbers.fill(not_known);
  for (std::size_t i = 0; i < known_fields.size(); ++i) {
    numbers[slot_of(known_fields[i])] = static_cast<std::uint8_t>(i);
  }
  return numbers;
}();
static_assert(std::ranges::count(numbers_by_slot, not_known) == 64 - not_known,
              "two names share a place: look for other factors");

}  // namespace internal

// The number of a name, whatever its case.
constexpr std::size_t known_field(std::string_view name) {
  if (name.size() < internal::shortest_known) return not_known;
  const std::size_t number = internal::numbers_by_slot[internal::slot_of(name)];
  if (number == not_known || known_fields[number].size() != name.size()) return not_known;
  const bool is_same = known_fields[number] == name;
  return is_same || equals_ignoring_case(known_fields[number], name) ? number : not_known;
}

}  // namespace simws
