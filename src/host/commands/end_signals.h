// Ctrl-C, SIGTERM and SIGHUP while a loop runs.
#pragma once

#include <simws/event_loop.h>

namespace simws::host {

// While it lives, the first signal stops the loop, and Ctrl-C after one ends the program at once.
// One at a time in a process.
class EndSignals {
 public:
  // `loop` must outlive it.
  explicit EndSignals(EventLoop& loop);
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;
};

}  // namespace simws::host
