#include "protocol/message.h"

#include <array>

namespace simws::protocol {

namespace {

FrameHeader header_of(std::size_t payload_size, Opcode opcode, bool fin) {
  FrameHeader header;
  header.fin = fin;
  header.opcode = static_cast<FrameOpcode>(opcode);
  header.payload_length = payload_size;
  return header;
}

std::size_t append(Buffer& bytes, const FrameHeader& header, std::string_view payload) {
  std::array<std::byte, max_frame_header_size> encoded;
  const std::size_t size = encode_frame_header(header, encoded);
  bytes.reserve(bytes.size() + size + payload.size());
  bytes.append(Bytes(encoded).first(size));
  bytes.append(payload);
  return size;
}

}  // namespace

std::size_t append_message(Buffer& bytes, std::string_view payload, Opcode opcode, bool fin) {
  return append(bytes, header_of(payload.size(), opcode, fin), payload);
}

std::size_t append_compressed(Buffer& bytes, std::string_view payload, Opcode opcode) {
  FrameHeader header = header_of(payload.size(), opcode, true);
  header.rsv1 = true;
  return append(bytes, header, payload);
}

void Message::assign(std::string_view payload, Opcode opcode, bool fin) {
  bytes_.clear();
  header_size_ = static_cast<std::uint8_t>(append_message(bytes_, payload, opcode, fin));
  fin_ = fin;
}

std::size_t Message::frame_size(std::size_t payload_size) {
  const std::size_t length_size = payload_size < 126 ? 0 : payload_size <= 0xFFFF ? 2 : 8;
  return 2 + length_size + payload_size;
}

}  // namespace simws::protocol
