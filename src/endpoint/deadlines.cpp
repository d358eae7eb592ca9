#include "endpoint/deadlines.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace simws::endpoint {

namespace {

using std::chrono::milliseconds;

// A loop that comes so late was held up: by a handler, or with the whole process.
constexpr milliseconds held_up{50};
// Until the network has been looked at.
constexpr milliseconds one_turn{1};

}  // namespace

Deadlines::Deadlines(transport::Loop& loop)
    : loop_(loop), timer_(loop.make_timer([this] { on_timer(); })) {}

void Deadlines::set_duration(DeadlineKind kind, Duration duration) {
  list_of(kind).duration = duration;
}

void Deadlines::set(Deadline& deadline, DeadlineKind kind) {
  clear(deadline);
  List& list = list_of(kind);
  if (list.duration == Duration::zero()) return;
  deadline.kind_ = kind;
  deadline.due_ = loop_.now() + list.duration;
  deadline.previous_ = list.last;
  (list.last ? list.last->next_ : list.first) = &deadline;
  list.last = &deadline;
  if (deadline.due_ < armed_for_) arm();
}

void Deadlines::clear(Deadline& deadline) {
  if (deadline.kind_ == DeadlineKind::none) return;
  List& list = list_of(deadline.kind_);
  (deadline.previous_ ? deadline.previous_->next_ : list.first) = deadline.next_;
  (deadline.next_ ? deadline.next_->previous_ : list.last) = deadline.previous_;
  deadline.previous_ = nullptr;
  deadline.next_ = nullptr;
  deadline.kind_ = DeadlineKind::none;
}

// What was awaited may have come while the loop was held up: it's looked at first.
void Deadlines::on_timer() {
  const Time now = loop_.now();
  const bool late = now - armed_for_ > held_up;
  armed_for_ = Time::max();
  if (late && !std::exchange(has_waited_, true)) return arm_for(now + one_turn);
  has_waited_ = false;
  for (List& list : lists_) {
    while (list.first && list.first->due_ <= now) {
      Deadline& deadline = *list.first;
      const DeadlineKind kind = deadline.kind_;
      clear(deadline);
      deadline.on_deadline(kind);
    }
  }
  arm();
}

// A timer that falls due too early costs one look at the lists: it isn't moved back when a deadline
// is cleared.
void Deadlines::arm() {
  Time earliest = Time::max();
  for (const List& list : lists_) {
    if (list.first) earliest = std::min(earliest, list.first->due_);
  }
  if (earliest < armed_for_) arm_for(earliest);
}

void Deadlines::arm_for(Time time) {
  armed_for_ = time;
  timer_->start(time);
}

}  // namespace simws::endpoint
