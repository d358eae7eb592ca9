// What a client offers in Sec-WebSocket-Extensions (RFC 6455, 9.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

struct ExtensionParam {
  std::string name;
  std::optional<std::string> value;  // a quoted value comes without quotes and escapes
};

struct ExtensionOffer {
  std::string name;
  std::vector<ExtensionParam> params;  // in the order sent, duplicates too
};

// The offers, in the client's order. Nothing: the list isn't well-formed; one with commas names one
// extension at least, and empty items between them are left out (RFC 9110, 5.6.1). An empty one,
// which some clients send, is none. Takes linear time.
std::optional<std::vector<ExtensionOffer>> parse_extension_offers(std::string_view list);

}  // namespace simws::protocol
