#include "protocol/http/byte_range.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

namespace simws::protocol::http {

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

// However many digits: what is over the largest number lies behind any end.
std::optional<std::uint64_t> parse_position(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (most - digit) / 10) return most;
    number = number * 10 + digit;
  }
  return number;
}

// "-500": the last 500 bytes. Of nothing, that is the whole.
ByteRange find_suffix(std::string_view text, std::uint64_t size) {
  const auto length = parse_position(text);
  if (!length || (size == 0 && *length > 0)) return {};
  if (*length == 0) return {ByteRange::Kind::unsatisfiable, 0, 0};
  const std::uint64_t taken = std::min(*length, size);
  return {ByteRange::Kind::part, size - taken, taken};
}

ByteRange find_one(std::string_view text, std::uint64_t size) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos) return {};
  if (dash == 0) return find_suffix(text.substr(1), size);
  const auto first = parse_position(text.substr(0, dash));
  const std::string_view end = text.substr(dash + 1);
  const auto last = end.empty() ? most : parse_position(end);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return {ByteRange::Kind::unsatisfiable, 0, 0};
  return {ByteRange::Kind::part, *first, std::min(*last, size - 1) - *first + 1};
}

}  // namespace

ByteRange find_range(const RequestHead& request, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  const auto value = request.find("Range");
  if (!value || request.count("Range") > 1 || request.method() != "GET") return {};
  if (!equals_ignoring_case(value->substr(0, unit.size()), unit)) return {};
  std::string_view only;
  std::size_t count = 0;
  for_each_list_item(value->substr(unit.size()), [&](std::string_view item) {
    only = item;
    ++count;
  });
  return count == 1 ? find_one(only, size) : ByteRange{};
}

}  // namespace simws::protocol::http
