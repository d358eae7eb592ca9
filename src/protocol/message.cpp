#include "protocol/message.h"

#include <array>
#include <utility>

namespace simws::protocol {

namespace {

FrameHeader header_of(std::size_t payload_size, Opcode opcode, bool fin) {
  FrameHeader header;
  header.fin = fin;
  header.opcode = static_cast<FrameOpcode>(opcode);
  header.payload_length = payload_size;
  return header;
}

}  // namespace

void Message::assign(std::string_view payload, Opcode opcode, bool fin) {
  std::array<std::byte, max_frame_header_size> header;
  const std::size_t size = encode_frame_header(header_of(payload.size(), opcode, fin), header);
  header_size_ = static_cast<std::uint8_t>(size);
  fin_ = fin;
  bytes_.clear();
  bytes_.reserve(size + payload.size());
  bytes_.append(Bytes(header).first(size));
  bytes_.append(payload);
}

std::size_t Message::frame_size(std::size_t payload_size) {
  const std::size_t length_size = payload_size < 126 ? 0 : payload_size <= 0xFFFF ? 2 : 8;
  return 2 + length_size + payload_size;
}

SharedMessage::SharedMessage(std::shared_ptr<OutputBudget> memory, std::string_view payload,
                             Opcode opcode)
    : message_(payload, opcode, true), memory_(std::move(memory)) {
  memory_->share(message_.frame().size());
}

}  // namespace simws::protocol
