// Signals while a Python program waits for the network.
#pragma once

#include "script/api.h"

#include <vector>

namespace simws::python {

// While it lives, each signal that the program handles ends the waits of `api` besides; so does a
// SIGTERM that would end the program. One at a time in a process; for its main thread. A handler
// that is set meanwhile ends no waits.
class InterruptGuard {
 public:
  explicit InterruptGuard(script::Api& api);
  // What handled the signals before does so again.
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // A SIGTERM came that would have ended the program.
  bool is_terminated() const;

 private:
  std::vector<int> watched_;
};

}  // namespace simws::python
