#include "protocol/ip_address.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace simws::protocol {

namespace {

using http::parse_number;
using Ipv4 = std::array<std::uint8_t, 4>;
using Ipv6 = std::array<std::uint16_t, 8>;

std::optional<Ipv4> parse_quad(std::string_view text) {
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
    const auto ipv4 = last ? parse_quad(group) : std::nullopt;
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

IpAddress address_of(const Ipv4& octets) {
  IpAddress address;
  std::ranges::copy(octets, address.bytes.begin());
  return address;
}

IpAddress address_of(const Ipv6& groups) {
  IpAddress address;
  address.is_ipv6 = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    address.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
    address.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFF);
  }
  return address;
}

std::string to_text(const Ipv4& octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    text.append(text.empty() ? "" : ".").append(std::to_string(octet));
  }
  return text;
}

// The longest row of zeros, of two groups at least, the first of these (RFC 5952, 4.2).
struct Zeros {
  std::size_t begin = 8;
  std::size_t size = 1;
};

Zeros longest_zeros(const Ipv6& groups) {
  Zeros longest;
  for (std::size_t begin = 0; begin < groups.size();) {
    std::size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin > longest.size) longest = {begin, end - begin};
    begin = end + 1;
  }
  return longest;
}

std::string to_text(const Ipv6& groups) {
  const Zeros zeros = longest_zeros(groups);
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros.begin) {
      text += "::";
      i += zeros.size - 1;
      continue;
    }
    if (!text.empty() && !text.ends_with(':')) text += ':';
    std::array<char, 4> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16);
    text.append(digits.data(), end.ptr);
  }
  return text;
}

}  // namespace

std::string IpAddress::to_string() const {
  if (!is_ipv6) return to_text(Ipv4{bytes[0], bytes[1], bytes[2], bytes[3]});
  Ipv6 groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  }
  return to_text(groups);
}

std::optional<IpAddress> parse_ipv4(std::string_view text) {
  const auto octets = parse_quad(text);
  return octets ? std::optional(address_of(*octets)) : std::nullopt;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (const auto octets = parse_quad(text)) return address_of(*octets);
  if (const auto groups = parse_ipv6(text)) return address_of(*groups);
  return std::nullopt;
}

IpAddress without_mapping(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  const auto& bytes = address.bytes;
  if (!address.is_ipv6 || !std::equal(mapped.begin(), mapped.end(), bytes.begin())) return address;
  return address_of(Ipv4{bytes[12], bytes[13], bytes[14], bytes[15]});
}

bool is_loopback(const IpAddress& address) {
  if (!address.is_ipv6) return address.bytes[0] == 127;
  return std::all_of(address.bytes.begin(), address.bytes.end() - 1,
                     [](std::uint8_t byte) { return byte == 0; }) &&
         address.bytes.back() == 1;
}

}  // namespace simws::protocol
