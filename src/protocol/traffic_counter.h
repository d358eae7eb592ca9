// Counts what goes over one connection: the network's thread does, any may ask.
#pragma once

#include "base/clock.h"
#include "base/counter.h"

#include <simws/traffic.h>

#include <cstdint>

namespace simws::protocol {

struct TrafficCounter {
  Counter<std::uint64_t> messages_in;
  Counter<std::uint64_t> messages_out;
  Counter<std::uint64_t> bytes_in;
  Counter<std::uint64_t> bytes_out;
  Counter<std::uint64_t> dropped;

  // Since when the oldest byte waits that has not been sent; `Time{}`: none does.
  void set_waiting_since(Time since) { waiting_since_.set(since.time_since_epoch().count()); }

  Traffic traffic(Time now) const;

 private:
  Counter<Duration::rep> waiting_since_;
};

}  // namespace simws::protocol
