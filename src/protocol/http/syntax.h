// Pieces of HTTP's grammar that several files need (RFC 9110, 5.5 and 5.6).
#pragma once

#include "base/ascii.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace simws::protocol::http {

using simws::equals_ignoring_case;
using simws::to_lower;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}
bool is_tchar(char c);
bool is_token(std::string_view text);

// The whole text as an unsigned number of so many digits at most; no sign, no white space, no
// prefix.
template <typename Number>
std::optional<Number> parse_number(std::string_view text, std::size_t most_digits, int base) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value, base);
  if (text.size() > most_digits || error != std::errc() || last != end) return std::nullopt;
  return value;
}

// Without the spaces and tabs around it.
std::string_view trim_ows(std::string_view text);

// Where the first item of a list ends. Separators in quoted strings don't count.
std::size_t list_item_end(std::string_view list, char separator = ',');

// Visits the items of a comma-separated list, without white space around; empty ones are left out
// (RFC 9110, 5.6.1).
template <typename Visitor>  // void(string_view item)
void for_each_list_item(std::string_view list, Visitor&& visit) {
  while (!list.empty()) {
    const std::size_t end = list_item_end(list);
    const std::string_view item = trim_ows(list.substr(0, end));
    if (!item.empty()) visit(item);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

// A peer's value for a sentence: in single quotes, cut to about 100 characters, with what isn't
// printable ASCII escaped.
std::string in_quotes(std::string_view value);

}  // namespace simws::protocol::http
