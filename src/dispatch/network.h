// The event loop of the process, and who drives it: a network thread, or the script's own.
#pragma once

#include <simws/event_loop.h>

#include <functional>
#include <utility>

namespace simws::dispatch {

// One for all scripts of a process. Its functions are the script's thread's to call.
class Network {
 public:
  Network() = default;
  // REQUIRES: no server is left. What stopped servers have queued still leaves, for as long as their
  // close_timeout allows.
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // The loop is driven by the network thread from here on. Nothing changes if it is already.
  void drive_by_thread();
  // The loop belongs to the calling thread from here on, which must `poll` it.
  void drive_by_caller();
  bool is_driven_by_caller() const { return !loop_.has_thread(); }

  // Runs `task` on the loop's thread and waits for its end. At once when the caller drives it.
  void call(const std::function<void()>& task);
  // Runs `task` on the loop's thread soon.
  void post(std::function<void()> task) { loop_.post(std::move(task)); }

  EventLoop& loop() { return loop_; }

 private:
  EventLoop loop_;
};

}  // namespace simws::dispatch
