// The streams that have something to read.
#pragma once

#include "base/bytes.h"
#include "transport/socket.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace simws::transport {

class UvStream;

// Streams that are ready together are read together, and only then are their handlers called: a
// call to the system between two handlers would cost the second one what it finds in the
// processor's caches. Each has a part of the buffer then; who fills it is read on, with the whole
// of it.
class UvReads {
 public:
  UvReads() { ready_.reserve(most_together); }

  // To be read together with others, by `run` at the latest. Handlers may be called before it
  // returns.
  void add(UvStream& stream);
  // It's read no more.
  void remove(const UvStream& stream);
  void run();

 private:
  static constexpr std::size_t part_size = 4 * 1024;
  static constexpr std::size_t most_together = 16;
  using Buffer = std::array<std::byte, part_size * most_together>;

  void read_together();
  static void read(UvStream* stream, MutableBytes buffer);
  static bool is_read(const UvStream* stream);
  static void hand_on(UvStream& stream, const Transfer& transfer, MutableBytes buffer);
  MutableBytes whole() { return *buffer_; }
  MutableBytes part(std::size_t index) { return whole().subspan(index * part_size, part_size); }

  std::vector<UvStream*> ready_;  // null: removed
  std::unique_ptr<Buffer> buffer_ = std::make_unique_for_overwrite<Buffer>();
};

}  // namespace simws::transport
