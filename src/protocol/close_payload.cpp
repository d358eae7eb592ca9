#include "protocol/close_payload.h"

#include "base/cut_text.h"
#include "base/utf8.h"

namespace simws::protocol {
namespace {

constexpr std::size_t code_size = 2;

}  // namespace

DecodeStatus decode_close_payload(Bytes payload, ClosePayload& close, Failure& failure) {
  close = {};
  if (payload.empty()) return DecodeStatus::done;
  if (payload.size() < code_size) {
    failure = {CloseCode::protocol_error, "Close payload of one byte"};
    return DecodeStatus::fail;
  }
  const int code = std::to_integer<int>(payload[0]) << 8 | std::to_integer<int>(payload[1]);
  close = {static_cast<CloseCode>(code), as_text(payload.subspan(code_size))};
  if (!is_sendable(close.code)) {
    failure = {CloseCode::protocol_error, "close code that must not be sent"};
    return DecodeStatus::fail;
  }
  if (find_invalid_utf8(payload.subspan(code_size))) {
    failure = {CloseCode::invalid_payload, "close reason that isn't UTF-8"};
    return DecodeStatus::fail;
  }
  return DecodeStatus::done;
}

std::string encode_close_payload(CloseCode code, std::string_view reason) {
  if (code == CloseCode::no_status_received) return {};
  const auto value = static_cast<std::uint16_t>(code);
  std::string payload;
  payload += static_cast<char>(value >> 8);
  payload += static_cast<char>(value & 0xFF);
  return payload.append(cut_text(reason, max_close_reason));
}

}  // namespace simws::protocol
