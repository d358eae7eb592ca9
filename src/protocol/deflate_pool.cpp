#include "protocol/deflate_pool.h"

#include "protocol/deflate_parameters.h"

#include <algorithm>
#include <utility>

namespace simws::protocol {

std::unique_ptr<Inflater> DeflatePool::take_inflater() {
  if (inflaters_.empty()) return std::make_unique<Inflater>(max_window_bits);
  auto inflater = std::move(inflaters_.back());
  inflaters_.pop_back();
  inflater->reset();
  return inflater;
}

std::unique_ptr<Deflater> DeflatePool::take_deflater(const DeflaterKind& kind) {
  const auto found = std::ranges::find(deflaters_, kind, &Deflater::kind);
  if (found == deflaters_.end()) return std::make_unique<Deflater>(kind);
  auto deflater = std::move(*found);
  deflaters_.erase(found);
  deflater->reset();
  return deflater;
}

// What there's no room for, or no memory, goes.
void DeflatePool::give_back(std::unique_ptr<Inflater> inflater) noexcept {
  if (!inflater || inflaters_.size() >= most_inflaters) return;
  try {
    inflaters_.push_back(std::move(inflater));
  } catch (const std::bad_alloc&) {
  }
}

// The oldest makes room: it's of a kind that isn't asked for.
void DeflatePool::give_back(std::unique_ptr<Deflater> deflater) noexcept {
  if (!deflater) return;
  if (deflaters_.size() >= most_deflaters) deflaters_.erase(deflaters_.begin());
  try {
    deflaters_.push_back(std::move(deflater));
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace simws::protocol
