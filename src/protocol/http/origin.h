// Where a web page comes from (RFC 6454).
#pragma once

#include "protocol/http/authority.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// "scheme://host[:port]" (RFC 6454, 6.1), and nothing more.
struct Origin {
  std::string scheme;
  Authority authority;

  // The scheme's own where none is given; nothing: it has none that is known here.
  std::optional<std::uint16_t> port() const;
};
std::optional<Origin> parse_origin(std::string_view text);

// What browsers send for a page opened from a file: "null" (sandboxed frames too), or "file://".
bool is_origin_of_file(std::string_view text);

}  // namespace simws::protocol::http
