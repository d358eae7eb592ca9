// What the load generator is asked for, whatever the kind of load.
#pragma once

#include "host/load/batch.h"
#include "host/load/figures.h"

#include <simws/http.h>

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace simws::load {

class Door;

struct LoadOptions {
  std::string uri;             // where to; empty: clients are measured, which come to `door`
  const Door* door = nullptr;  // must outlive the load
  HeaderList headers;          // of the request
  std::vector<std::string> subprotocols;
  std::string origin;
  std::string ca;        // of wss: whom to trust; empty: the system's authorities
  bool verify = true;    // of wss
  double patience = 10;  // seconds to wait for a connection, and for any answer
  pid_t server = 0;      // whose time, memory and page faults are measured; 0: none
  std::size_t connections = 64;
  std::size_t size = 64;     // of a message, in bytes
  std::size_t pipeline = 1;  // messages in flight: of a connection, or of all with a fan-out
  Payload payload = Payload::ascii;
  bool raw = false;            // messages without WebSocket
  bool deflate = false;        // offers permessage-deflate
  bool in_context = false;     // with contexts taken over
  double warm_up = 0.3;        // seconds before the measured part
  double seconds = 1;          // of the measured part
  std::uint64_t messages = 0;  // ends the measured part earlier; 0: no limit

  bool sends = false;               // one connection sends what all get, else nobody (fan-out, age)
  std::vector<std::string> topics;  // subscribed to by simws.topics.1, where nobody sends
  double rate = 1000;               // messages a second, where a schedule says when they're sent
  std::size_t slow = 0;             // viewers that read slowly, besides the others
  double slow_rate = 1'000'000;     // bytes a second that one of these reads
  bool waits = false;               // sleeps until something comes or is due, instead of spinning

  // Idle connections stay open until it returns. Empty: no longer.
  std::function<void(const Figures&)> while_open;
  // Set from outside: ends the measured part at once. Null: nothing does.
  const std::atomic<bool>* end = nullptr;

  bool is_ended() const { return end && *end; }
};

}  // namespace simws::load
