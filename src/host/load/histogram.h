// How long things took, in constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace simws::load {

// Counts times to a part in a thousand, from a nanosecond to four hours; what is beyond counts as
// that. The least and the greatest are exact. Times are in seconds.
class Histogram {
 public:
  void add(double seconds);

  std::uint64_t count() const { return count_; }
  // No numbers when nothing was added.
  double least() const;
  double greatest() const;
  // The smallest time that at least `share` (0 to 1) of all don't exceed (nearest rank).
  double percentile(double share) const;
  // How many are in `from` <= time < `to`.
  std::uint64_t count_between(double from, double to) const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  double least_ = 0;
  double greatest_ = 0;
};

}  // namespace simws::load
