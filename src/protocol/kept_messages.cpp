#include "protocol/kept_messages.h"

#include <utility>

namespace simws::protocol {

bool KeptMessages::add(std::string_view data, Opcode opcode) {
  if (bytes_ > limit_ || cost(data) > limit_ - bytes_) return false;
  kept_.push_back({std::string(data), opcode});
  bytes_ += cost(data);
  return true;
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
