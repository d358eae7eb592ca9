#include "endpoint/reading_gate.h"

#include <algorithm>
#include <new>
#include <utility>

namespace simws::endpoint {

ReadingGate::ReadingGate(const ReadingLimits& limits)
    : bound_(limits.bound),
      little_(std::clamp<std::size_t>(share(), 1, most_little)),
      patience_(limits.patience),
      loop_(limits.loop) {}

void ReadingGate::hold(ReadSource& source, std::size_t bytes) {
  source.held_ += bytes;
  held_.add(bytes);
  update(source);
}

void ReadingGate::release(ReadSource& source, std::size_t bytes) {
  bytes = std::min(bytes, source.held_);
  source.held_ -= bytes;
  held_.subtract(bytes);
  update(source);
}

void ReadingGate::note_unfinished(ReadSource& source, bool in_message, std::size_t bytes) {
  unfinished_.set(unfinished_.get() - source.unfinished_ + bytes);
  source.unfinished_ = bytes;
  if (!in_message) {
    source.begun_at_ = 0;
  } else if (source.begun_at_ == 0) {
    source.begun_at_ = ++messages_begun_;
  }
  update(source);
}

void ReadingGate::end_assembled(ReadSource& source) {
  unfinished_.subtract(std::exchange(source.unfinished_, 0));
  source.begun_at_ = 0;
  if (turn_ == &source) {
    turn_ = nullptr;
    is_turn_over_ = true;
  }
  is_stale_ = true;
}

void ReadingGate::end(ReadSource& source) {
  ended_ += std::exchange(source.held_, 0);
  update_place(source);
  update_gate();
  if (stopped_) release_ended(ended_);
}

void ReadingGate::release_ended(std::size_t bytes) {
  bytes = std::min(bytes, ended_);
  ended_ -= bytes;
  held_.subtract(bytes);
  update_gate();
}

void ReadingGate::stop() {
  stopped_ = true;
  release_ended(ended_);
}

void ReadingGate::update(ReadSource& source) {
  is_stale_ = false;
  update_share(source);
  update_place(source);
  update_gate();
}

// One source may hold 1/32 of the bound, so that floods leave room for the others. It goes on when
// half of its share is free again.
void ReadingGate::update_share(ReadSource& source) {
  const bool over = source.held_ > (source.over_share_ ? share() / 2 : share());
  if (over == source.over_share_) return;
  source.over_share_ = over;
  source.set_over_share(over);
}

// Without memory for its place it's read on like those that hold little.
bool ReadingGate::link(ReadSource& source) noexcept {
  source.place_.reset(new (std::nothrow) ReadSource::Place);
  if (!source.place_) return false;
  source.place_->next = first_;
  if (first_) first_->place_->previous = &source;
  first_ = &source;
  return true;
}

void ReadingGate::unlink(ReadSource& source) noexcept {
  const auto place = std::move(source.place_);
  if (cursor_ == &source) cursor_ = place->next;
  (place->previous ? place->previous->place_->next : first_) = place->next;
  if (place->next) place->next->place_->previous = place->previous;
}

void ReadingGate::update_place(ReadSource& source) {
  const bool much = source.held_ + source.unfinished_ > little_;
  if (much == (source.place_ != nullptr)) return;
  if (much) {
    if (!link(source) || !closed_) return;
    watch(source);
    arm();
    return set_behind_gate(source, true);
  }
  unlink(source);
  if (turn_ == &source) turn_ = nullptr;
  set_behind_gate(source, false);
}

void ReadingGate::update_gate() {
  const ReadSource* const had_turn = turn_;
  choose_turn();
  const bool was_closed = closed_;
  closed_ = counted() > (closed_ ? reopening() : bound_);
  const bool is_same_turn = !std::exchange(is_turn_over_, false) && turn_ == had_turn;
  if (closed_ == was_closed && (!closed_ || is_same_turn)) return;
  if (closed_ && !was_closed) watch_all();
  if (!closed_ && timer_) timer_->stop();
  for (ReadSource* source = first_; source; source = source->place_->next) {
    set_behind_gate(*source, closed_ && source != turn_);
  }
}

void ReadingGate::set_behind_gate(ReadSource& source, bool behind) {
  if (std::exchange(source.behind_gate_, behind) != behind) source.set_behind_gate(behind);
}

// Where the application only has to go on, nobody needs a turn; so the next one comes when the
// application has handled what came of the last. What those hold that are always read is no reason
// to wait: it may never become less.
void ReadingGate::choose_turn() {
  const bool is_needed = unfinished_.get() > 0 && total() > reopening();
  if (turn_ && (!is_needed || turn_->begun_at_ == 0)) turn_ = nullptr;
  if (turn_ || !is_needed || held_by_big_ones() > bound_ / 4) return;
  for (ReadSource* source = first_; source; source = source->place_->next) {
    const bool is_older = !turn_ || source->begun_at_ < turn_->begun_at_;
    if (source->begun_at_ != 0 && is_older) turn_ = source;
  }
}

std::size_t ReadingGate::held_by_big_ones() const {
  std::size_t held = ended_;
  for (const ReadSource* source = first_; source; source = source->place_->next)
    held += source->held_;
  return held;
}

void ReadingGate::watch_all() {
  for (ReadSource* source = first_; source; source = source->place_->next) watch(*source);
  arm();
}

void ReadingGate::watch(ReadSource& source) {
  source.place_->watched_since = loop_.now();
  source.place_->watched_from = source.unfinished_;
}

bool ReadingGate::does_anybody_wait_beside(const ReadSource& source) const {
  for (const ReadSource* other = first_; other; other = other->place_->next) {
    if (other != &source && other->behind_gate_) return true;
  }
  return false;
}

// What waits unread in the system counts as gained: it's we who don't read it.
bool ReadingGate::gains_too_little(const ReadSource& source) const {
  if (source.begun_at_ == 0) return false;
  const std::size_t had = std::min(source.place_->watched_from, source.unfinished_);
  const std::size_t gained = source.unfinished_ - had;
  const bool gains = gained >= little_ || source.has_sent(little_ - gained);
  return !gains && does_anybody_wait_beside(source);
}

// All are found before the first one ends, for then others wait no more.
void ReadingGate::end_those_that_gain_nothing() {
  const Time now = loop_.now();
  for (ReadSource* source = first_; source; source = source->place_->next) {
    if (now - source->place_->watched_since < patience_) continue;
    source->place_->gives_up = gains_too_little(*source);
    watch(*source);
  }
  cursor_ = first_;
  while (ReadSource* const source = cursor_) {
    cursor_ = source->place_->next;
    if (std::exchange(source->place_->gives_up, false)) source->give_up_message();
  }
  if (closed_) arm();
}

// Without memory for a timer nobody is given up until the gate is looked at again.
bool ReadingGate::has_timer() noexcept {
  try {
    if (!timer_) timer_ = loop_.make_timer([this] { end_those_that_gain_nothing(); });
  } catch (...) {
  }
  return timer_ != nullptr;
}

void ReadingGate::arm() {
  if (!first_ || !has_timer()) return;
  Time longest = first_->place_->watched_since;
  for (const ReadSource* source = first_; source; source = source->place_->next) {
    longest = std::min(longest, source->place_->watched_since);
  }
  timer_->start(longest + patience_);
}

}  // namespace simws::endpoint
