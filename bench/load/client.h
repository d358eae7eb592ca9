// Drives many connections at once against an echo server and measures what the server pays.
#pragma once

#include "load/batch.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace bench {

struct LoadOptions {
  int port = 0;
  pid_t server = 0;  // whose processor time is measured; 0: none
  std::size_t connections = 64;
  std::size_t size = 64;     // of a message, in bytes
  std::size_t pipeline = 1;  // messages in flight per connection
  Payload payload = Payload::ascii;
  bool raw = false;            // messages without WebSocket
  double warm_up = 0.3;        // seconds before the measured part
  double seconds = 1;          // of the measured part
  std::uint64_t messages = 0;  // ends the measured part earlier; 0: no limit
};

struct LoadResult {
  std::uint64_t messages = 0;  // echoed in the measured part
  double seconds = 0;
  double server_seconds = 0;  // processor time of all threads, user and system
  double client_seconds = 0;
};

// Each connection sends its whole pipeline in one write and the next one when all of it came back:
// with a pipeline of 16 the server finds up to 16 messages in one read. Every byte that comes back
// is compared; a difference, or a connection that ends, ends the program with an error.
LoadResult run_load(const LoadOptions& options);

// Opens the connections, prints "open <count>", and keeps them until standard input ends.
void hold_idle(const LoadOptions& options);

}  // namespace bench
