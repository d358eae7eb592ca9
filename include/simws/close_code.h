// Why a connection was closed (RFC 6455, 7.4, and the IANA registry).
#pragma once

#include <cstdint>

namespace simws {

// Applications may use 3000-4999 by a cast: static_cast<CloseCode>(4001).
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status_received = 1005,  // never on the wire: the peer's Close had no code
  abnormal_closure = 1006,    // never on the wire: the connection ended without Close
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  mandatory_extension = 1010,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
  bad_gateway = 1014,
  tls_handshake = 1015,  // never on the wire
};

// May this code be in a Close frame?
constexpr bool is_sendable(CloseCode code) {
  const auto value = static_cast<std::uint16_t>(code);
  return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014) ||
         (value >= 3000 && value <= 4999);
}

}  // namespace simws
