// What two sides agree on for permessage-deflate (RFC 7692, 7.1).
#pragma once

#include "protocol/extension_offer.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simws::protocol {

inline constexpr int min_window_bits = 8;
inline constexpr int max_window_bits = 15;

// What one side wants. A context that is taken over, and each bit of a window, cost the memory of
// whoever keeps them.
struct DeflateWishes {
  bool server_context_takeover = false;
  bool client_context_takeover = false;
  int server_window_bits = max_window_bits;
  int client_window_bits = max_window_bits;
};

// How one side compresses.
struct DeflateSide {
  bool takes_context_over = true;
  int window_bits = max_window_bits;
};

// Of one connection.
struct DeflateParameters {
  bool server_context_takeover = true;
  bool client_context_takeover = true;
  int server_window_bits = max_window_bits;
  int client_window_bits = max_window_bits;

  DeflateSide server() const { return {server_context_takeover, server_window_bits}; }
  DeflateSide client() const { return {client_context_takeover, client_window_bits}; }
  friend bool operator==(const DeflateParameters&, const DeflateParameters&) = default;
};

// The server's side. The first of the offers that can be met, as it's answered; nothing: none can,
// or none is of permessage-deflate. An offer with a parameter that isn't the RFC's, comes twice or
// has a wrong value is declined, and so is one that asks us for a window of 2^8 bytes, which zlib
// can't keep to.
struct AcceptedDeflate {
  DeflateParameters parameters;
  std::string response;  // an item of Sec-WebSocket-Extensions
};
std::optional<AcceptedDeflate> accept_deflate(const std::vector<ExtensionOffer>& offers,
                                              const DeflateWishes& wishes);

// The client's side: what it offers, and what the server's answer to that makes of it. Text: why
// the answer isn't one to the offer.
std::string offer_deflate(const DeflateWishes& wishes);
std::variant<DeflateParameters, std::string> judge_deflate(const ExtensionOffer& answer,
                                                           const DeflateWishes& wishes);

inline constexpr std::string_view deflate_name = "permessage-deflate";

}  // namespace simws::protocol
