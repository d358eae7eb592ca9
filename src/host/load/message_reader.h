// Cuts what a server sends into messages.
#pragma once

#include "protocol/frame.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace simws::load {

// Frames that arrive in any portions, fragments joined. A message that came as a whole isn't
// copied.
class MessageReader {
 public:
  // What a server may make this program hold.
  static constexpr std::size_t longest = std::size_t{128} << 20;

  // With `raw_size` the bytes are messages of that size and nothing else.
  MessageReader() = default;
  explicit MessageReader(std::size_t raw_size) : raw_size_(raw_size) {}

  // `bytes` stay where they are until `next` says false. REQUIRES: it has, since the call before.
  void append(std::string_view bytes);
  // True: `message`, `opcode` and `is_compressed` are the next whole message's, until the next
  // call. False: more is needed, or nothing follows, as `end` says.
  bool next();

  std::string_view message() const { return message_; }
  std::uint8_t opcode() const { return opcode_; }
  bool is_compressed() const { return is_compressed_; }  // RFC 7692, 6
  bool is_closed() const { return is_closed_; }          // a Close frame has come
  // Why nothing follows: "a Close with 1008"; what breaks RFC 6455. Empty: it goes on.
  const std::string& end() const { return end_; }
  // The answers to pings that came, as frames that are to be sent.
  std::string take_pongs() { return std::exchange(pongs_, {}); }

 private:
  bool next_raw();
  bool next_frame();
  void take_frame(const protocol::FrameHeader& header, std::string_view payload);
  void take_control(protocol::FrameOpcode opcode, std::string_view payload);
  void keep_rest();
  bool fail(std::string what);

  std::size_t raw_size_ = 0;
  std::string_view rest_;  // what is here and not yet taken; of unread_, or the caller's
  std::string unread_;
  std::string joined_;  // fragments of a message
  std::string_view message_;
  std::string pongs_;
  std::string end_;
  std::uint8_t opcode_ = 0;
  bool is_compressed_ = false;
  bool is_whole_ = false;
  bool is_fragmented_ = false;
  bool is_closed_ = false;
};

}  // namespace simws::load
