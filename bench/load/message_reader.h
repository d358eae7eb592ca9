// Cuts what a server sends into messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

// Frames that arrive in any portions, fragments joined, control frames left out but for Close.
class MessageReader {
 public:
  // With `raw_size` the bytes are messages of that size and nothing else.
  MessageReader() = default;
  explicit MessageReader(std::size_t raw_size) : raw_size_(raw_size) {}

  void append(std::string_view bytes) { unread_.append(bytes); }
  // True: `message`, `opcode` and `is_compressed` are the next whole message's, until the next
  // call.
  bool next();

  std::string_view message() const { return message_; }
  std::uint8_t opcode() const { return opcode_; }
  bool is_compressed() const { return is_compressed_; }  // RFC 7692, 6
  bool is_closed() const { return is_closed_; }          // a Close frame has come

 private:
  bool next_raw();
  bool next_frame();
  void take_frame(std::uint8_t first_byte, std::string_view payload);
  void compact();

  std::size_t raw_size_ = 0;
  std::string unread_;
  std::size_t at_ = 0;  // of unread_: what lies before is done with
  std::string message_;
  std::uint8_t opcode_ = 0;
  bool is_compressed_ = false;
  bool is_whole_ = false;
  bool is_fragmented_ = false;
  bool is_closed_ = false;
};

}  // namespace bench
