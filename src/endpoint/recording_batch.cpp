#include "endpoint/recording_batch.h"

#include <algorithm>

namespace simws::endpoint {

namespace {

// Texts lie together in so much.
constexpr std::size_t together = std::size_t{64} << 10;

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

void RecordingBatch::clear() {
  items_.clear();
  texts_.clear();
}

}  // namespace simws::endpoint
