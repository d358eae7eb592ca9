// What a server has done, and how it is.
#pragma once

#include <simws/broker.h>
#include <simws/histogram.h>
#include <simws/options.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace simws {

struct ServerInfo {
  std::string host;  // as listened on: "127.0.0.1", "*", ...
  int port = 0;
  bool tls = false;
  std::size_t connections = 0;  // open ones
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;   // of the network
  std::uint64_t bytes_out = 0;  // of the network
  std::uint64_t dropped = 0;    // messages that were queued and could not be sent
  std::uint64_t refused = 0;    // attempts that did not become open, and refused HTTP requests
  std::size_t queued_bytes = 0;
  Seconds uptime{0};
  std::uint64_t accepted = 0;        // connections, whatever became of them
  std::uint64_t handshakes = 0;      // that opened a WebSocket
  std::uint64_t http_requests = 0;   // without those that were refused
  std::uint64_t lines_left_out = 0;  // of the log: peers can't cause more than ten in a second
  std::size_t pending_bytes = 0;     // received and not handled, see max_pending_bytes
  std::size_t retained_bytes = 0;    // of topics, see max_total_retained_bytes
  std::optional<BrokerInfo> broker;  // none: there's none
  Histogram round_trip;              // of pings, and of what stands for them with topics
  // How long what the system didn't take at once has waited, once for all that a turn has left.
  Histogram queue_wait;
  // Of a script: passes over waiting events, callbacks, and by how much steps came too late.
  Histogram pass_time;
  Histogram callback_time;
  Histogram step_lateness;
};

}  // namespace simws
