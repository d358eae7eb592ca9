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

// What the exception has of its message doesn't count, so that one peer alone can't stop the
// others.
void PendingBudget::update() {
  const PendingSource* const before = exception_;
  choose_exception();
  const std::size_t counted = total_ - (exception_ ? exception_->assembly_ : 0);
  const bool closed = counted > (closed_ ? reopening() : bound_);
  if (closed == closed_ && (!closed || exception_ == before)) return;
  closed_ = closed;
  gate_.set_gate(closed_, exception_);
}

// A search looks at all sources: only a message begun since the last one is worth another.
void PendingBudget::choose_exception() {
  if (total_ <= reopening()) {
    exception_ = nullptr;
    searched_at_ = 0;
    return;
  }
  const bool has_ended = exception_ && exception_->begun_at_ == 0;
  if (!has_ended && (exception_ || searched_at_ == messages_begun_)) return;
  exception_ = gate_.find_oldest_unfinished();
  searched_at_ = messages_begun_;
}

}  // namespace simws::endpoint
