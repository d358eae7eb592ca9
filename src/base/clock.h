// Monotonic time: the system clock may be set, this one only goes on.
#pragma once

#include <chrono>

namespace simws {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Clock::duration;

}  // namespace simws
