#include "protocol/http/authority.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace simws::protocol::http {

namespace {

using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint16_t, 8>;

// The whole text as a number; no sign, no white space, no prefix.
template <typename Number>
std::optional<Number> parse_number(std::string_view text, std::size_t most_digits, int base) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value, base);
  if (text.size() > most_digits || error != std::errc() || last != end) return std::nullopt;
  return value;
}

// A dotted quad without leading zeros (RFC 3986, 3.2.2).
std::optional<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address{};
  for (std::size_t i = 0; i < address.size(); ++i) {
    const std::size_t end = i + 1 < address.size() ? text.find('.') : text.size();
    if (end == text.npos) return std::nullopt;
    const std::string_view octet = text.substr(0, end);
    const auto value = parse_number<std::uint8_t>(octet, 3, 10);
    if (!value || (octet.size() > 1 && octet.front() == '0')) return std::nullopt;
    address[i] = *value;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return address;
}

// The groups of an IPv6 address as they are written, and where "::" stands.
struct Ipv6Groups {
  Ipv6 groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;

  bool add(std::uint16_t group) {
    if (count == groups.size()) return false;
    groups[count++] = group;
    return true;
  }

  bool add(std::string_view group, bool last) {
    if (const auto value = parse_number<std::uint16_t>(group, 4, 16)) return add(*value);
    const auto ipv4 = last ? parse_ipv4(group) : std::nullopt;
    if (!ipv4) return false;
    const auto pair = [&](std::size_t i) {
      return static_cast<std::uint16_t>((*ipv4)[i] << 8 | (*ipv4)[i + 1]);
    };
    return add(pair(0)) && add(pair(2));
  }

  bool open_gap() {
    if (gap) return false;
    gap = count;
    return true;
  }

  std::optional<Ipv6> expand() {
    if (gap ? count == groups.size() : count != groups.size()) return std::nullopt;
    if (!gap) return groups;
    const auto tail = groups.begin() + static_cast<std::ptrdiff_t>(*gap);
    const auto end = groups.begin() + static_cast<std::ptrdiff_t>(count);
    const auto moved = std::move_backward(tail, end, groups.end());
    std::fill(tail, moved, std::uint16_t{0});
    return groups;
  }
};

// RFC 4291, 2.2, without a zone.
std::optional<Ipv6> parse_ipv6(std::string_view text) {
  Ipv6Groups address;
  if (text.starts_with("::")) {
    address.open_gap();
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t end = text.find(':');
    if (!address.add(text.substr(0, end), end == text.npos)) return std::nullopt;
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
    if (text.empty()) return std::nullopt;
    if (text.front() != ':') continue;
    if (!address.open_gap()) return std::nullopt;
    text.remove_prefix(1);
  }
  return address.expand();
}

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
  const auto address = parse_ipv6(text);
  if (!address) return std::nullopt;
  return Authority{to_lower(text), std::nullopt, true, *address == Ipv6{0, 0, 0, 0, 0, 0, 0, 1}};
}

std::optional<Authority> plain_host(std::string_view text) {
  if (const auto address = parse_ipv4(text)) {
    return Authority{std::string(text), std::nullopt, true, (*address)[0] == 127};
  }
  if (text.ends_with('.')) text.remove_suffix(1);
  if (!is_reg_name(text) || parse_ipv4(text)) return std::nullopt;
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
