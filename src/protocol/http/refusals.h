// The words and statuses for requests that can't be served.
#pragma once

#include "protocol/http/request.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace simws::protocol::http {

Refusal bad_request(std::string reason);

// The byte of `line` at `offset` can't be part of a request line.
Refusal no_request_line(std::string_view line, std::size_t offset);
Refusal malformed_line(std::string_view line, std::string_view why);
// These may hold secrets: a query, and the value of a field, aren't shown.
Refusal malformed_request_line(std::string_view line);
Refusal malformed_field_line(std::string_view line, std::string_view why);
Refusal bad_line_end();
Refusal folded_line();
Refusal chunk_too_long();

// Over maxHeaderSize or maxBodySize.
Refusal target_too_long(std::size_t limit);
Refusal header_too_large(std::size_t limit);
Refusal chunk_extensions_too_large(std::size_t limit);
Refusal body_too_large(std::size_t limit);

}  // namespace simws::protocol::http
