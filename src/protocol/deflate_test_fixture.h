// What the tests of permessage-deflate share: messages as a peer compresses them, by zlib.
#pragma once

#include "base/buffer.h"
#include "protocol/deflate_message.h"
#include "protocol/deflate_pool.h"
#include "protocol/session_test_fixture.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace simws::protocol::test {

// "f4 90 80"
inline std::string bytes_of(std::string_view hex) {
  std::string bytes;
  int high = -1;
  for (const char digit : hex) {
    if (digit == ' ') continue;
    const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
    if (high >= 0) bytes += static_cast<char>(high << 4 | value);
    high = high >= 0 ? -1 : value;
  }
  return bytes;
}

// One side of a connection, as it compresses.
class Compressing {
 public:
  explicit Compressing(DeflateSide side = {false, 15}, DeflateEffort effort = {6, 8})
      : deflater_(pool_, side, effort) {}

  // Without the end of the flush, as messages are (RFC 7692, 7.2.1).
  std::string message(std::string_view text) {
    Buffer frame;
    deflater_.begin(MessageDeflater::unknown_size);
    deflater_.end_message(as_bytes(text), frame);
    return std::string(frame.text());
  }
  // With it, in the middle of a message.
  std::string fragment(std::string_view text) {
    Buffer frame;
    deflater_.begin(MessageDeflater::unknown_size);
    deflater_.end_fragment(as_bytes(text), frame);
    return std::string(frame.text());
  }

 private:
  DeflatePool pool_;
  MessageDeflater deflater_;
};

// Text that doesn't repeat itself for long.
inline std::string varied_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) {
    text +=
        "{\"joint\":" + std::to_string(i) + ",\"angle\":" + std::to_string(i * 7919 % 6283) + "}";
  }
  text.resize(size);
  return text;
}

// Bytes that can't be compressed.
inline std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = 88172645463325252ULL;
  for (char& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    byte = static_cast<char>(state >> 32);
  }
  return bytes;
}

}  // namespace simws::protocol::test
