#include "transport/task_queue.h"

#include "base/log.h"

#include <utility>

namespace simws::transport {

void log_thrown_by_task() noexcept {
  try {
    make_stderr_logger()(LogLevel::error, "a task of the event loop threw: " + thrown_words());
  } catch (...) {
    // There's no memory for a line.
  }
}

TaskQueue::TaskQueue() {
  constexpr std::size_t few = 16;
  queued_.reserve(few);
  running_.reserve(few);
}

bool TaskQueue::push(Task task) {
  const std::lock_guard lock(mutex_);
  queued_.push_back(std::move(task));
  return queued_.size() == 1;
}

bool TaskQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return queued_.empty();
}

bool TaskQueue::run() {
  {
    const std::lock_guard lock(mutex_);
    queued_.swap(running_);
  }
  for (Task& task : running_) {
    run_task(task);
    task = nullptr;
  }
  const bool had_any = !running_.empty();
  running_.clear();
  return had_any;
}

void TaskQueue::clear() {
  std::vector<Task> dropped;  // destroyed unlocked: what a task owns may post
  {
    const std::lock_guard lock(mutex_);
    queued_.swap(dropped);
  }
}

}  // namespace simws::transport
