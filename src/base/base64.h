// Base64 with padding (RFC 4648, 4).
#pragma once

#include "base/bytes.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws {

void append_base64(std::string& text, Bytes data);
std::string base64_encode(Bytes data);

// Strict: no white space, padding where it belongs, unused bits zero. Otherwise nothing.
std::optional<std::vector<std::byte>> base64_decode(std::string_view text);

}  // namespace simws
