// Ctrl-C and SIGTERM while a program waits for the network.
#pragma once

#include "script/api.h"

namespace simws::lua {

// While it lives, the first SIGINT or SIGTERM ends the waits of `api` instead of the program;
// another one goes to what handled the signal before, so a script that is busy can still be ended.
// One at a time in a process. Signals that were ignored stay ignored.
class InterruptGuard {
 public:
  explicit InterruptGuard(script::Api& api);
  // What handled the signals before does so again.
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // The signal that came; 0: none.
  int signal() const;
};

}  // namespace simws::lua
