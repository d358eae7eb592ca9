// What one connection of the load generator sends in one write, over and over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simws::load {

enum class Payload {
  ascii,   // text of one-byte characters
  utf8,    // text of characters of two to four bytes
  binary,  // bytes that are no UTF-8
  json,    // text of measured values: what telemetry is, and what can be compressed
};

// The messages of one write, framed once. Each begins with its number in the batch, so
// that an echo out of order shows.
struct Batch {
  std::uint8_t opcode = 0;  // RFC 6455, 5.2
  std::vector<std::string> messages;
  std::string wire;
};

// RFC 6455, 5.2: `first_byte` has FIN, RSV1 and the opcode.
void append_masked_frame(std::string& wire, std::uint8_t first_byte, std::string_view payload,
                         std::uint32_t masking_key);

// Who sends it: a client's frames are masked, each with a masking key of its own (RFC 6455, 5.1).
enum class Sender : std::uint8_t { client, server };

Batch make_batch(std::size_t size, std::size_t pipeline, Payload payload,
                 Sender sender = Sender::client);

// What answers a ping (RFC 6455, 5.5.3). REQUIRES: at most 125 bytes.
void append_pong(std::string& wire, std::string_view payload, Sender sender);

// The same as make_batch, each message compressed by itself (RFC 7692, 7.2.1), with a window of so
// many bits.
Batch make_deflated_batch(std::size_t size, std::size_t pipeline, Payload payload,
                          int window_bits = 15);

// The same messages without any framing.
Batch make_raw_batch(std::size_t size, std::size_t pipeline);

}  // namespace simws::load
