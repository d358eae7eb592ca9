// Ctrl-C and SIGTERM while a program waits for the network.
#pragma once

#include "script/api.h"

namespace simws::lua {

// While it lives, SIGINT and SIGTERM end the waits of `api` instead of the program. One at a time
// in a process. Signals that were ignored stay ignored.
class InterruptGuard {
 public:
  explicit InterruptGuard(script::Api& api);
  // What handled the signals before does so again.
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // The signal that came; 0: none.
  int signal() const;

 private:
  using Handler = void (*)(int);
  Handler previous_interrupt_;
  Handler previous_terminate_;
};

}  // namespace simws::lua
