// An event loop on the network in memory, whose turns are run by the test: those of its thread too.
#pragma once

#include "endpoint/event_loop.h"
#include "transport/memory.h"

#include <memory>
#include <utility>

namespace simws::endpoint::test {

// Its thread does nothing but what the test has it do: `memory().turn()` and the like.
class SteppedLoop final : public EventLoop::Impl {
 public:
  // `made` runs its turns as `memory` does, which it may be itself.
  SteppedLoop(std::unique_ptr<transport::Loop> made, transport::MemoryLoop& memory)
      : Impl(std::move(made)), memory_(memory) {}
  static std::unique_ptr<SteppedLoop> make() {
    auto loop = transport::MemoryLoop::make();
    transport::MemoryLoop& memory = *loop;
    return std::make_unique<SteppedLoop>(std::move(loop), memory);
  }

  transport::MemoryLoop& memory() { return memory_; }

  void start_thread() override { has_thread_ = true; }
  void join() override { has_thread_ = false; }
  bool has_thread() const override { return has_thread_; }
  void call(const transport::Task& task) override {
    bool done = false;
    loop->post([&] {
      task();
      done = true;
    });
    while (!done && memory_.turn()) {
    }
  }

 private:
  transport::MemoryLoop& memory_;
  bool has_thread_ = false;
};

}  // namespace simws::endpoint::test
