// Events on their way from the network to the script's thread, in order for each connection and in
// turn over the connections, however much one of them sends.
#pragma once

#include "dispatch/hand_over.h"
#include "dispatch/record.h"

#include <simws/event_loop.h>

#include <atomic>
#include <cstddef>
#include <utility>

namespace simws::dispatch {

// `make` and `push` are the network thread's; all else is the script's, but for what says
// otherwise. Neither waits for the other to hand over or take an event.
class Inbox {
 public:
  // An event as it is made, with the memory of one that was handled.
  QueuedEventPtr make();
  void push(QueuedEventPtr event);

  // Cheap enough for every pass of a simulation. From any thread.
  bool has_events() const { return pushed_.load() != taken_.load(std::memory_order_relaxed); }

  // How many have been taken in all. From any thread.
  std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

  // The next event: the oldest of the connection whose turn it is. Null: none waits.
  QueuedEventPtr take();
  // It couldn't be handled yet, and comes first.
  void put_back(QueuedEventPtr event) noexcept;
  // Of an event that has been handled.
  void give_back(QueuedEventPtr event) noexcept;
  // Drops all events of one server's connections, each told to `dropped` before, which may not
  // throw. Also on the network's thread, while the script's waits for it.
  template <typename Dropped>
  void drop_all_of(EndpointId server, const Dropped& dropped);

  bool is_in_pass() const { return in_pass_.load(std::memory_order_relaxed); }
  // A pass is under way or events wait: the script's thread may hand something over without a
  // wake-up. From any thread.
  bool is_busy() const { return has_events() || is_in_pass(); }
  void set_in_pass(bool in_pass) { in_pass_.store(in_pass, std::memory_order_relaxed); }

  // Waits for an event, at most `timeout` (negative: without end), or until `interrupt`.
  void wait(Seconds timeout);
  // Readable while events wait, once `arm` has been called after the last `take`.
  int fileno() { return waker_.fileno(); }
  void arm();
  // From any thread, and from a signal handler.
  void interrupt() { waker_.stop(); }

 private:
  // Gives each event to its connection. False: nothing more has come.
  bool sort_one();
  QueuedEventPtr pop_of(RecordPtr record);

  HandOver<QueuedEventPtr> arrived_;
  Returns<QueuedEventPtr> handled_;
  RecordRing ring_;  // connections with waiting events, each once
  std::atomic<std::size_t> pushed_{0};
  std::atomic<std::size_t> taken_{0};
  std::atomic<bool> in_pass_{false};
  std::atomic<bool> armed_{false};  // the next event wakes
  EventLoop waker_;                 // nothing but a thing to wait on that works everywhere
};

template <typename Dropped>
void Inbox::drop_all_of(EndpointId server, const Dropped& dropped) {
  while (sort_one()) {
  }
  RecordRing others;
  while (!ring_.empty()) {
    RecordPtr record = ring_.pop();
    if (record->endpoint != server) {
      others.push(std::move(record));
      continue;
    }
    while (!record->waiting.empty()) dropped(*pop_of(record));
  }
  while (!others.empty()) ring_.push(others.pop());
}

}  // namespace simws::dispatch
