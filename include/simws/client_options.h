// What can be set when a client connects. Times are in seconds, sizes in bytes.
#pragma once

#include <simws/compression.h>
#include <simws/http.h>
#include <simws/log.h>
#include <simws/options.h>
#include <simws/tls.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simws {

// When a client tries again: each delay is the one before times `factor`, from `initial` up to
// `max`, and then times a uniform 1 +- jitter. A connection that stayed open for `max` begins anew.
struct Reconnect {
  Seconds initial{0.5};
  Seconds max{30};
  double factor = 2;
  double jitter = 0.3;
  std::uint64_t attempts = 0;  // in a row, then no more; 0: no end

  bool operator==(const Reconnect&) const = default;
};

struct ClientOptions {
  // Fields of the request, besides those of the handshake.
  HeaderList headers;
  // Subprotocols the client speaks, best first.
  std::vector<std::string> subprotocols;
  std::string origin;  // empty: none is sent
  std::string user_agent = "simWS";
  // None: it isn't offered. Otherwise messages are compressed where the server agrees.
  std::optional<Compression> compression;

  Seconds connect_timeout{10};  // from the name's lookup until open, redirects included
  std::size_t max_message_size = 32u << 20;
  // Sent but not yet taken by the system, and kept by keep_queue. Over it the connection is closed
  // with 1013.
  std::size_t max_queued_bytes = 64u << 20;
  // Received but not yet handled. Over it reading stops until there is room again.
  std::size_t max_pending_bytes = 16u << 20;
  Seconds ping_interval{20};  // 0: no pings
  Seconds ping_timeout{20};
  Seconds close_timeout{5};

  // Followed at most; never from wss to ws. Credentials and cookies go only to the same scheme,
  // host and port.
  std::size_t max_redirects = 5;
  // "http://[user:password@]host:port" of a proxy, asked by CONNECT; empty: none. Without it the
  // environment's https_proxy, http_proxy and no_proxy say, but never for loopback.
  std::optional<std::string> proxy;

  // Of wss:// and https://.
  ClientTls tls;

  // None: lost is lost.
  std::optional<Reconnect> reconnect;
  // What is sent while there's no connection leaves after the next open handler.
  bool keep_queue = false;

  // Empty: standard error.
  Logger logger;
};

}  // namespace simws
