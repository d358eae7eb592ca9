// What is behind simws::EventLoop.
#pragma once

#include "base/random.h"
#include "endpoint/core.h"
#include "endpoint/turn_end.h"
#include "protocol/masking_keys.h"
#include "transport/loop.h"

#include <simws/event_loop.h>

#include <list>
#include <memory>
#include <thread>

namespace simws {

// Tests stand in for its thread.
class EventLoop::Impl {
 public:
  // Of one: in a node of its own, so that moving it here needs no memory.
  using CoreList = std::list<std::unique_ptr<endpoint::Core>>;

  explicit Impl(std::unique_ptr<transport::Loop> made);
  virtual ~Impl();

  // Keeps a stopped server or client until its connections have ended.
  void linger(CoreList core) noexcept;
  bool is_lingering() const { return !lingering_.empty(); }

  void call_after(Duration delay, transport::Task task);

  // The loop runs on a thread of its own until `join`.
  virtual void start_thread();
  virtual void join();
  virtual bool has_thread() const { return thread_.joinable(); }
  // Runs `task` on that thread and waits for its end.
  virtual void call(const transport::Task& task);

  const std::unique_ptr<transport::Loop> loop;        // null: the system was out of descriptors
  const std::unique_ptr<endpoint::TurnEnd> turn_end;  // null likewise
  SystemRandom random;                                // of clients, and
  protocol::RandomMaskingKeys masking_keys{random};

 private:
  struct Delayed {
    std::unique_ptr<transport::Timer> timer;
    transport::Task task;
  };

  void forget(const endpoint::Core* core);

  CoreList lingering_;
  std::list<Delayed> delayed_;
  std::thread thread_;
  bool thread_ends_ = false;  // the thread's own
};

}  // namespace simws
