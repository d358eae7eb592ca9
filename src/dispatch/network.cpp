#include "dispatch/network.h"

#include "base/log.h"
#include "base/restored.h"

#include <functional>
#include <new>

namespace simws::dispatch {

namespace {

// The words are short enough to need none.
Error out_of_memory() {
  return {ErrorCode::unavailable, "out of memory"};
}

Result<void> attempt(const std::function<void()>& task) noexcept {
  try {
    task();
    return {};
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (...) {
    try {
      return Error{ErrorCode::unavailable, "the network could not do it: " + thrown_words()};
    } catch (...) {
      return out_of_memory();
    }
  }
}

}  // namespace

Network::~Network() {
  loop_->stop_thread();
  loop_->drain(longest_drain_);
}

void Network::drive_by_thread() {
  if (driver_ == Driver::thread) return;
  driver_ = Driver::thread;
  try {
    loop_->start_thread();
  } catch (...) {
    // The system gives none: the caller goes on driving.
  }
  if (!loop_->has_thread()) driver_ = Driver::caller_between_turns;
}

void Network::drive_by_caller() {
  if (driver_ != Driver::thread) return;
  loop_->stop_thread();
  driver_ = Driver::caller_between_turns;
}

void Network::turn(Seconds timeout) {
  const Restored<Driver> in_turn(driver_, Driver::caller_in_turn);
  loop_->poll(timeout);
}

Result<void> Network::call_task(const std::function<void()>& task) noexcept {
  Result<void> result;
  const auto run = [&] { result = attempt(task); };
  if (driver_ != Driver::thread) {
    run();
    return result;
  }
  try {
    loop_->call(std::ref(run));
  } catch (...) {
    return out_of_memory();
  }
  return result;
}

}  // namespace simws::dispatch
