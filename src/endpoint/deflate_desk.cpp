#include "endpoint/deflate_desk.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

bool DeflateDesk::takes_at_once(std::size_t effort) {
  loop_.want_end_of_turn();
  if (effort > left_at_once_) return false;
  left_at_once_ -= effort;
  return true;
}

void DeflateDesk::push(DeflateWork& work) noexcept {
  work.next_ = nullptr;
  (last_ ? last_->next_ : first_) = &work;
  last_ = &work;
  work.waits_ = true;
}

DeflateWork& DeflateDesk::pop() noexcept {
  DeflateWork& work = *first_;
  first_ = work.next_;
  if (!first_) last_ = nullptr;
  work.waits_ = false;
  return work;
}

void DeflateDesk::add(DeflateWork& work) noexcept {
  if (work.waits_) return;
  push(work);
  loop_.want_end_of_turn();
}

void DeflateDesk::forget(DeflateWork& work) noexcept {
  if (!std::exchange(work.waits_, false)) return;
  DeflateWork* before = nullptr;
  for (DeflateWork* each = first_; each != &work; each = each->next_) before = each;
  (before ? before->next_ : first_) = work.next_;
  if (last_ == &work) last_ = before;
}

// In turn over the connections.
void DeflateDesk::run() noexcept {
  if (waits_for_turn_) return;
  left_at_once_ = most_in_turn;
  std::size_t left = most_in_turn;
  while (first_ && left > 0) {
    DeflateWork& work = pop();
    const std::size_t done = work.work(std::min(left, portion));
    left -= std::min(left, done);
    if (done > 0) push(work);
  }
  if (first_) ask_for_turn();
}

// Where there's no memory for that, this one goes on.
void DeflateDesk::ask_for_turn() noexcept {
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
