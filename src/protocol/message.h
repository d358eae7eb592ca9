// What an application sends, encoded once for however many connections.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "protocol/frame.h"
#include "protocol/output_budget.h"

#include <simws/opcode.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::protocol {

// One message, or one fragment of it: its frame as servers send it, unmasked. Immutable.
class Message {
 public:
  Message() = default;
  Message(std::string_view payload, Opcode opcode, bool fin) { assign(payload, opcode, fin); }
  // Takes no more memory where what it has is enough.
  void assign(std::string_view payload, Opcode opcode, bool fin);

  static std::size_t frame_size(std::size_t payload_size);

  Bytes frame() const { return bytes_.bytes(); }
  Bytes payload() const { return frame().subspan(header_size_); }
  FrameOpcode opcode() const {
    return static_cast<FrameOpcode>(std::to_integer<int>(frame().front()) & 0xF);
  }
  // An application counts messages, not fragments: the last one is the message.
  bool ends_message() const { return fin_; }
  Buffer take_memory() && { return std::move(bytes_); }
  // Bytes of memory that it has.
  std::size_t capacity() const { return bytes_.capacity(); }

 private:
  Buffer bytes_;  // header and payload
  std::uint8_t header_size_ = 0;
  bool fin_ = true;
};

// A message for several connections. It counts once against the memory of its server, as long as
// anything holds it.
class SharedMessage {
 public:
  SharedMessage(std::shared_ptr<OutputBudget> memory, std::string_view payload, Opcode opcode);
  ~SharedMessage() { memory_->unshare(message_.frame().size()); }
  SharedMessage(const SharedMessage&) = delete;
  SharedMessage& operator=(const SharedMessage&) = delete;

  const Message& message() const { return message_; }

 private:
  const Message message_;
  const std::shared_ptr<OutputBudget> memory_;
};
using SharedMessagePtr = std::shared_ptr<const SharedMessage>;

}  // namespace simws::protocol
