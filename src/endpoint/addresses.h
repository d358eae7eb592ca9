// Addresses of streams as protocols have them, and back.
#pragma once

#include "protocol/forwarded.h"
#include "protocol/ip_address.h"
#include "transport/stream.h"

namespace simws::endpoint {

inline protocol::IpAddress ip_of(const transport::Address& address) {
  return {address.ip, address.is_ipv6};
}
inline transport::Address address_of(const protocol::Peer& peer) {
  return {peer.address.bytes, peer.port, peer.address.is_ipv6};
}

}  // namespace simws::endpoint
