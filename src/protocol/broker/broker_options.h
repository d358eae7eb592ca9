// What a server's options say of its broker.
#pragma once

#include <simws/broker.h>
#include <simws/result.h>

#include <string>
#include <string_view>

namespace simws::protocol {

// Errors name the option as scripts write it, and show no password.
Result<void> check_broker(const BrokerOptions& broker, std::string_view name);

// With *** for users, passwords and tokens.
std::string shown_url(std::string_view url);
// A text in which they may stand, as a program's that was given the URL.
std::string without_secrets(std::string text, std::string_view url);

}  // namespace simws::protocol
