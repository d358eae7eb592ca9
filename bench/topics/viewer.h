// A client that reads what comes.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

// Takes frames of at most 64 KiB off what has come, and answers pings.
class Viewer {
 public:
  explicit Viewer(int descriptor) : descriptor_(descriptor) {}

  int descriptor() const { return descriptor_; }

  template <typename Take>  // void(std::string_view message)
  void receive(std::string_view bytes, const Take& take) {
    if (unread_.empty()) {
      bytes = take_frames(bytes, take);
      unread_.assign(bytes);
    } else {
      unread_.append(bytes);
      unread_.erase(0, unread_.size() - take_frames(unread_, take).size());
    }
    if (answers_.empty()) return;
    (void)!::send(descriptor_, answers_.data(), answers_.size(), MSG_NOSIGNAL);
    answers_.clear();
  }

 private:
  template <typename Take>
  std::string_view take_frames(std::string_view bytes, const Take& take) {
    while (bytes.size() >= 2) {
      const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
      std::size_t size = byte(1) & 127;
      std::size_t header = 2;
      if (size == 126) {
        if (bytes.size() < 4) break;
        size = static_cast<std::size_t>(byte(2) << 8 | byte(3));
        header = 4;
      } else if (size == 127) {
        if (bytes.size() < 10) break;
        size = 0;
        for (std::size_t i = 2; i < 10; ++i) size = size << 8 | byte(i);
        header = 10;
      }
      if (bytes.size() < header + size) break;
      const std::string_view payload = bytes.substr(header, size);
      if ((byte(0) & 15) == 9) {
        answers_ += '\x8A';
        answers_ += static_cast<char>(0x80 | size);
        answers_.append(4, '\0').append(payload);
      } else if ((byte(0) & 15) < 8) {
        take(payload);
      }
      bytes.remove_prefix(header + size);
    }
    return bytes;
  }

  int descriptor_;
  std::string unread_;
  std::string answers_;
};

}  // namespace bench
