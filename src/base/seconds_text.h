// Times, for people.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

namespace simws {

// "0.3 s", in tenths, rounded up.
inline std::string in_seconds(std::chrono::duration<double> time) {
  const auto tenths = static_cast<long long>(std::ceil(std::max(time.count(), 0.0) * 10));
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

// When that is, from now on: "in 0.3 s", or "at once".
inline std::string when(std::chrono::duration<double> time) {
  return time.count() > 0 ? "in " + in_seconds(time) : "at once";
}

}  // namespace simws
