#include "endpoint/body_desk.h"

#include <utility>

namespace simws::endpoint {

void BodyDesk::add(BodyWork& work) noexcept {
  if (std::exchange(work.waits_, true)) return;
  work.next_ = nullptr;
  (last_ ? last_->next_ : first_) = &work;
  last_ = &work;
  loop_.want_end_of_turn();
}

void BodyDesk::forget(BodyWork& work) noexcept {
  if (!std::exchange(work.waits_, false)) return;
  BodyWork* before = nullptr;
  for (BodyWork* each = first_; each != &work; each = each->next_) before = each;
  (before ? before->next_ : first_) = work.next_;
  if (last_ == &work) last_ = before;
}

// One after the other: whoever has more comes again behind the rest.
void BodyDesk::run() noexcept {
  if (waits_for_turn_) return;
  for (std::size_t sent = 0; first_ && sent < most_in_turn;) {
    BodyWork& work = *first_;
    forget(work);
    sent += work.send_piece();
  }
  if (first_) ask_for_turn();
}

// So that the network is looked at before. Where there's no memory for that, this one goes on.
void BodyDesk::ask_for_turn() noexcept {
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
