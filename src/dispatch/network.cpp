#include "dispatch/network.h"

#include "base/log.h"
#include "base/restored.h"

#include <functional>
#include <new>
#include <system_error>

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

Result<void> Network::drive_by_thread() {
  if (driver_ == Driver::thread) return {};
  driver_ = Driver::thread;  // before the thread asks
  auto started = start_thread();
  if (!loop_->has_thread()) driver_ = Driver::caller_between_turns;
  return started;
}

Result<void> Network::start_thread() noexcept {
  try {
    loop_->start_thread();
    return {};
  } catch (const std::system_error& error) {
    try {
      return Error{ErrorCode::unavailable,
                   "the system has no thread for the network (" + error.code().message() +
                       "): end other programs, or allow more threads (ulimit -u)"};
    } catch (...) {
      return out_of_memory();
    }
  } catch (...) {
    return out_of_memory();
  }
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
