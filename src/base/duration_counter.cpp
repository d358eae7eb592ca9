#include "base/duration_counter.h"

#include <numeric>

namespace simws {

namespace {

std::chrono::duration<double> seconds_of(std::uint64_t nanoseconds) {
  return std::chrono::duration<double>{static_cast<double>(nanoseconds) / 1e9};
}

}  // namespace

Histogram DurationCounter::histogram() const {
  Histogram histogram;
  for (std::size_t i = 0; i < counts_.size(); ++i) histogram.counts[i] = counts_[i].get();
  histogram.sum = seconds_of(sum_.get());
  histogram.longest = seconds_of(longest_.get());
  return histogram;
}

std::uint64_t Histogram::count() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// Within the bounds between which it lies they are taken for evenly spread.
std::chrono::duration<double> Histogram::quantile(double share) const {
  const double wanted = share * static_cast<double>(count());
  double before = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (here > 0 && before + here >= wanted) {
      const double least = i == 0 ? 0 : bound(i - 1);
      const double most = i == bounds ? longest.count() : std::min(bound(i), longest.count());
      const double part = std::max((wanted - before) / here, 0.0);
      return std::chrono::duration<double>{least + (most - least) * part};
    }
    before += here;
  }
  return std::chrono::duration<double>{0};
}

}  // namespace simws
