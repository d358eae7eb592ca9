// What the load generator is asked for, whatever the kind of load.
#pragma once

#include "load/batch.h"
#include "load/door.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace bench {

struct LoadOptions {
  int port = 0;
  const Door* door = nullptr;  // clients come in here, and are measured; null: a server is
  pid_t server = 0;            // whose time, memory and page faults are measured; 0: none
  std::size_t connections = 64;
  std::size_t size = 64;     // of a message, in bytes
  std::size_t pipeline = 1;  // messages in flight: of a connection, or of all with a fan-out
  Payload payload = Payload::ascii;
  bool raw = false;            // messages without WebSocket
  bool deflate = false;        // offers permessage-deflate, which the server must agree to
  bool in_context = false;     // with contexts taken over
  double warm_up = 0.3;        // seconds before the measured part
  double seconds = 1;          // of the measured part
  std::uint64_t messages = 0;  // ends the measured part earlier; 0: no limit

  double rate = 1000;            // messages a second, where a schedule says when they're sent
  std::size_t slow = 0;          // viewers that read slowly, besides the others
  double slow_rate = 1'000'000;  // bytes a second that one of these reads
  bool waits = false;            // sleeps until something comes or is due, instead of spinning
  bool hold = false;             // idle connections stay until standard input ends
};

}  // namespace bench
