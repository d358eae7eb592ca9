#include "endpoint/deflate_desk.h"

#include <algorithm>

namespace simws::endpoint {

bool DeflateDesk::takes_at_once(std::size_t effort) {
  loop_.want_end_of_turn();
  if (effort > left_at_once_) return false;
  left_at_once_ -= effort;
  return true;
}

// In turn over the connections.
void DeflateDesk::run() noexcept {
  if (waiting_.waits_for_turn()) return;
  left_at_once_ = most_in_turn;
  std::size_t left = most_in_turn;
  while (!waiting_.empty() && left > 0) {
    auto& work = static_cast<DeflateWork&>(waiting_.pop());
    const std::size_t done = work.work(std::min(left, portion));
    left -= std::min(left, done);
    if (done > 0) waiting_.push(work);
  }
  waiting_.end_turn();
}

}  // namespace simws::endpoint
