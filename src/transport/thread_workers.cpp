#include "transport/thread_workers.h"

#include "base/thread.h"
#include "transport/task_queue.h"

#include <chrono>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

namespace simws::transport {

namespace {

constexpr auto longest_idle = std::chrono::seconds(10);

}  // namespace

ThreadWorkers::ThreadWorkers(Loop& loop, std::size_t most)
    : crew_(std::make_shared<WorkCrew>(loop, most)) {}

ThreadWorkers::~ThreadWorkers() {
  crew_->abandon();
}

bool ThreadWorkers::add(Task work, Task told) {
  return crew_->add(std::move(work), std::move(told));
}

bool WorkCrew::add(Task work, Task told) {
  const std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return false;
  jobs_.push_back({std::move(work), std::move(told)});
  if (jobs_.size() <= idle_) {
    changed_.notify_one();
    return true;
  }
  if (threads_ == most_ || start_one() || threads_ > 0) return true;
  jobs_.pop_back();
  return false;
}

bool WorkCrew::start_one() {
  try {
    start_unawaited_thread([self = shared_from_this()] { self->run(); });
  } catch (const std::system_error&) {
    return false;
  }
  ++threads_;
  return true;
}

void WorkCrew::abandon() {
  const std::lock_guard lock(mutex_);
  loop_ = nullptr;
  changed_.notify_all();
}

// What isn't begun any more is destroyed here too: that may wait for the system as well.
void WorkCrew::run() {
  while (std::optional<Job> job = next()) {
    if (is_abandoned()) continue;
    run_task(job->work);
    job->work = nullptr;
    tell(std::move(*job));
  }
}

std::optional<WorkCrew::Job> WorkCrew::next() {
  std::unique_lock lock(mutex_);
  ++idle_;
  changed_.wait_for(lock, longest_idle, [this] { return !jobs_.empty() || loop_ == nullptr; });
  --idle_;
  if (jobs_.empty()) {
    --threads_;
    return std::nullopt;
  }
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

bool WorkCrew::is_abandoned() {
  const std::lock_guard lock(mutex_);
  return loop_ == nullptr;
}

// Somebody waits for it: where there's no memory for a task of the loop, it's told later.
void WorkCrew::tell(Job job) {
  while (job.told) {
    try {
      const std::lock_guard lock(mutex_);
      if (loop_ != nullptr) loop_->post(job.told);
      return;
    } catch (const std::bad_alloc&) {
      std::this_thread::yield();
    }
  }
}

}  // namespace simws::transport
