// The host and port that a Host field, an Origin or an absolute-form target names (RFC 3986, 3.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// An authority "host[:port]" taken apart: user-info, a bad port, an unclosed bracket or anything
// else that isn't exactly that is refused. The host comes lower-cased, IPv6 without brackets, a
// name without its trailing dot.
struct Authority {
  std::string host;
  std::optional<std::uint16_t> port;
  bool is_ip_literal = false;  // a dotted quad or [IPv6]; other spellings of numbers are names
  bool is_loopback = false;    // localhost, *.localhost, 127.0.0.0/8 or [::1]
};
std::optional<Authority> parse_authority(std::string_view text);

}  // namespace simws::protocol::http
