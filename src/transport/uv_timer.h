// A timer by libuv.
#pragma once

#include "transport/loop.h"
#include "transport/uv_handle.h"

namespace simws::transport {

class UvLoop;

// May be destroyed by its own function. Never early; late by 1 ms at most when the loop is free.
class UvTimer final : public Timer, private HandleOwner {
 public:
  UvTimer(UvLoop& loop, Task on_due);

  void start(Time at) override;
  void stop() override;

 private:
  void loop_ends() override { handle_.reset(); }
  void arm();
  static void fire(uv_timer_t* handle);

  UvLoop& loop_;
  Task on_due_;
  Time at_{};
  HandlePtr<uv_timer_t> handle_;
};

}  // namespace simws::transport
