// What signals ask a terminal client for.
#pragma once

#include <array>

namespace simws::host {

// While it lives, signals no longer do what they do by themselves. One at a time in a process.
class SignalPipe {
 public:
  SignalPipe();
  ~SignalPipe();
  SignalPipe(const SignalPipe&) = delete;
  SignalPipe& operator=(const SignalPipe&) = delete;

  // Readable when a signal has come.
  int descriptor() const { return ends_[0]; }
  // The number of the next signal that has come; 0: there is none.
  int take();

 private:
  std::array<int, 2> ends_{-1, -1};
};

}  // namespace simws::host
