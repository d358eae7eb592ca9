#include "protocol/traffic_counter.h"

#include <algorithm>

namespace simws::protocol {

Traffic TrafficCounter::traffic(Time now) const {
  Traffic traffic;
  traffic.messages_in = messages_in.get();
  traffic.messages_out = messages_out.get();
  traffic.bytes_in = bytes_in.get();
  traffic.bytes_out = bytes_out.get();
  traffic.dropped = dropped.get();
  if (const Duration since{waiting_since_.get()}; since != Duration{}) {
    traffic.queue_age = std::max(now.time_since_epoch() - since, Duration{});
  }
  return traffic;
}

}  // namespace simws::protocol
