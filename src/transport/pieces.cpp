#include "transport/pieces.h"

#include <algorithm>

namespace simws::transport {

std::size_t Pieces::peek(std::span<Bytes> batch) const {
  if (pieces_.empty()) return 0;
  const std::size_t count = std::min(batch.size(), pieces_.size());
  std::copy_n(pieces_.begin(), count, batch.begin());
  batch[0] = front();
  return count;
}

std::size_t Pieces::batch_size() const {
  std::size_t bytes = 0;
  for (const Bytes piece : pieces_.first(std::min(max_batch, pieces_.size())))
    bytes += piece.size();
  return bytes - done_;
}

void Pieces::consume(std::size_t bytes) {
  while (bytes > 0) {
    const std::size_t step = std::min(bytes, front().size());
    done_ += step;
    bytes -= step;
    skip_empty();
  }
}

std::size_t Pieces::move_to(std::vector<std::byte>& target, std::size_t limit) {
  std::size_t moved = 0;
  while (!empty() && moved < limit) {
    const Bytes piece = front().first(std::min(front().size(), limit - moved));
    target.insert(target.end(), piece.begin(), piece.end());
    moved += piece.size();
    consume(piece.size());
  }
  return moved;
}

void Pieces::skip_empty() {
  while (!pieces_.empty() && done_ == pieces_.front().size()) {
    pieces_ = pieces_.subspan(1);
    done_ = 0;
  }
}

}  // namespace simws::transport
