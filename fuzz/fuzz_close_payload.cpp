// The payload of a Close frame; and the same bytes as a reason to be sent.
#include "base/utf8.h"
#include "check.h"
#include "protocol/close_payload.h"

#include <string>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

namespace {

void check_decoding(Bytes payload) {
  ClosePayload close;
  Failure failure;
  const DecodeStatus status = decode_close_payload(payload, close, failure);
  check(status != DecodeStatus::need_more);
  if (status == DecodeStatus::fail) {
    check(!failure.reason.empty());
    const bool bad_text = failure.code == CloseCode::invalid_payload;
    check(bad_text || failure.code == CloseCode::protocol_error);
    check(!bad_text || find_invalid_utf8(payload.subspan(2)).has_value());
    return;
  }
  check(payload.empty() ? close.code == CloseCode::no_status_received : is_sendable(close.code));
  check(!find_invalid_utf8(as_bytes(close.reason)));
  if (payload.size() > max_control_payload) return;
  check(encode_close_payload(close.code, close.reason) == as_text(payload));
}

void check_encoding(std::string_view reason) {
  const std::string payload = encode_close_payload(CloseCode::going_away, reason);
  check(payload.size() <= max_control_payload);
  const std::string_view kept = std::string_view(payload).substr(2);
  check(reason.starts_with(kept));
  check(kept.size() == reason.size() || reason.size() > max_close_reason);
  if (find_invalid_utf8(as_bytes(reason))) return;
  check(kept.size() == reason.size() || kept.size() + 4 > max_close_reason);
  ClosePayload close;
  Failure failure;
  check(decode_close_payload(as_bytes(payload), close, failure) == DecodeStatus::done);
  check(close.reason == kept);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = fuzz::to_bytes(data, size);
  check_decoding(input);
  check_encoding(as_text(input));
  return 0;
}
