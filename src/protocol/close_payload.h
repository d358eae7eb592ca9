// What a Close frame carries (RFC 6455, 5.5.1 and 7.4).
#pragma once

#include "base/bytes.h"
#include "protocol/frame.h"

#include <simws/close_code.h>

#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

constexpr std::size_t max_close_reason = max_control_payload - 2;

struct ClosePayload {
  CloseCode code = CloseCode::no_status_received;
  std::string_view reason;  // into the payload decoded
};

// `done` or `fail` (1002 for a payload of one byte or a forbidden code, 1007 for a reason that isn't
// UTF-8). An empty payload has the code no_status_received.
DecodeStatus decode_close_payload(Bytes payload, ClosePayload& close, Failure& failure);

// Empty for no_status_received. A reason that's too long is cut at a whole character.
std::string encode_close_payload(CloseCode code, std::string_view reason);

}  // namespace simws::protocol
