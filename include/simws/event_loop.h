// Waits for the network and for timers, and calls what they concern.
#pragma once

#include <simws/options.h>

#include <functional>
#include <memory>

namespace simws {

// Belongs to the thread that runs it; before it first runs, to the one that made it. Only `post`
// and `stop` may be called from other threads. What a task throws is logged to standard error and
// survived. A forked process has no use of its parent's loops and servers, and must leave them
// undestroyed (by exec or _exit): the system shares what they wait on.
class EventLoop {
 public:
  // When the system has no descriptor left, the loop does nothing, and Server::listen says so.
  EventLoop();
  // For this library's tests: what is behind it is theirs.
  class Impl;
  explicit EventLoop(std::unique_ptr<Impl> impl);
  // REQUIRES: not running. Servers on this loop must have been destroyed; connections that still
  // send their last bytes are reset.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Runs until `stop`.
  void run();

  // Handles what is pending; waits for it up to `timeout` (negative: without end). Returns early
  // after `stop`.
  void poll(Seconds timeout = Seconds{0});

  // Ends the `run` or `poll` under way after its turn; where none is, the next one. A thread of the
  // loop's own goes on. From any thread, and from a signal handler.
  void stop();

  // Runs the loop on a thread of its own, which takes no signals; the loop then belongs to it.
  // REQUIRES: not running.
  void start_thread();
  // Ends that thread after the turn under way and waits for it; the loop then belongs to the
  // caller.
  void stop_thread();
  bool has_thread() const;
  // Runs `task` on that thread and waits for its end. REQUIRES: there is one, and this isn't it;
  // the task throws nothing.
  void call(const std::function<void()>& task);

  // Runs `task` on the loop's thread in its next turn, in the order posted. From any thread.
  void post(std::function<void()> task);

  // Runs `task` once on the loop's thread, `delay` from now.
  void call_after(Seconds delay, std::function<void()> task);

  // Runs until the connections of stopped servers have sent their last bytes, `limit` at most.
  void drain(Seconds limit);

  // A descriptor that is readable when `poll` has something to do (not for timers: wait no longer
  // than `next_timeout`), or -1 where the system has none.
  int fileno() const;

  // Until the next timer is due; negative: no timer is set.
  Seconds next_timeout() const;

  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace simws
