// What an application sends, encoded.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "protocol/frame.h"

#include <simws/opcode.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace simws::protocol {

// One message, or one fragment of it: its frame as servers send it, unmasked. Borrowed.
class MessageView {
 public:
  MessageView(Bytes frame, std::size_t header_size, bool fin)
      : frame_(frame), header_size_(header_size), fin_(fin) {}

  Bytes frame() const { return frame_; }
  Bytes payload() const { return frame_.subspan(header_size_); }
  FrameOpcode opcode() const {
    return static_cast<FrameOpcode>(std::to_integer<int>(frame_.front()) & 0xF);
  }
  // An application counts messages, not fragments: the last one is the message.
  bool ends_message() const { return fin_; }

 private:
  Bytes frame_;
  std::size_t header_size_;
  bool fin_;
};

// The same with memory of its own.
class Message {
 public:
  Message() = default;
  Message(std::string_view payload, Opcode opcode, bool fin) { assign(payload, opcode, fin); }
  // Takes no more memory where what it has is enough.
  void assign(std::string_view payload, Opcode opcode, bool fin);

  static std::size_t frame_size(std::size_t payload_size);

  MessageView view() const { return {bytes_.bytes(), header_size_, fin_}; }
  Bytes frame() const { return bytes_.bytes(); }
  Buffer take_memory() && { return std::move(bytes_); }
  // Bytes of memory that it has.
  std::size_t capacity() const { return bytes_.capacity(); }

 private:
  Buffer bytes_;  // header and payload
  std::uint8_t header_size_ = 0;
  bool fin_ = true;
};

// Appends the frame of a message, and returns its header's size.
std::size_t append_message(Buffer& bytes, std::string_view payload, Opcode opcode, bool fin);
// The same of a whole message whose payload is compressed (RFC 7692, 6).
std::size_t append_compressed(Buffer& bytes, std::string_view payload, Opcode opcode);

}  // namespace simws::protocol
