// The event loop of the process, and who drives it: a network thread, or the script's own.
#pragma once

#include <simws/event_loop.h>
#include <simws/result.h>

#include <functional>
#include <memory>
#include <utility>

namespace simws::dispatch {

enum class Driver {
  thread,                // a thread of the network's own
  caller_between_turns,  // the script's thread, which doesn't at the moment
  caller_in_turn,        // the script's thread, in a turn of the loop
};

// One for all scripts of a process. Its functions are the script's thread's to call.
//
//   caller_between_turns ──drive_by_thread──▶ thread
//     ▲ │ ▲──────────────drive_by_caller───────┘
//     │ └── turn ──▶ caller_in_turn
//     └── its end ────────┘
class Network {
 public:
  // `longest_drain`: see the destructor; as it is, it only bounds what close_timeouts ask for.
  explicit Network(std::unique_ptr<EventLoop> loop = std::make_unique<EventLoop>(),
                   Seconds longest_drain = Seconds{60})
      : loop_(std::move(loop)), longest_drain_(longest_drain) {}
  // REQUIRES: no server is left. What stopped servers have queued still leaves, for as long as
  // their close_timeout allows, and `longest_drain` at most.
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Changed by the script's thread only, and while it drives: so both threads may ask.
  Driver driver() const { return driver_; }
  bool is_driven_by_caller() const { return driver_ != Driver::thread; }
  // REQUIRES: not in a turn. Error: the system gives no thread, and the caller drives on.
  Result<void> drive_by_thread();
  void drive_by_caller();

  // A turn on the calling thread, as EventLoop::poll. REQUIRES: the caller drives.
  void turn(Seconds timeout);

  // Runs `task` on the loop's thread and waits for its end. At once when the caller drives it.
  // Error: it threw, or there was no memory for the call. Never throws.
  template <typename Task>
  Result<void> call(const Task& task) noexcept {
    return call_task(std::cref(task));  // whatever it captures, this needs no memory
  }
  // Runs `task` on the loop's thread soon.
  void post(std::function<void()> task) { loop_->post(std::move(task)); }

  EventLoop& loop() { return *loop_; }

 private:
  Result<void> start_thread() noexcept;
  Result<void> call_task(const std::function<void()>& task) noexcept;

  const std::unique_ptr<EventLoop> loop_;
  const Seconds longest_drain_;
  Driver driver_ = Driver::caller_between_turns;
};

}  // namespace simws::dispatch
