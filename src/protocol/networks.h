// Sets of IP addresses, as options list them (RFC 4632, 3.1; RFC 4291, 2.3).
#pragma once

#include "protocol/ip_address.h"

#include <simws/result.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

class Networks {
 public:
  // None at all.
  Networks() = default;

  // Of addresses ("127.0.0.1", "::1") and networks ("10.0.0.0/8", "fd00::/8"), each once. Errors
  // name the option and the entry.
  static Result<Networks> parse(std::string_view option, std::span<const std::string> entries);

  bool empty() const { return networks_.empty(); }
  bool contains(const IpAddress& address) const;

 private:
  struct Network {
    IpAddress address;  // its other bits are 0
    std::size_t prefix = 0;

    bool operator==(const Network&) const = default;
  };

  static Result<Network> parse_entry(std::string_view option, std::string_view entry);

  std::vector<Network> networks_;
};

}  // namespace simws::protocol
