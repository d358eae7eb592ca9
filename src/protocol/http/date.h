// The time of day as HTTP writes it (RFC 9110, 5.6.7).
#pragma once

#include <ctime>
#include <string>

namespace simws::protocol::http {

// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the program's locale is.
std::string format_date(std::time_t time);

}  // namespace simws::protocol::http
