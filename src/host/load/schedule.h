// When messages are due, whatever the server does.
#pragma once

#include <cstdint>

namespace simws::load {

// A load that waits for answers sends nothing while the server stalls, so the stall counts as one
// late answer (coordinated omission). Here message i is due at a fixed time, and its latency counts
// from that time, also when it could only be sent later. Times are in seconds.
class Schedule {
 public:
  Schedule(double start, double rate) : start_(start), rate_(rate) {}

  double time_of(std::uint64_t index) const { return start_ + static_cast<double>(index) / rate_; }
  // How many messages are due at `now`: those with a time up to it.
  std::uint64_t due(double now) const;

 private:
  double start_;
  double rate_;
};

}  // namespace simws::load
