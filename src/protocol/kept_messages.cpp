#include "protocol/kept_messages.h"

#include <utility>

namespace simws::protocol {

bool KeptMessages::add(std::string_view data, Opcode opcode, bool compress) {
  refused_ = bytes_ > limit_ || cost(data) > limit_ - bytes_;
  if (refused_) return false;
  told_ = false;
  kept_.push_back({std::string(data), opcode, compress});
  bytes_ += cost(data);
  return true;
}

std::string KeptMessages::describe_full(std::string_view uri) const {
  std::string line = "messages are dropped: as many as may be are kept for ";
  return line.append(uri).append(" (maxQueuedBytes, ").append(std::to_string(limit_)).append(")");
}

std::optional<KeptMessages::Kept> KeptMessages::take() {
  if (kept_.empty()) return std::nullopt;
  Kept first = std::move(kept_.front());
  kept_.pop_front();
  bytes_ -= cost(first.data);
  return first;
}

std::size_t KeptMessages::clear() {
  const std::size_t count = kept_.size();
  kept_ = {};
  bytes_ = 0;
  return count;
}

}  // namespace simws::protocol
