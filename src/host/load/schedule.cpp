#include "host/load/schedule.h"

namespace simws::load {

std::uint64_t Schedule::due(double now) const {
  if (now < start_) return 0;
  auto count = static_cast<std::uint64_t>((now - start_) * rate_);
  // What rounding took or gave: `time_of` decides.
  while (time_of(count) <= now) ++count;
  while (count > 0 && time_of(count - 1) > now) --count;
  return count;
}

}  // namespace simws::load
