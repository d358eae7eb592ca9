// Events on their way from the network to the script's thread, in order for each connection and in
// turn over the connections, however much one of them sends.
#pragma once

#include "dispatch/record.h"

#include <simws/event_loop.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace simws::dispatch {

// `push` and `detach` are the network thread's; all else is the script's, but for what says otherwise.
class Inbox {
 public:
  void push(const RecordPtr& record, QueuedEvent event);
  // The record's connection is going.
  void detach(Record& record);

  // Cheap enough for every pass of a simulation.
  bool has_events() const { return waiting_.load(std::memory_order_acquire) != 0; }

  // The next event: the oldest of the connection whose turn it is.
  std::optional<std::pair<RecordPtr, QueuedEvent>> take();
  // Takes all events of one server's connections.
  std::vector<std::pair<RecordPtr, QueuedEvent>> take_all_of(ServerId server);

  // Queued bytes and round-trip time of a connection that may be going at the moment.
  void read_gauges(const Record& record, ConnectionInfo& info);

  // A pass is under way or events wait: the script's thread may hand something over without a
  // wake-up. From any thread.
  bool is_busy() const { return has_events() || in_pass_.load(std::memory_order_relaxed); }
  void set_in_pass(bool in_pass) { in_pass_.store(in_pass, std::memory_order_relaxed); }

  // Waits for an event, at most `timeout` (negative: without end), or until `interrupt`.
  void wait(Seconds timeout);
  // Readable while events wait, once `arm` has been called after the last `take`.
  int fileno() { return waker_.fileno(); }
  void arm();
  // From any thread, and from a signal handler.
  void interrupt() { waker_.stop(); }

 private:
  std::mutex mutex_;
  std::deque<RecordPtr> ring_;  // connections with waiting events, each once
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> in_pass_{false};
  std::atomic<bool> armed_{false};  // the next event wakes
  EventLoop waker_;                 // nothing but a thing to wait on that works everywhere
};

}  // namespace simws::dispatch
