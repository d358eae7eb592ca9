// What a server's options say of its broker.
#pragma once

#include <simws/broker.h>
#include <simws/result.h>

#include <string_view>

namespace simws::protocol {

// Errors name the option as scripts write it, and show no password.
Result<void> check_broker(const BrokerOptions& broker, std::string_view name);

}  // namespace simws::protocol
