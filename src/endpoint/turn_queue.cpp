#include "endpoint/turn_queue.h"

#include <utility>

namespace simws::endpoint {

void TurnQueue::add(TurnWait& wait) noexcept {
  if (wait.waits_) return;
  push(wait);
  loop_.want_end_of_turn();
}

void TurnQueue::push(TurnWait& wait) noexcept {
  if (std::exchange(wait.waits_, true)) return;
  wait.next_ = nullptr;
  (last_ ? last_->next_ : first_) = &wait;
  last_ = &wait;
}

void TurnQueue::add_for_next_turn(TurnWait& wait) noexcept {
  push(wait);
  if (!waits_for_turn_) end_turn();
}

TurnWait& TurnQueue::pop() noexcept {
  TurnWait& wait = *first_;
  first_ = wait.next_;
  if (!first_) last_ = nullptr;
  wait.waits_ = false;
  return wait;
}

void TurnQueue::forget(TurnWait& wait) noexcept {
  if (!std::exchange(wait.waits_, false)) return;
  TurnWait* before = nullptr;
  for (TurnWait* each = first_; each != &wait; each = each->next_) before = each;
  (before ? before->next_ : first_) = wait.next_;
  if (last_ == &wait) last_ = before;
}

// Where there's no memory for the next turn, this one goes on.
void TurnQueue::end_turn() noexcept {
  if (empty()) return;
  try {
    loop_.post([this] {
      waits_for_turn_ = false;
      loop_.want_end_of_turn();
    });
    waits_for_turn_ = true;
  } catch (...) {
    loop_.want_end_of_turn();
  }
}

}  // namespace simws::endpoint
