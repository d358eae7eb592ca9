// The time of day as HTTP writes it (RFC 9110, 5.6.7).
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the program's locale is.
std::string format_date(std::time_t time);

// That form or one of the obsolete two, whose years of two digits are those from 1970 to 2069.
// Nothing: it's no date.
std::optional<std::time_t> parse_date(std::string_view text);

}  // namespace simws::protocol::http
