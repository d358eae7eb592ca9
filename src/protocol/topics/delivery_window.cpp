#include "protocol/topics/delivery_window.h"

#include <algorithm>
#include <utility>

namespace simws::protocol {

namespace {

// A least round trip is measured anew after this: roads change.
constexpr DeliveryWindow::Seconds trusted_for{10};

constexpr std::size_t slow_for = 8;  // samples

}  // namespace

double DeliveryWindow::rate() const {
  Sample sum;
  for (const Sample& sample : samples_) {
    sum.bytes += sample.bytes;
    sum.seconds += sample.seconds;
  }
  constexpr double shortest = 1e-6;  // seconds
  return sum.bytes / std::max(sum.seconds, shortest);
}

std::optional<DeliveryWindow::Seconds> DeliveryWindow::least_round_trip() const {
  if (least_round_trip_.count() < 0) return std::nullopt;
  return least_round_trip_;
}

// Bytes a second, as far as can be known by now.
double DeliveryWindow::pace(Time now) const {
  if (!is_overdue(now)) return rate();
  const Seconds elapsed = now - mark_->since;
  return std::min(rate(),
                  static_cast<double>(mark_->sent.bytes - mark_->bytes_before) / elapsed.count());
}

double DeliveryWindow::limit(Seconds window, Time now) const {
  const double allowed = pace(now) * (std::max(least_round_trip_, Seconds(0)) + window).count();
  return slow_left_ > 0 ? allowed : std::max(allowed, static_cast<double>(least_bytes));
}

// What the viewer has taken since its latest acknowledgement isn't known yet; one that has stopped
// is given no more than comes of that in the time in which it should have said so.
double DeliveryWindow::still_under_way(Seconds window, Time now) const {
  const Seconds due = std::max(least_round_trip_, Seconds(0)) + window;
  const double taken = pace(now) * std::min(Seconds(now - latest_), due).count();
  return static_cast<double>(bytes_under_way()) - taken;
}

bool DeliveryWindow::has_room(Seconds window, Time now) {
  latest_window_ = window;
  if (is_overdue(now)) slow_left_ = slow_for;  // it needn't have acknowledged for that
  const bool measures = least_round_trip_.count() >= 0 && now - least_since_ > trusted_for;
  if (messages_under_way() < (measures ? 1 : least_messages)) return true;
  const bool is_slow = slow_left_ > 0;
  const bool has_room = !measures && still_under_way(window, now) < limit(window, now) &&
                        (!is_slow || queued_on_the_way(now) < pace(now) * window.count());
  held_back_ |= !has_room;
  return has_room;
}

// What was sent faster than a slow viewer takes it: even what is allowed at once mustn't queue.
double DeliveryWindow::queued_on_the_way(Time now) const {
  return std::max(0.0, queued_ - pace(now) * Seconds(now - queued_at_).count());
}

void DeliveryWindow::sent(std::size_t bytes, Time now) {
  if (bytes_under_way() == 0) latest_ = now;
  queued_ = queued_on_the_way(now) + static_cast<double>(bytes);
  queued_at_ = now;
  sent_.bytes += bytes;
  ++sent_.messages;
}

bool DeliveryWindow::wants_mark(bool holds_back, Seconds window, Time now) const {
  if (mark_ || messages_under_way() == 0) return false;
  if (holds_back || messages_under_way() >= least_messages) return true;
  return now - last_mark_ > std::chrono::duration_cast<Duration>(window / 4);
}

std::uint32_t DeliveryWindow::mark(Time now) {
  Mark mark;
  mark.number = ++last_number_;
  mark.sent_at = last_mark_ = now;
  mark.sent = sent_;
  mark.is_alone = messages_under_way() == 1;
  mark.bytes_before = acknowledged_.bytes;
  mark.since = latest_;
  mark_ = mark;
  return mark.number;
}

std::optional<Duration> DeliveryWindow::acknowledge(std::uint32_t number, Time now) {
  if (!mark_ || mark_->number != number) return std::nullopt;
  if (is_overdue(now)) samples_ = {};
  const Mark mark = *std::exchange(mark_, std::nullopt);
  acknowledged_ = mark.sent;
  const Seconds elapsed = now - mark.since;
  latest_ = now;
  samples_[next_sample_++ % samples_.size()] = {
      static_cast<double>(acknowledged_.bytes - mark.bytes_before), elapsed.count()};
  note_round_trip(now - mark.sent_at, mark.is_alone, now);
  note_pace(now - mark.sent_at);
  return now - mark.sent_at;
}

bool DeliveryWindow::is_overdue(Time now) const {
  return mark_ && least_round_trip_.count() >= 0 &&
         Seconds(now - mark_->sent_at) > least_round_trip_ + latest_window_;
}

// A slow one has taken longer by what was under way to it. It counts as such as long as it doesn't
// get all that it could.
void DeliveryWindow::note_pace(Seconds round_trip) {
  if (round_trip > least_round_trip_ + latest_window_) {
    slow_left_ = slow_for;
  } else if (slow_left_ > 0 && !held_back_) {
    --slow_left_;
  }
  held_back_ = false;
}

void DeliveryWindow::note_round_trip(Seconds taken, bool is_alone, Time now) {
  const bool is_old = now - least_since_ > trusted_for;
  const bool is_less = least_round_trip_.count() < 0 || taken <= least_round_trip_;
  if (!is_less && !(is_old && is_alone)) return;
  least_round_trip_ = taken;
  least_since_ = now;
}

}  // namespace simws::protocol
