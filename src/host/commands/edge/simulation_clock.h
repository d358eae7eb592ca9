// How far a simulation's clock is ahead of this machine's, as its messages tell.
#pragma once

#include <chrono>
#include <limits>
#include <optional>

namespace simws::host {

// The messages that took least tell it best. What a clock's difference was is forgotten after ten
// to twenty minutes in which others came.
class SimulationClock {
 public:
  using Milliseconds = std::chrono::duration<double, std::milli>;

  // A message that has just been published, at `sent` by that clock, came at `now` by ours: both
  // since 1970. True: the lead is another one.
  bool note(Milliseconds sent, Milliseconds now);
  // It's another machine's from here on, perhaps.
  void reset() { *this = SimulationClock(); }

  // 0 as long as nothing is known: most clocks are right.
  Milliseconds lead() const { return lead_; }

 private:
  static constexpr Milliseconds none{std::numeric_limits<double>::infinity()};

  Milliseconds lead_{0};
  Milliseconds least_ = none;  // that a message took by both clocks, since then
  Milliseconds least_before_ = none;
  std::optional<Milliseconds> since_;
};

}  // namespace simws::host
