// Figures of a server or client that any thread may read and only the loop's thread writes.
#pragma once

#include "base/counter.h"
#include "base/duration_counter.h"

#include <cstddef>
#include <cstdint>

namespace simws::endpoint {

struct Counters {
  Counter<std::size_t> open_connections;
  Counter<std::uint64_t> messages_in;
  Counter<std::uint64_t> messages_out;
  Counter<std::uint64_t> bytes_in;
  Counter<std::uint64_t> bytes_out;
  Counter<std::uint64_t> dropped;
  Counter<std::uint64_t> refused;
};

// What a server has besides: clients may be many.
struct ServerFigures {
  Counter<std::uint64_t> accepted;       // connections
  Counter<std::uint64_t> handshakes;     // that opened a WebSocket
  Counter<std::uint64_t> http_requests;  // that weren't refused
  Counter<std::uint64_t> lines_left_out;
  DurationCounter round_trip;
  // Of what the system didn't take at once: from the end of the turn in which it was left until it
  // was taken, once for all that was left by then.
  DurationCounter queue_wait;
};

}  // namespace simws::endpoint
