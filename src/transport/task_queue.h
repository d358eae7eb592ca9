// Tasks handed to a loop by any thread.
#pragma once

#include "transport/loop.h"

#include <mutex>
#include <vector>

namespace simws::transport {

// For a catch block: what is being thrown is logged to standard error, if there's memory for it.
void log_thrown_by_task() noexcept;

// Runs something of the loop's users'. What it throws is logged, and goes no further: not through
// libuv's frames.
template <typename Work>
void run_task(Work&& task) noexcept {
  try {
    task();
  } catch (...) {
    log_thrown_by_task();
  }
}

// `push` may be called from any thread, the rest belongs to the loop's.
class TaskQueue {
 public:
  // While few wait, `push` needs no memory but what the task holds.
  TaskQueue();
  // True when the queue was empty: the loop has to be woken.
  bool push(Task task);
  bool empty() const;
  // Runs what is queued at the moment, in order; what these tasks push waits for the next call.
  // Returns whether there was any.
  bool run();
  // Drops what is queued.
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<Task> queued_;   // guarded by mutex_
  std::vector<Task> running_;  // empty between runs; keeps its memory
};

}  // namespace simws::transport
