// Who asks through proxies that are trusted (RFC 7239, and X-Forwarded-* before it).
#pragma once

#include "protocol/ip_address.h"
#include "protocol/networks.h"

#include <simws/http.h>

#include <cstdint>
#include <optional>
#include <string>

namespace simws::protocol {

struct ProxyRules {
  Networks trusted;
  bool reads_forwarded = false;  // Forwarded, in place of X-Forwarded-*
  bool trusts_host = false;      // what these say of Host
};

// An address, and a port where it's known: 0 where it isn't.
struct Peer {
  IpAddress address;
  std::uint16_t port = 0;

  bool operator==(const Peer&) const = default;
};

// What trusted proxies say of a request.
struct ForwardedRequest {
  Peer client;
  std::optional<bool> is_secure;    // nothing: they don't say
  std::optional<std::string> host;  // likewise, or it isn't trusted
};

// Nothing: `peer` isn't trusted, or doesn't say for whom it asks. Each proxy appends whom it was
// asked by, so the fields are read from their end: up to the first address that isn't trusted, or
// up to what is no address. What is written before that anybody may have written.
std::optional<ForwardedRequest> find_client(const RequestHead& request, const IpAddress& peer,
                                            const ProxyRules& rules);

}  // namespace simws::protocol
