// What can be set when a server starts. Times are in seconds, sizes in bytes.
#pragma once

#include <simws/broker.h>
#include <simws/compression.h>
#include <simws/log.h>
#include <simws/tls.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simws {

using Seconds = std::chrono::duration<double>;

class LogBoard;
struct ScriptTimes;

struct ServerOptions {
  // Where to listen: empty for the loopback addresses (127.0.0.1 and ::1), "*" for all interfaces,
  // or an IP address.
  std::string host;

  // None: plain ws:// and http://.
  std::optional<ServerTls> tls;

  // Hosts whose pages may connect, and frame the server's, besides the server's own and this
  // machine's: an origin ("https://lab.example"), a bare host name, "null" for pages opened from
  // files, or "*" for any.
  std::vector<std::string> origins;
  // Names this server goes by besides IP addresses, localhost and the machine's own name, also with
  // ".local".
  std::vector<std::string> hosts;
  // Pages of other origins that may read answers to HTTP requests, as `origins` has them (CORS).
  // They may not connect by WebSocket unless they are listed there too.
  std::vector<std::string> cors_origins = {};
  // Who shows one of these is admitted, by ?token= in the address, Authorization: Bearer, or the
  // cookie of a page that was opened with it; everybody else gets 401. None: nobody is asked.
  // Tokens are hidden in infos, resources and logs.
  std::vector<std::string> tokens = {};
  // The line that says where the server listens shows the first token. Server::listen sets it where
  // there's no logger and standard error is a terminal.
  bool shows_token = false;

  // Proxies whose word is taken for who asks: addresses ("127.0.0.1") and networks ("10.0.0.0/8").
  // From them X-Forwarded-For and X-Forwarded-Proto are read; Forwarded (RFC 7239) in place of
  // these with `forwarded`. Which host was asked for they may say with `trust_forwarded_host` only.
  std::vector<std::string> trusted_proxies = {};
  bool forwarded = false;
  bool trust_forwarded_host = false;

  // Topics that pages may subscribe to, by the subprotocol simws.topics.1: names, patterns ("a/#"),
  // or "#" for all. None: the subprotocol isn't spoken. What the application publishes and
  // subscribes connections to needs no leave.
  std::vector<std::string> topics = {};
  // Topics that they may publish to, likewise: that comes to the `publication` handler.
  std::vector<std::string> publishable = {};
  std::size_t max_subscriptions = 1000;  // of one connection that subscribes by itself
  // Retained messages of all topics, in bytes of data and keys.
  std::size_t max_total_retained_bytes = 256u << 20;

  // A subscription with TopicPolicy::resync that has lost messages goes on by itself, with what is
  // retained, and the drop handler isn't called. For who passes on another server's topics.
  bool resync_with_retained = false;
  // What is set for topics holds for pages' subscriptions that are there, too, in what they haven't
  // asked for themselves. Likewise.
  bool subscriptions_follow_topics = false;

  // A NATS server, by which what is published goes to any number of edges (docs/scaling.md), under
  // this `name` of 1 to 64 letters, digits, "_" and "-". None: topics stay with this server.
  std::optional<BrokerOptions> broker = {};
  std::string name = {};

  // Subprotocols the server speaks, best first; the first one the client offers too is chosen.
  std::vector<std::string> subprotocols;
  // None: messages aren't compressed. Otherwise they are, for clients that offer it.
  std::optional<Compression> compression;

  std::size_t max_message_size = 32u << 20;  // of what it is when it's inflated
  std::size_t max_connections = 10000;
  std::size_t max_connections_per_address = 0;  // 0: no limit
  // Connections in a second of one address, or of one /64 network of IPv6; 0: no limit. More get
  // 503, over TLS they are closed at once.
  std::size_t max_handshakes_per_second = 0;
  std::size_t max_header_size = 16u << 10;  // request line and header fields
  std::size_t max_body_size = 1u << 20;

  Seconds handshake_timeout{5};
  Seconds keep_alive_timeout{15};  // idle HTTP connections
  Seconds close_timeout{5};        // for the closing handshake, and for what is queued at stop
  Seconds ping_interval{20};       // 0: no pings
  Seconds ping_timeout{20};

  // Per connection, sent but not yet taken by the system. Over it the connection is closed with
  // 1013. Answers to HTTP requests may be larger.
  std::size_t max_queued_bytes = 64u << 20;
  // Per server, memory of all that was sent and not yet taken by the system: a broadcast counts
  // once, and 64 bytes for each connection. Over it the connection in which most waits is closed
  // with 1013. At least max_queued_bytes.
  std::size_t max_total_queued_bytes = 256u << 20;
  // Per server, received but not yet handled, messages in assembly included. Over it reading stops
  // until there is room again.
  std::size_t max_pending_bytes = 16u << 20;

  // Without an HTTP handler a browser that opens "/" gets a small page that connects to the server,
  // shows what comes and sends lines. Everything else is a 404.
  bool info_page = true;

  // A page at /_simws/ that shows the server live: its connections, topics, messages, log lines.
  // From there connections can be closed and sent to. Who passes the rules of entry and has a token
  // may open it, so where `host` isn't this machine's own there must be `tokens`.
  bool inspector = false;

  // `/metrics` has the server's figures, as Prometheus asks for them (docs/metrics.md).
  bool metrics = false;

  // The value of the Server header field of HTTP answers; empty: none is sent.
  std::string server_name = "simWS";
  // Empty: standard error.
  Logger logger;
  // What the log line that says where the server listens ends with; empty: nothing.
  std::string start_note;
  // For this library's bindings: where the lines of all their servers stand, for the inspector.
  // Null: it has those of this one.
  std::shared_ptr<LogBoard> log_board = {};

  // For this library's bindings: what the server's figures have of its script. Null: there's none.
  std::shared_ptr<const ScriptTimes> script_times = {};
};

}  // namespace simws
