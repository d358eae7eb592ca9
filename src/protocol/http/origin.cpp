#include "protocol/http/origin.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <utility>

namespace simws::protocol::http {

namespace {

bool is_scheme(std::string_view text) {
  return !text.empty() && is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

}  // namespace

std::optional<std::uint16_t> Origin::port() const {
  if (authority.port) return authority.port;
  if (scheme == "http" || scheme == "ws") return std::uint16_t{80};
  if (scheme == "https" || scheme == "wss") return std::uint16_t{443};
  return std::nullopt;
}

std::optional<Origin> parse_origin(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == text.npos || !is_scheme(text.substr(0, colon))) return std::nullopt;
  auto authority = parse_authority(text.substr(colon + 3));
  if (!authority) return std::nullopt;
  return Origin{to_lower(text.substr(0, colon)), std::move(*authority)};
}

bool is_origin_of_file(std::string_view text) {
  return text == "null" || equals_ignoring_case(text, "file://");
}

}  // namespace simws::protocol::http
