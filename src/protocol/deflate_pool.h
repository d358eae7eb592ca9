// What compresses and decompresses for connections that keep no context: borrowed for the time of a
// message, so that idle ones have nothing of it.
#pragma once

#include "base/buffer.h"
#include "protocol/deflate_deflater.h"
#include "protocol/deflate_inflater.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace simws::protocol {

// Belongs to its loop's thread, and outlives what is borrowed.
class DeflatePool {
 public:
  // As new. With the largest window: whatever one was agreed on will do. Throws std::bad_alloc.
  std::unique_ptr<Inflater> take_inflater();
  void give_back(std::unique_ptr<Inflater> inflater) noexcept;
  // As new. Throws std::bad_alloc.
  std::unique_ptr<Deflater> take_deflater(const DeflaterKind& kind);
  void give_back(std::unique_ptr<Deflater> deflater) noexcept;

  // For what is used up before anybody else asks for it; empty.
  Buffer& scratch() {
    scratch_.clear();
    return scratch_;
  }

 private:
  // Of each, idle ones. Deflaters differ, and take a quarter of a MiB.
  static constexpr std::size_t most_inflaters = 16;
  static constexpr std::size_t most_deflaters = 4;

  std::vector<std::unique_ptr<Inflater>> inflaters_;
  std::vector<std::unique_ptr<Deflater>> deflaters_;
  Buffer scratch_;
};

}  // namespace simws::protocol
