// Addresses from text.
#pragma once

#include "transport/stream.h"

#include <simws/error.h>

#include <optional>
#include <string>

namespace simws::transport {

// IPv4 or IPv6 by the form of `ip`. None: it is no address, or `port` is not in 0..65535.
std::optional<Address> parse_address(const std::string& ip, int port);

// Whether `host` could be a name or an address, and `port` is in 0..65535.
bool is_host_and_port(const std::string& host, int port);
// What `Loop::look_up` answers to others.
Error bad_host(const std::string& host, int port);

// What `Loop::listen` answers to one that isn't.
Error bad_address(const std::string& ip, int port);

}  // namespace simws::transport
