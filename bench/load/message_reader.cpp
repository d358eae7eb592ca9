#include "load/message_reader.h"

namespace bench {
namespace {

constexpr std::uint8_t fin = 0x80;
constexpr std::uint8_t rsv1 = 0x40;
constexpr std::uint8_t close_opcode = 8;
constexpr std::uint8_t first_control_opcode = 8;

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

}  // namespace

bool MessageReader::next() {
  if (raw_size_ > 0) return next_raw();
  is_whole_ = false;
  while (!is_whole_ && !is_closed_ && next_frame()) {
  }
  compact();
  return is_whole_;
}

bool MessageReader::next_raw() {
  if (unread_.size() - at_ < raw_size_) {
    compact();
    return false;
  }
  message_.assign(unread_, at_, raw_size_);
  at_ += raw_size_;
  return true;
}

// RFC 6455, 5.2; a server's frames have no masking key. False: it's not all here.
bool MessageReader::next_frame() {
  const std::string_view bytes = std::string_view{unread_}.substr(at_);
  if (bytes.size() < 2) return false;
  std::uint64_t size = byte_at(bytes, 1) & 0x7F;
  const std::size_t extended = size < 126 ? 0 : size == 126 ? 2 : 8;
  if (bytes.size() < 2 + extended) return false;
  if (extended > 0) size = 0;
  for (std::size_t i = 0; i < extended; ++i) size = size << 8 | byte_at(bytes, 2 + i);
  if (bytes.size() - 2 - extended < size) return false;
  take_frame(byte_at(bytes, 0), bytes.substr(2 + extended, static_cast<std::size_t>(size)));
  at_ += 2 + extended + static_cast<std::size_t>(size);
  return true;
}

void MessageReader::take_frame(std::uint8_t first_byte, std::string_view payload) {
  const std::uint8_t opcode = first_byte & 0x0F;
  is_closed_ = is_closed_ || opcode == close_opcode;
  if (opcode >= first_control_opcode) return;
  if (!is_fragmented_) {
    message_.clear();
    opcode_ = opcode;
    is_compressed_ = first_byte & rsv1;
  }
  message_ += payload;
  is_whole_ = first_byte & fin;
  is_fragmented_ = !is_whole_;
}

void MessageReader::compact() {
  if (is_whole_ && at_ < unread_.size() / 2) return;  // a portion with many messages moves once
  unread_.erase(0, at_);
  at_ = 0;
}

}  // namespace bench
