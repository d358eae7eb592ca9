// What is behind simws::EventLoop.
#pragma once

#include "endpoint/client_parts.h"
#include "endpoint/core.h"
#include "endpoint/turn_end.h"
#include "transport/loop.h"

#include <simws/event_loop.h>

#include <list>
#include <memory>
#include <thread>
#include <utility>

namespace simws {

// Tests stand in for its thread.
class EventLoop::Impl {
 public:
  explicit Impl(std::unique_ptr<transport::Loop> made);
  virtual ~Impl();

  // What servers and clients of this loop share; made when the first of them comes. REQUIRES: there
  // is a loop.
  endpoint::TurnEnd& turn_end();
  endpoint::ClientParts& client_parts();

  // Keeps a stopped server or client until its connections have ended.
  void linger(std::unique_ptr<endpoint::Core> core) noexcept;
  bool is_lingering() const { return !lingering_.empty(); }

  void call_after(Duration delay, transport::Task task);

  // The loop runs on a thread of its own until `join`.
  virtual void start_thread();
  virtual void join();
  virtual bool has_thread() const { return thread_.joinable(); }
  // Runs `task` on that thread and waits for its end.
  virtual void call(const transport::Task& task);

  const std::unique_ptr<transport::Loop> loop;  // null: the system was out of descriptors

 private:
  struct Delayed {
    std::unique_ptr<transport::Timer> timer;
    transport::Task task;
  };

  void forget(endpoint::Core& core);

  std::unique_ptr<endpoint::TurnEnd> turn_end_;
  std::unique_ptr<endpoint::ClientParts> client_parts_;
  OwningList<endpoint::Core> lingering_;
  std::list<Delayed> delayed_;
  std::thread thread_;
  bool thread_ends_ = false;  // the thread's own
};

namespace endpoint {

// What the owner of a server or client has: it's stopped when this goes, and outlives it until its
// connections have ended.
template <typename Kind>
class OwnedCore {
 public:
  OwnedCore(EventLoop::Impl& loop, std::unique_ptr<Kind> core)
      : loop_(loop), core_(std::move(core)) {}
  ~OwnedCore() {
    core_->stop(false);
    loop_.linger(std::move(core_));
  }
  OwnedCore(const OwnedCore&) = delete;
  OwnedCore& operator=(const OwnedCore&) = delete;

  Kind* operator->() const { return core_.get(); }

 private:
  EventLoop::Impl& loop_;
  std::unique_ptr<Kind> core_;
};

}  // namespace endpoint

}  // namespace simws
