// What a MemoryLoop makes, beside streams.
#pragma once

#include "transport/memory_end.h"
#include "transport/memory_loop.h"

#include <deque>
#include <memory>
#include <utility>

namespace simws::transport {

// Knows its loop for as long as that lives.
class MemoryPart {
 public:
  explicit MemoryPart(MemoryLoopImpl& loop) : loop_(&loop) { loop.add(*this); }
  MemoryPart(const MemoryPart&) = delete;
  MemoryPart& operator=(const MemoryPart&) = delete;

  // The loop ends before this.
  void loop_ends() {
    end();
    loop_ = nullptr;
  }

 protected:
  ~MemoryPart() {
    if (loop_ != nullptr) loop_->remove(*this);
  }
  MemoryLoopImpl* loop() const { return loop_; }

 private:
  // Ends what it does on the loop.
  virtual void end() = 0;

  MemoryLoopImpl* loop_;
};

class MemoryTimer final : public Timer, private MemoryPart {
 public:
  MemoryTimer(MemoryLoopImpl& loop, Task on_due)
      : MemoryPart(loop), on_due_(std::make_shared<Task>(std::move(on_due))) {}
  ~MemoryTimer() override { stop(); }

  void start(Time at) override;
  void stop() override;

  Time at() const { return at_; }
  void fire();

 private:
  void end() override { stop(); }

  std::shared_ptr<Task> on_due_;  // shared: may destroy the timer while it runs
  Time at_{};
};

class MemoryListener final : public Listener, private MemoryPart {
 public:
  // A connection that waits to be taken.
  struct Arrival {
    MemoryEnd end;
    Address from;
  };

  MemoryListener(MemoryLoopImpl& loop, const Address& address, AcceptHandler on_accept);
  ~MemoryListener() override { end(); }

  Address address() const override { return address_; }
  void set_shortage_handler(ShortageHandler on_shortage) override;

  // Whether it listens on that address, or on all.
  bool takes(const Address& to) const;
  void add(Arrival arrival) { waiting_.push_back(std::move(arrival)); }
  bool has_news() const;
  // Tells one thing, if there is any.
  void tell();

 private:
  // Shared: they may destroy the listener while they run.
  struct Handlers {
    AcceptHandler on_accept;
    ShortageHandler on_shortage;
  };

  void end() override;
  void accept_next();
  void tell_shortage(Shortage shortage);

  Address address_;
  std::shared_ptr<Handlers> handlers_;
  std::deque<Arrival> waiting_;
  Shortage told_ = Shortage::none;
};

// Does its work on the loop's thread, in turns of its own.
class MemoryWorkers final : public Workers, private MemoryPart {
 public:
  explicit MemoryWorkers(MemoryLoopImpl& loop) : MemoryPart(loop) {}

  bool add(Task work, Task told) override;

 private:
  void end() override {}

  const std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);  // others know it weakly
};

}  // namespace simws::transport
