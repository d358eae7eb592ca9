// Addresses from text.
#pragma once

#include "transport/stream.h"

#include <simws/error.h>

#include <optional>
#include <string>

namespace simws::transport {

// IPv4 or IPv6 by the form of `ip`. None: it is no address, or `port` is not in 0..65535.
std::optional<Address> parse_address(const std::string& ip, int port);

// What `Loop::listen` answers to one that isn't.
Error bad_address(const std::string& ip, int port);

}  // namespace simws::transport
