// A timer of the system that the loop watches: libuv's own count whole milliseconds.
#pragma once

#include "base/clock.h"
#include "transport/loop.h"
#include "transport/watches.h"

#include <utility>

namespace simws::transport {

class ExactTimer final : private Watched {
 public:
  explicit ExactTimer(Task on_due) : on_due_(std::move(on_due)) {}
  // REQUIRES: the watches have ended.
  ~ExactTimer();
  ExactTimer(const ExactTimer&) = delete;
  ExactTimer& operator=(const ExactTimer&) = delete;

  // With the loop, not when it's first needed: descriptors may be short then. False: this system
  // has no such timer, or no descriptor is left.
  bool open(Watches& watches);
  // Calls `on_due` once, after so long, unless it's started anew or stopped before. False: it isn't
  // open.
  bool start(Duration after);
  void stop();

 private:
  void on_ready(Events events) override;
  void loop_ends() override;

  const Task on_due_;
  Watches* watches_ = nullptr;  // null: it isn't open
  Descriptor descriptor_ = no_descriptor;
};

}  // namespace simws::transport
