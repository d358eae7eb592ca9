// IP addresses as text and as numbers (RFC 3986, 3.2.2; RFC 4291, 2.2).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  // IPv4 in the first four
  bool is_ipv6 = false;

  // "127.0.0.1", "fe80::1" (RFC 5952, 4).
  std::string to_string() const;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

// A dotted quad without leading zeros (RFC 3986, 3.2.2).
std::optional<IpAddress> parse_ipv4(std::string_view text);
// That, or IPv6 without brackets and zone.
std::optional<IpAddress> parse_ip(std::string_view text);

// ::ffff:192.0.2.1 is 192.0.2.1 (RFC 4291, 2.5.5.2).
IpAddress without_mapping(const IpAddress& address);

// 127.0.0.0/8 or ::1.
bool is_loopback(const IpAddress& address);

}  // namespace simws::protocol
