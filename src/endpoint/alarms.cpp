#include "endpoint/alarms.h"

#include <utility>

namespace simws::endpoint {

void Alarm::set_alarm(Time at) noexcept {
  clear_alarm();
  at_ = at;
  alarms_.add(*this);
}

void Alarm::set_alarm_for_next_turn() noexcept {
  clear_alarm();
  alarms_.add_for_next_turn(*this);
}

void Alarm::clear_alarm() noexcept {
  if (place_) alarms_.remove(*this);
}

Alarms::Alarms(transport::Loop& loop)
    : loop_(loop), timer_(loop.make_timer([this] { on_timer(); })) {}

void Alarms::add(Alarm& alarm) noexcept {
  merge(first_, first_, &alarm);
  arm();
}

// Before all others, and in the order they ask for it. Without memory for a task the timer wakes
// them.
void Alarms::add_for_next_turn(Alarm& alarm) noexcept {
  alarm.at_ = Time(Duration(++asked_));
  try {
    if (!is_posted_) loop_.post([this] { on_next_turn(); });
    is_posted_ = true;
    merge(next_turn_, next_turn_, &alarm);
  } catch (...) {
    add(alarm);
  }
}

// The timer may fall due too early for those that are left, and is armed anew then.
void Alarms::remove(Alarm& alarm) noexcept {
  merge(*alarm.place_, alarm.left_, alarm.right_);
  alarm.place_ = nullptr;
  alarm.left_ = nullptr;
  alarm.right_ = nullptr;
}

// The earlier one takes the place; its right side is merged with the other one, and the sides
// change: so all of it stays shallow on average.
void Alarms::merge(Alarm*& place, Alarm* one, Alarm* other) noexcept {
  Alarm** at = &place;
  while (one && other) {
    if (other->at_ < one->at_) std::swap(one, other);
    *at = one;
    one->place_ = at;
    Alarm* const rest = one->right_;
    one->right_ = one->left_;
    if (one->right_) one->right_->place_ = &one->right_;
    at = &one->left_;
    one = rest;
  }
  *at = one ? one : other;
  if (*at) (*at)->place_ = at;
}

void Alarms::on_timer() {
  armed_for_ = Time::max();
  wake_due();
}

// Those that are set for the next turn meanwhile wait for it.
void Alarms::on_next_turn() {
  is_posted_ = false;
  merge(first_, first_, std::exchange(next_turn_, nullptr));
  wake_due();
}

void Alarms::wake_due() {
  const Time now = loop_.now();
  while (first_ && first_->at_ <= now) {
    Alarm& due = *first_;
    remove(due);
    due.on_alarm();
  }
  arm();
}

void Alarms::arm() {
  if (!first_ || first_->at_ >= armed_for_) return;
  armed_for_ = first_->at_;
  timer_->start(armed_for_);
}

}  // namespace simws::endpoint
