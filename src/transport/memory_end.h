// What lies between the ends of a connection in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace simws::transport {

class MemoryStream;

// One direction of a connection. Its ends are streams, or a MemoryPeer's (null).
struct MemoryPipe {
  std::string bytes;                                             // written, and not read
  std::uint64_t read_bytes = 0;                                  // so far
  std::size_t window = std::numeric_limits<std::size_t>::max();  // how much `bytes` holds
  bool is_finished = false;
  bool is_reset = false;
  bool is_unheard = false;  // the reader has closed
  MemoryStream* writer = nullptr;
  MemoryStream* reader = nullptr;

  std::size_t room() const { return window - std::min(window, bytes.size()); }
};

// As one end sees it.
struct MemoryEnd {
  std::shared_ptr<MemoryPipe> in;
  std::shared_ptr<MemoryPipe> out;

  static MemoryEnd make() {
    return {std::make_shared<MemoryPipe>(), std::make_shared<MemoryPipe>()};
  }
  MemoryEnd other() const { return {out, in}; }
};

}  // namespace simws::transport
