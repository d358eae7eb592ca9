// The base framing protocol (RFC 6455, 5.2): frame headers and masking.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"

#include <simws/close_code.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace simws::protocol {

enum class FrameOpcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

constexpr bool is_control(FrameOpcode opcode) {
  return (static_cast<std::uint8_t>(opcode) & 8) != 0;
}

using MaskingKey = std::array<std::byte, 4>;

constexpr std::size_t max_frame_header_size = 14;
constexpr std::size_t max_control_payload = 125;

struct FrameHeader {
  bool fin = true;
  bool rsv1 = false;
  bool rsv2 = false;
  bool rsv3 = false;
  FrameOpcode opcode = FrameOpcode::text;  // may hold a reserved value after decoding
  bool masked = false;
  MaskingKey masking_key{};
  std::uint64_t payload_length = 0;
};

enum class DecodeStatus { need_more, done, fail };

// Why a connection must be failed (RFC 6455, 7.1.7).
struct Failure {
  CloseCode code = CloseCode::protocol_error;
  std::string_view reason;  // of static storage, fit for a Close frame
};

// Decodes one header from the front of `input`. On `done` the header is taken off `input`; on
// `need_more` `input` is left as it was: call again with more. Fails, with `failure` set, on
// lengths that RFC 6455 5.2 forbids: not in the fewest bytes, or with the high bit set; as soon as
// the bytes that show it are there. What the header means is the session's to judge.
DecodeStatus decode_frame_header(Bytes& input, FrameHeader& header, Failure& failure);

// Writes the header to `out`; returns its size, 2-14 bytes.
std::size_t encode_frame_header(const FrameHeader& header,
                                std::array<std::byte, max_frame_header_size>& out);

// Appends one unmasked frame, as servers send them.
void append_frame(Buffer& out, FrameOpcode opcode, bool fin, Bytes payload);

// XORs `data` with the key as if it began at `offset` of the payload (RFC 6455, 5.3).
void apply_mask(MutableBytes data, const MaskingKey& key, std::uint64_t offset);

}  // namespace simws::protocol
