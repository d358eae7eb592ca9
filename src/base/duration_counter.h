// Counts how long things took: a few instructions for each, no lock, no memory.
#pragma once

#include "base/clock.h"
#include "base/counter.h"

#include <simws/histogram.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace simws {

// One thread observes, any may ask for the histogram.
class DurationCounter {
 public:
  // One that stands for `times` of them took so long; less than nothing counts as nothing.
  void observe(Duration took, std::uint64_t times = 1) {
    using std::chrono::nanoseconds;
    const auto rounded = std::chrono::duration_cast<nanoseconds>(took).count();
    const auto length = static_cast<std::uint64_t>(std::max<nanoseconds::rep>(rounded, 0));
    counts_[place_of(length)].add(times);
    sum_.add(length * times);
    if (length > longest_.get()) longest_.set(length);
  }

  Histogram histogram() const;

 private:
  // Up to a bound includes it.
  static std::size_t place_of(std::uint64_t nanoseconds) {
    const std::uint64_t microseconds = nanoseconds == 0 ? 0 : (nanoseconds - 1) / 1000;
    return std::min(static_cast<std::size_t>(std::bit_width(microseconds)), Histogram::bounds);
  }

  std::array<Counter<std::uint64_t>, Histogram::bounds + 1> counts_;
  Counter<std::uint64_t> sum_;  // in nanoseconds
  Counter<std::uint64_t> longest_;
};

}  // namespace simws
