#include "endpoint/pending_budget.h"

#include <algorithm>

namespace simws::endpoint {

void PendingBudget::hold(PendingSource& source, std::size_t bytes) {
  source.held_ += bytes;
  total_ += bytes;
  update_share(source);
  update();
}

void PendingBudget::release(PendingSource& source, std::size_t bytes) {
  bytes = std::min(bytes, source.held_);
  source.held_ -= bytes;
  total_ -= bytes;
  update_share(source);
  update();
}

void PendingBudget::set_assembly(PendingSource& source, bool unfinished, std::size_t bytes) {
  if (!unfinished && source.begun_at_ == 0 && source.assembly_ == bytes) return;
  total_ = total_ - source.assembly_ + bytes;
  source.assembly_ = bytes;
  if (!unfinished) {
    source.begun_at_ = 0;
  } else if (source.begun_at_ == 0) {
    source.begun_at_ = ++messages_begun_;
    if (closed_ && !exception_) choose_exception();
  }
  update();
}

void PendingBudget::forget(PendingSource& source) {
  total_ -= source.held_ + source.assembly_;
  source.held_ = 0;
  source.assembly_ = 0;
  source.begun_at_ = 0;
  update();
}

// A source goes on when half of its share is free again, the gate opens when a quarter of the bound
// is: otherwise reading would stop and start with each message.
void PendingBudget::update_share(PendingSource& source) {
  const std::size_t share = bound_ / 4;
  const bool over = source.held_ > (source.over_share_ ? share / 2 : share);
  if (over == source.over_share_) return;
  source.over_share_ = over;
  gate_.set_over_share(source, over);
}

void PendingBudget::update() {
  const bool closed = total_ > (closed_ ? bound_ / 4 * 3 : bound_);
  if (closed != closed_) {
    closed_ = closed;
    choose_exception();
  } else if (exception_ && exception_->begun_at_ == 0) {
    choose_exception();
  }
}

void PendingBudget::choose_exception() {
  exception_ = closed_ ? gate_.find_oldest_unfinished() : nullptr;
  gate_.set_gate(closed_, exception_);
}

}  // namespace simws::endpoint
