// Whether the lists that a server is started with can ever do what they are for. Errors say which
// value can't, and what can.
#pragma once

#include <simws/result.h>

#include <span>
#include <string>

namespace simws::protocol {

// As EntryRules has them; a host's port doesn't count.
Result<void> check_hosts(std::span<const std::string> hosts);
Result<void> check_origins(std::span<const std::string> origins);
Result<void> check_cors_origins(std::span<const std::string> origins);
// Tokens (RFC 6455, 4.1).
Result<void> check_subprotocols(std::span<const std::string> subprotocols);

}  // namespace simws::protocol
