#include "host/commands/edge/simulation_clock.h"

#include <algorithm>
#include <utility>

namespace simws::host {

namespace {

constexpr std::chrono::minutes lately{10};

}  // namespace

bool SimulationClock::note(Milliseconds sent, Milliseconds now) {
  if (!since_ || now - *since_ > lately || now < *since_) {
    since_ = now;
    least_before_ = std::exchange(least_, none);
  }
  least_ = std::min(least_, now - sent);
  return std::exchange(lead_, -std::min(least_, least_before_)) != lead_;
}

}  // namespace simws::host
