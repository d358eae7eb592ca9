// A timer of the system that libuv watches: libuv's own count whole milliseconds.
#pragma once

#include "base/clock.h"

#include <uv.h>

namespace simws::transport {

class ExactTimer {
 public:
  // Its handle's `data` is what is given, with which the loop's end closes it.
  ExactTimer(uv_loop_t& loop, void* data) : loop_(loop) { handle_.data = data; }
  // REQUIRES: the handle is closed.
  ~ExactTimer();
  ExactTimer(const ExactTimer&) = delete;
  ExactTimer& operator=(const ExactTimer&) = delete;

  // With the loop, not when it's first needed: descriptors may be short then. False: this system
  // has no such timer, or no descriptor is left.
  bool open();
  // Calls `on_due` once, after so long, unless it's started anew or stopped before; `on_due` calls
  // `stop`. False: it isn't open.
  bool start(Duration after, uv_poll_cb on_due);
  void stop();

 private:
  uv_loop_t& loop_;
  uv_poll_t handle_{};
  int descriptor_ = -1;
};

}  // namespace simws::transport
