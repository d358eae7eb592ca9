// The streams that have something to read.
#pragma once

#include "base/bytes.h"
#include "transport/socket.h"
#include "transport/stream.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace simws::transport {

class SocketStream;

// Streams that are ready together are read together, and only then are their handlers called: a
// call to the system between two handlers would cost the second one what it finds in the
// processor's caches. Each has a part of the buffer then; who fills it is read on, with as much of
// it as its handler takes at once.
class SocketReads {
 public:
  SocketReads() { ready_.reserve(most_together); }

  // To be read together with others, by `run` at the latest. Handlers may be called before it
  // returns.
  void add(SocketStream& stream);
  // It's read no more.
  void remove(const SocketStream& stream);
  void run();

 private:
  static constexpr std::size_t part_size = 4 * 1024;
  static constexpr std::size_t most_together = 16;
  using Buffer = std::array<std::byte, StreamHandler::much_at_once>;
  static_assert(part_size * most_together <= StreamHandler::much_at_once);

  void read_together();
  void read(SocketStream* stream);
  static bool is_read(const SocketStream* stream);
  static void hand_on(SocketStream& stream, const Transfer& transfer, MutableBytes buffer);
  MutableBytes part(std::size_t index) {
    return MutableBytes(*buffer_).subspan(index * part_size, part_size);
  }

  std::vector<SocketStream*> ready_;  // null: removed
  std::unique_ptr<Buffer> buffer_ = std::make_unique_for_overwrite<Buffer>();
};

}  // namespace simws::transport
