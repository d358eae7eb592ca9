// Who waits for events and has them handled.
#include "base/clock.h"
#include "script/api.h"

#include <algorithm>

namespace simws::script {

namespace {

constexpr Seconds without_end{-1};
constexpr Seconds longest_wait{1e6};

}  // namespace

// Whatever could end a wait does, for as long as this lives.
class Api::Waiting {
 public:
  Waiting(Api& api, bool ends_by_it) : api_(api), ends_by_it_(ends_by_it) {
    api_.is_waiting_ = true;
    api_.engine_.begin_waiting(api_);
  }
  ~Waiting() {
    api_.engine_.end_waiting(ends_by_it_);
    api_.is_waiting_ = false;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Api& api_;
  const bool ends_by_it_;
};

// Lines of the log take half of the budget at the most.
std::size_t Api::deliver(Seconds budget) {
  has_driven_ = true;
  if (!log_->has_waiting()) return dispatcher_.deliver(budget);
  const Time begun = Clock::now();
  const std::size_t lines = deliver_log(budget / 2);
  if (log_pass_ends_) return lines;
  const Seconds left = budget - (Clock::now() - begun);
  return lines + dispatcher_.deliver(std::max(left, Seconds{0}));
}

void Api::wait(Seconds timeout) {
  const Waiting waiting(*this, true);
  dispatcher_.wait(log_->has_waiting() ? Seconds{0} : timeout);
}

Result<void> Api::serve(bool threaded) {
  has_driven_ = true;
  const Waiting waiting(*this, true);
  if (threaded) {
    if (auto driven = network_.drive_by_thread(); !driven) return driven;
  }
  choose_log();
  while (!engine_.is_interrupted() && dispatcher_.expects_events()) {
    const Seconds timeout = log_->has_waiting() ? Seconds{0} : without_end;
    if (!threaded) {
      dispatcher_.serve(timeout);
      deliver_log(pass_budget_);
    } else {
      dispatcher_.wait(timeout);
      deliver();
    }
  }
  deliver_log(longest_wait);
  // An interrupt that came too late is for no other wait.
  dispatcher_.wait(Seconds{0});
  // What was sent last leaves, and servers that are left answer, while the script goes on.
  dispatcher_.hand_back_to_thread();
  return {};
}

Result<void> Api::check_driving() const {
  if (!may_drive_) {
    return Error{
        ErrorCode::invalid_state,
        "events are handled between the steps of this script already; leave this call out"};
  }
  if (is_delivering()) {
    return Error{ErrorCode::invalid_state,
                 "not possible inside a callback: it's from here that callbacks are called"};
  }
  if (!is_waiting_) return {};
  return Error{ErrorCode::invalid_state,
               "not possible in a signal's handler while run or poll waits: that one goes on"};
}

Result<Value> Api::run(const Arguments& arguments) {
  const auto checked = check_driving();
  if (!checked) return checked.error();
  auto served = serve(arguments.flag(0, "threaded", runs_threaded_));
  if (!served) return std::move(served).error();
  return Value{};
}

Result<Value> Api::poll(const Arguments& arguments) {
  const auto checked = check_driving();
  if (!checked) return checked.error();
  const double timeout = arguments.number(0, 0);
  if (timeout > 0 || timeout < 0) {
    const Waiting waiting(*this, false);
    const bool is_endless = timeout < 0 || timeout > longest_wait.count();
    dispatcher_.wait(log_->has_waiting() ? Seconds{0}
                     : is_endless        ? without_end
                                         : Seconds{timeout});
  }
  return integer_value(deliver());
}

// Whoever watches the descriptor polls when there is something to poll for.
Result<Value> Api::fileno(const Arguments&) {
  if (!may_drive_) {
    return Error{
        ErrorCode::invalid_state,
        "events are handled between the steps of this script already; leave this call out"};
  }
  has_driven_ = true;
  return integer_value(dispatcher_.fileno());
}

}  // namespace simws::script
