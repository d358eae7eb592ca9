#include "protocol/http/authority.h"

#include "protocol/http/syntax.h"
#include "protocol/ip_address.h"

#include <algorithm>
#include <cstddef>

namespace simws::protocol::http {

namespace {

// reg-name = *( unreserved / pct-encoded / sub-delims ), here of one character at least.
bool is_reg_name(std::string_view text) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_alpha(text[i]) || is_digit(text[i]) || marks.find(text[i]) != marks.npos) continue;
    if (text[i] != '%' || i + 2 >= text.size()) return false;
    if (!is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2])) return false;
    i += 2;
  }
  return !text.empty();
}

std::optional<Authority> bracketed_host(std::string_view text) {
  const auto address = parse_ip(text);
  if (!address || !address->is_ipv6) return std::nullopt;
  return Authority{to_lower(text), std::nullopt, true, is_loopback(*address)};
}

std::optional<Authority> plain_host(std::string_view text) {
  if (const auto address = parse_ipv4(text)) {
    return Authority{std::string(text), std::nullopt, true, is_loopback(*address)};
  }
  if (text.ends_with('.')) {
    text.remove_suffix(1);
    if (parse_ipv4(text)) return std::nullopt;
  }
  if (!is_reg_name(text)) return std::nullopt;
  Authority name{to_lower(text), std::nullopt, false, false};
  name.is_loopback =
      name.host == "localhost" || (name.host.ends_with(".localhost") && name.host.size() > 10);
  return name;
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t end = text.find(bracketed ? ']' : ':');
  if (bracketed && end == text.npos) return std::nullopt;
  auto authority =
      bracketed ? bracketed_host(text.substr(1, end - 1)) : plain_host(text.substr(0, end));
  std::string_view rest = text.substr(std::min(bracketed ? end + 1 : end, text.size()));
  if (!authority || rest.empty()) return authority;
  if (rest.front() != ':') return std::nullopt;
  rest.remove_prefix(1);
  if (rest.empty()) return authority;  // RFC 3986, 3.2.3: the port may be empty
  authority->port = parse_number<std::uint16_t>(rest, 5, 10);
  return authority->port ? authority : std::nullopt;
}

}  // namespace simws::protocol::http
