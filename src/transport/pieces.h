// What is left to write of a sequence of pieces.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <span>
#include <vector>

namespace simws::transport {

class Pieces {
 public:
  // As many as one call to the system takes.
  static constexpr std::size_t max_batch = 16;

  explicit Pieces(std::span<const Bytes> pieces) : pieces_(pieces) { skip_empty(); }

  bool empty() const { return pieces_.empty(); }
  // The front pieces, at most as many as `batch` has room for. Returns how many.
  std::size_t peek(std::span<Bytes> batch) const;
  // Bytes of the next `max_batch` pieces.
  std::size_t batch_size() const;
  // REQUIRES: as many bytes are left.
  void consume(std::size_t bytes);
  // Moves at most `limit` bytes to the end of `target`. Returns how many.
  std::size_t move_to(std::vector<std::byte>& target, std::size_t limit);

 private:
  Bytes front() const { return pieces_.front().subspan(done_); }
  void skip_empty();

  std::span<const Bytes> pieces_;
  std::size_t done_ = 0;  // of the first piece
};

}  // namespace simws::transport
