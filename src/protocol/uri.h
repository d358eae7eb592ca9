// Where a client connects to (RFC 6455, 3; RFC 3986).
#pragma once

#include <simws/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace simws::protocol {

struct Uri {
  bool is_secure = false;  // wss, https
  std::string host;        // lower-cased; IPv6 without brackets, a name without its trailing dot
  std::uint16_t port = 0;
  bool is_ip_literal = false;
  bool is_loopback = false;  // localhost, *.localhost, 127.0.0.0/8 or [::1]
  std::string resource;      // path and query as they are sent: ASCII, and "/" at least
  std::string credentials;   // "user:password", decoded; empty: none

  bool operator==(const Uri&) const = default;

  // "host:port", IPv6 in brackets.
  std::string authority() const;
  // The same without the port where it's the scheme's own (RFC 9110, 7.2).
  std::string host_field() const;
  // The whole for people and logs, without secrets: user information and tokens are "***".
  std::string shown() const;
};

// ws, wss, and http and https, which mean the same. Bytes that a path or query can't hold are
// percent-encoded, text beyond ASCII as UTF-8 (RFC 3987, 3.1); white space, control characters and
// a fragment (RFC 6455, 3) are refused, as are host names beyond ASCII, numbers that are no IPv4
// address, and more than max_uri_size bytes. Errors show no secrets.
Result<Uri> parse_uri(std::string_view text);

constexpr std::size_t max_uri_size = 8192;

// Same scheme, host and port: who may see the other's credentials.
bool is_same_origin(const Uri& a, const Uri& b);

// The value of Authorization or Proxy-Authorization (RFC 7617).
std::string basic_authorization(std::string_view credentials);

// Any text that ought to be a URI or the reference to one, without secrets.
std::string without_secrets(std::string_view text);

}  // namespace simws::protocol
