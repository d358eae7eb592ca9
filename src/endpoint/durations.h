// Times of options as the clock has them.
#pragma once

#include "base/clock.h"

#include <simws/options.h>

#include <algorithm>

namespace simws::endpoint {

// Beyond this a wait is as good as endless, and the clock's arithmetic stays clear of its end.
constexpr Seconds longest_wait{86400.0 * 365};

// However short, a time is not none.
inline Duration to_duration(Seconds seconds) {
  if (seconds == Seconds{0}) return Duration{0};
  return std::max(Duration{1},
                  std::chrono::duration_cast<Duration>(std::min(seconds, longest_wait)));
}

// After it a connection to which nothing is owed ends, when its server or client does.
constexpr Seconds linger_time{0.3};

}  // namespace simws::endpoint
