#include "host/load/echo_checker.h"

#include "host/load/text.h"
#include "protocol/frame.h"

#include <algorithm>
#include <cstring>

namespace simws::load {
namespace {

constexpr std::uint8_t fin = 0x80;
constexpr std::uint8_t masked = 0x80;
constexpr std::size_t key_size = 4;
// Opcodes, RFC 6455, 5.2.
constexpr int close_opcode = 8;
constexpr int ping_opcode = 9;
constexpr int pong_opcode = 10;

// RFC 6455, 5.2; without the masking key.
std::size_t plain_header_length(std::uint8_t second_byte) {
  const int length = second_byte & 0x7F;
  return length < 126 ? 2 : length == 126 ? 4 : 10;
}

}  // namespace

std::size_t EchoChecker::consume(std::string_view bytes) {
  std::size_t completed = 0;
  while (error_.empty() && (!bytes.empty() || (in_payload_ && frame_left_ == 0))) {
    if (!in_payload_) {
      if (!take_header(bytes)) break;
    } else if (frame_left_ > 0) {
      if (!take_payload(bytes)) break;
    }
    if (in_payload_ && frame_left_ == 0 && finish_frame()) ++completed;
  }
  return completed;
}

// True when the header is whole and right.
bool EchoChecker::take_header(std::string_view& bytes) {
  if (!framed_) {
    in_payload_ = true;
    frame_left_ = expected().size();
    return true;
  }
  while (header_size_ < 2 || header_size_ < header_length()) {
    if (bytes.empty()) return false;
    header_[header_size_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
  }
  return check_header();
}

// Only a client's frames have a masking key.
std::size_t EchoChecker::header_length() const {
  return plain_header_length(header_[1]) + (sender_ == Sender::client ? key_size : 0);
}

bool EchoChecker::check_header() {
  const std::uint8_t opcode = fragmented_ ? 0 : batch_->opcode;
  const int received = header_[0] & ~fin;
  is_control_ = received >= close_opcode && received <= pong_opcode;
  if (!is_control_ && received != opcode) return fail("another opcode than was sent");
  const bool is_masked = (header_[1] & masked) != 0;
  if (is_masked != (sender_ == Sender::client)) {
    return fail(is_masked ? "a masked frame" : "a frame that isn't masked");
  }
  const std::size_t plain = plain_header_length(header_[1]);
  frame_left_ = header_[1] & ~masked;
  if (plain > 2) {
    frame_left_ = 0;
    for (std::size_t i = 2; i < plain; ++i) frame_left_ = frame_left_ << 8 | header_[i];
  }
  frame_taken_ = 0;
  if (is_control_ && frame_left_ > protocol::max_control_payload) {
    return fail("a control frame of more than 125 bytes");
  }
  if (!is_control_ && frame_left_ > expected().size() - offset_) {
    return fail("a longer message than was sent");
  }
  in_payload_ = true;
  return true;
}

bool EchoChecker::take_payload(std::string_view& bytes) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(frame_left_, bytes.size()));
  if (!compare(bytes.substr(0, size))) return false;
  if (!is_control_) offset_ += size;
  bytes.remove_prefix(size);
  frame_taken_ += size;
  frame_left_ -= size;
  return true;
}

// Keeps what is a control frame's.
bool EchoChecker::compare(std::string_view bytes) {
  if (sender_ == Sender::client) {
    unmasked_ = bytes;
    protocol::MaskingKey key;
    std::memcpy(key.data(), &header_[header_size_ - key_size], key_size);
    protocol::apply_mask(as_mutable_bytes(unmasked_), key, frame_taken_);
    bytes = unmasked_;
  }
  if (is_control_) {
    control_ += bytes;
    return true;
  }
  const std::string_view wanted = std::string_view{expected()}.substr(offset_, bytes.size());
  return bytes == wanted || fail_at_difference(bytes, wanted);
}

bool EchoChecker::fail_at_difference(std::string_view bytes, std::string_view wanted) {
  const auto difference = std::ranges::mismatch(bytes, wanted).in1 - bytes.begin();
  const auto at = static_cast<std::size_t>(difference);
  offset_ += at;
  return fail(quoted_bytes(bytes.substr(at)) + " came instead of " +
              quoted_bytes(wanted.substr(at)));
}

// True when the message ends with this frame.
bool EchoChecker::finish_frame() {
  in_payload_ = false;
  header_size_ = 0;
  if (is_control_) {
    finish_control();
    return false;
  }
  fragmented_ = framed_ && !(header_[0] & fin);
  if (fragmented_) return false;
  if (offset_ != expected().size()) return fail("a shorter message than was sent");
  offset_ = 0;
  index_ = (index_ + 1) % batch_->messages.size();
  return true;
}

void EchoChecker::finish_control() {
  const int opcode = header_[0] & ~fin;
  const Sender self = sender_ == Sender::server ? Sender::client : Sender::server;
  if (opcode == ping_opcode) append_pong(pongs_, control_, self);
  if (opcode == close_opcode) error_ = close_words(control_);
  control_.clear();
}

bool EchoChecker::fail(std::string what) {
  error_ = "message " + std::to_string(index_) + " of the batch, byte " + std::to_string(offset_) +
           ": " + std::move(what);
  return false;
}

}  // namespace simws::load
