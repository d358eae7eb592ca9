// In which of its codings something is sent (RFC 9110, 12.5.3).
#pragma once

#include <simws/http.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace simws::protocol::http {

enum class ContentCoding : std::uint8_t { identity, gzip, brotli };

// As Content-Encoding names it; empty: it isn't named.
std::string_view coding_name(ContentCoding coding);
// What the name of a file that is coded so ends with.
std::string_view coding_ending(ContentCoding coding);

// What the client takes, what it likes best first, and of what it likes alike the smallest.
// `identity` is the last where it's refused: it's better than nothing.
std::vector<ContentCoding> accepted_codings(const RequestHead& request);

}  // namespace simws::protocol::http
