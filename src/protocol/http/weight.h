// How much a client likes one of the things that it takes (RFC 9110, 12.4.2).
#pragma once

#include <optional>
#include <string_view>

namespace simws::protocol::http {

// "0.5" in thousandths: 500. Nothing: it's no weight.
std::optional<int> parse_weight(std::string_view text);

}  // namespace simws::protocol::http
