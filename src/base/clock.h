// Monotonic time: the system clock may be set, this one only goes on.
#pragma once

#include <chrono>

namespace simws {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

// The system's clock, in milliseconds since 1970, with fractions.
inline double unix_milliseconds() {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  return Milliseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace simws
