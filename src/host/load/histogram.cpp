#include "host/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace simws::load {
namespace {

// Each power of two of nanoseconds has so many buckets.
constexpr std::uint64_t steps = 1024;
constexpr int step_bits = 11;  // of numbers from `steps` on, below twice that
constexpr double longest = 14'400;

std::uint64_t nanoseconds(double seconds) {
  return static_cast<std::uint64_t>(std::clamp(seconds, 0.0, longest) * 1e9);
}

int exponent_of(std::uint64_t value) {
  return std::max(static_cast<int>(std::bit_width(value)) - step_bits, 0);
}

std::size_t bucket_of(std::uint64_t value) {
  const int exponent = exponent_of(value);
  return static_cast<std::size_t>(exponent) * steps + static_cast<std::size_t>(value >> exponent);
}

// In the middle of a bucket, in seconds.
double time_of(std::size_t bucket) {
  if (bucket < 2 * steps) return static_cast<double>(bucket) * 1e-9;
  const int exponent = static_cast<int>(bucket / steps) - 1;
  const double begin = static_cast<double>(bucket - static_cast<std::size_t>(exponent) * steps);
  return std::ldexp(begin + 0.5, exponent) * 1e-9;
}

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void Histogram::add(double seconds) {
  if (counts_.empty()) counts_.resize(bucket_of(nanoseconds(longest)) + 1);
  ++counts_[bucket_of(nanoseconds(seconds))];
  least_ = count_ == 0 ? seconds : std::min(least_, seconds);
  greatest_ = count_ == 0 ? seconds : std::max(greatest_, seconds);
  ++count_;
}

double Histogram::least() const {
  return count_ == 0 ? nothing : least_;
}

double Histogram::greatest() const {
  return count_ == 0 ? nothing : greatest_;
}

double Histogram::percentile(double share) const {
  if (count_ == 0) return nothing;
  // Less than one part in 10^9: 0.99 * 100 is a little more than 99.
  const double rank = std::max(std::ceil(share * static_cast<double>(count_) - 1e-9), 1.0);
  if (rank >= static_cast<double>(count_)) return greatest_;
  double seen = 0;
  std::size_t bucket = 0;
  while ((seen += static_cast<double>(counts_[bucket])) < rank) ++bucket;
  return std::clamp(time_of(bucket), least_, greatest_);
}

std::uint64_t Histogram::count_between(double from, double to) const {
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    const double time = time_of(bucket);
    if (time >= from && time < to) count += counts_[bucket];
  }
  return count;
}

}  // namespace simws::load
