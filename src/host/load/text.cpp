#include "host/load/text.h"

#include "protocol/close_payload.h"

#include <array>
#include <cstdio>

namespace simws::load {
namespace {

constexpr std::size_t most = 40;

}  // namespace

std::string quoted_bytes(std::string_view bytes) {
  std::string text = "'";
  for (const char c : bytes.substr(0, most)) {
    if (c >= ' ' && c <= '~') {
      text += c;
      continue;
    }
    std::array<char, 5> hex;
    std::snprintf(hex.data(), hex.size(), "\\x%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += hex.data();
  }
  return text + (bytes.size() > most ? "...'" : "'");
}

std::string close_words(std::string_view payload) {
  protocol::ClosePayload close;
  protocol::Failure failure;
  if (protocol::decode_close_payload(as_bytes(payload), close, failure) !=
      protocol::DecodeStatus::done) {
    return "a malformed Close";
  }
  if (close.code == CloseCode::no_status_received) return "a Close without a code";
  const std::string words = "a Close with " + std::to_string(static_cast<int>(close.code));
  return close.reason.empty() ? words : words + " (" + quoted_bytes(close.reason) + ")";
}

}  // namespace simws::load
