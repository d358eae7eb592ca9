#include "endpoint/pending_budget.h"

#include <algorithm>
#include <utility>

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

void PendingBudget::end(PendingSource& source) {
  ended_ += std::exchange(source.held_, 0);
  if (stopped_) release_ended(ended_);
}

void PendingBudget::release_ended(std::size_t bytes) {
  bytes = std::min(bytes, ended_);
  ended_ -= bytes;
  total_ -= bytes;
  update();
}

void PendingBudget::stop() {
  stopped_ = true;
  release_ended(ended_);
}

void PendingBudget::end_message(PendingSource& source) {
  if (source.begun_at_ == 0) return;
  total_ -= source.assembly_;
  assembly_total_ -= source.assembly_;
  source.assembly_ = 0;
  source.begun_at_ = 0;
  is_stale_ = true;
  if (&source == exception_) end_exception();
}

void PendingBudget::set_assembly(PendingSource& source, bool unfinished, std::size_t bytes) {
  const bool is_known = !unfinished && source.begun_at_ == 0 && source.assembly_ == bytes;
  if (is_known && !is_stale_) return;
  total_ = total_ - source.assembly_ + bytes;
  assembly_total_ = assembly_total_ - source.assembly_ + bytes;
  source.assembly_ = bytes;
  if (!unfinished) {
    source.begun_at_ = 0;
  } else if (source.begun_at_ == 0) {
    source.begun_at_ = ++messages_begun_;
  }
  update();
}

// A source goes on when half of its share is free again, the gate opens when a quarter of the bound
// is: otherwise reading would stop and start with each message.
void PendingBudget::update_share(PendingSource& source) {
  const std::size_t share = bound_ / 32;
  const bool over = source.held_ > (source.over_share_ ? share / 2 : share);
  if (over == source.over_share_) return;
  source.over_share_ = over;
  gate_.set_over_share(source, over);
}

// What the exception has of its message doesn't count, so that one peer alone can't stop the
// others.
void PendingBudget::update() {
  is_stale_ = false;
  choose_exception();
  const std::size_t counted = total_ - (exception_ ? exception_->assembly_ : 0);
  const bool closed = counted > (closed_ ? reopening() : bound_);
  if (closed == closed_ && (!closed || exception_ == told_exception_)) return;
  closed_ = closed;
  told_exception_ = exception_;
  gate_.set_gate(closed_, exception_);
}

void PendingBudget::end_exception() {
  exception_ = nullptr;
  searched_at_ = 0;
}

// Where the application only has to go on for the gate to open, there is none. One after the other:
// the next begins when the application has handled what came of the last. A search looks at all
// sources: only a message begun since the last one is worth another.
void PendingBudget::choose_exception() {
  const bool is_needed = assembly_total_ > reopening();
  const bool has_ended = exception_ && exception_->begun_at_ == 0;
  if (!is_needed || has_ended) end_exception();
  const bool is_behind = total_ > assembly_total_;
  if (!is_needed || exception_ || is_behind || searched_at_ == messages_begun_) return;
  exception_ = gate_.find_oldest_unfinished();
  searched_at_ = messages_begun_;
}

}  // namespace simws::endpoint
