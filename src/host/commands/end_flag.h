// Ctrl-C, SIGTERM and SIGHUP for what looks at a flag.
#pragma once

#include <atomic>

namespace simws::host {

// While it lives, the first signal sets the flag and interrupts what waits, and Ctrl-C after one
// ends the program at once. One at a time in a process.
class EndFlag {
 public:
  EndFlag();
  ~EndFlag();
  EndFlag(const EndFlag&) = delete;
  EndFlag& operator=(const EndFlag&) = delete;

  const std::atomic<bool>& flag() const;
};

}  // namespace simws::host
