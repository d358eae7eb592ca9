// Workers that are threads: of our own, as libuv's pool lets no loop close while it's at work.
#pragma once

#include "transport/loop.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace simws::transport {

class WorkCrew;

// Threads start as they are needed, and end when they had nothing to do for a while. One that waits
// for the system can't be stopped: it may outlive all else, and then tells nobody.
class ThreadWorkers final : public Workers {
 public:
  ThreadWorkers(Loop& loop, std::size_t most);
  ~ThreadWorkers() override;
  ThreadWorkers(const ThreadWorkers&) = delete;
  ThreadWorkers& operator=(const ThreadWorkers&) = delete;

  bool add(Task work, Task told) override;

  // For a loop that ends before this.
  std::weak_ptr<WorkCrew> crew() const { return crew_; }

 private:
  const std::shared_ptr<WorkCrew> crew_;
};

// What the threads and the loop's share.
class WorkCrew : public std::enable_shared_from_this<WorkCrew> {
 public:
  WorkCrew(Loop& loop, std::size_t most) : most_(most), loop_(&loop) {}

  bool add(Task work, Task told);
  // Nothing is begun or told any more.
  void abandon();

 private:
  struct Job {
    Task work;
    Task told;
  };

  bool start_one();
  void run();
  std::optional<Job> next();
  bool is_abandoned();
  void tell(Job job);

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Loop* loop_;               // guarded by mutex_; null: abandoned
  std::deque<Job> jobs_;     // guarded by mutex_
  std::size_t threads_ = 0;  // guarded by mutex_
  std::size_t idle_ = 0;     // of these; guarded by mutex_
};

}  // namespace simws::transport
