#include "dispatch/network.h"

#include "base/log.h"
#include "base/restored.h"

#include <future>

namespace simws::dispatch {

namespace {

// Each stopped connection has its own close_timeout; this only bounds what they ask for.
constexpr Seconds longest_drain{60};

}  // namespace

Network::~Network() {
  loop_.stop_thread();
  loop_.drain(longest_drain);
}

void Network::drive_by_thread() {
  if (driver_ == Driver::thread) return;
  driver_ = Driver::thread;
  loop_.start_thread();
  if (!loop_.has_thread()) driver_ = Driver::caller_between_turns;
}

void Network::drive_by_caller() {
  if (driver_ != Driver::thread) return;
  loop_.stop_thread();
  driver_ = Driver::caller_between_turns;
}

void Network::turn(Seconds timeout) {
  const Restored<Driver> in_turn(driver_, Driver::caller_in_turn);
  loop_.poll(timeout);
}

Result<void> Network::call(const std::function<void()>& task) {
  const auto run = [&task]() -> Result<void> {
    try {
      task();
      return {};
    } catch (...) {
      return Error{ErrorCode::unavailable, "the network could not do it: " + thrown_words()};
    }
  };
  if (driver_ != Driver::thread) return run();
  std::promise<Result<void>> done;
  loop_.post([&] { done.set_value(run()); });
  return done.get_future().get();
}

}  // namespace simws::dispatch
