#include "endpoint/recording_batch.h"

#include <algorithm>

namespace simws::endpoint {

namespace {

// Texts lie together in so much, and so many items.
constexpr std::size_t together = std::size_t{64} << 10;
constexpr std::size_t items_together = 64;

}  // namespace

std::string_view RecordingBatch::keep(std::string_view text) {
  if (text.empty()) return {};
  const bool has_room =
      !texts_.empty() && text.size() <= texts_.back().capacity() - texts_.back().size();
  if (!has_room) {
    Buffer added;
    added.reserve(std::max(text.size(), together));
    texts_.push_back(std::move(added));
  }
  Buffer& texts = texts_.back();
  texts.append(text);
  return texts.text().substr(texts.size() - text.size());
}

void RecordingBatch::add(Item item) {
  if (groups_.empty() || groups_.back().size() == items_together) {
    std::vector<Item> added;
    added.reserve(items_together);
    groups_.push_back(std::move(added));
  }
  groups_.back().push_back(std::move(item));
}

void RecordingBatch::clear() noexcept {
  groups_.clear();
  texts_.clear();
}

}  // namespace simws::endpoint
