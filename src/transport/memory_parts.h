// What a MemoryLoop makes, beside streams.
#pragma once

#include "transport/memory_loop.h"

#include <memory>

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
  MemoryListener(MemoryLoopImpl& loop, const Address& address, AcceptHandler on_accept);
  ~MemoryListener() override { end(); }

  Address address() const override { return address_; }
  std::unique_ptr<MemoryPeer> accept(const Address& from);

 private:
  void end() override;

  Address address_;
  std::shared_ptr<AcceptHandler> on_accept_;  // shared: may destroy the listener while it runs
};

}  // namespace simws::transport
