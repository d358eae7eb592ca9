// The rows of options.
#include "script/function_table.h"

#include <algorithm>

namespace simws::script {

namespace {

constexpr std::string_view since_1_0 = "1.0";

constexpr double GiB = 1024.0 * 1024.0 * 1024.0;
constexpr Range seconds{0.001, 86400};
constexpr Range seconds_or_none{0, 86400};
constexpr Range message_bytes{1, 2 * GiB};
constexpr Range memory{1024, 1024 * GiB};

constexpr std::string_view local_word[] = {"local"};
constexpr OptionRow start_rows[] = {
    {"host",
     Type::text,
     "''",
     {},
     &ServerOptions::host,
     since_1_0,
     "Where to listen. Empty: on 127.0.0.1 and ::1, which only this machine reaches. `'*'`: on all "
     "interfaces. Otherwise an IP address of this machine."},
    {"origins",
     Type::texts,
     "{}",
     {},
     &ServerOptions::origins,
     since_1_0,
     "Web pages that may connect, and show the server's own in a frame, besides those of the "
     "server's host and of this machine: origins (`'https://lab.example'`), host names, `'null'` "
     "for pages opened from files and for sandboxed frames of any site, or `'*'` for any. Programs "
     "that send no Origin aren't asked."},
    {"hosts",
     Type::texts,
     "{}",
     {},
     &ServerOptions::hosts,
     since_1_0,
     "Names this server may be called by, besides IP addresses, localhost and the machine's own "
     "name, also with `.local`."},
    {"corsOrigins",
     Type::texts,
     "{}",
     {},
     &ServerOptions::cors_origins,
     since_1_0,
     "Web pages of other origins that may read answers to HTTP requests, listed as `origins` are: "
     "preflights are answered, and answers say so (CORS). They don't open a WebSocket by that."},
    {"token",
     Type::texts,
     "{}",
     {},
     &ServerOptions::tokens,
     since_1_0,
     "A token, or a list of them: who shows one is admitted, by `?token=` in the address, by "
     "`Authorization: Bearer`, or by the cookie that a page gets which is opened with `?token=`; "
     "everybody else gets 401. It guards everything of the server, and is hidden in infos, "
     "resources and the log. 1 to 1024 visible ASCII characters. An empty list is an error where "
     "it's given, as it would ask nobody.",
     nullptr,
     true},
    {"trustedProxies",
     Type::texts,
     "{}",
     {},
     &ServerOptions::trusted_proxies,
     since_1_0,
     "Addresses (`'127.0.0.1'`) and networks (`'10.0.0.0/8'`) of proxies whose word is taken: "
     "X-Forwarded-For is read from its end up to the first address that isn't listed here, and "
     "that "
     "is the `remoteAddress`, and counts for the limits of an address; X-Forwarded-Proto too."},
    {"forwarded",
     Type::boolean,
     "false",
     {},
     &ServerOptions::forwarded,
     since_1_0,
     "True: the trusted proxies send Forwarded (RFC 7239) in place of X-Forwarded-*."},
    {"trustForwardedHost",
     Type::boolean,
     "false",
     {},
     &ServerOptions::trust_forwarded_host,
     since_1_0,
     "True: the trusted proxies say, too, which host was asked for (X-Forwarded-Host), in place of "
     "Host."},
    {"maxHandshakesPerSecond",
     Type::integer,
     "0",
     {0, 1000000},
     &ServerOptions::max_handshakes_per_second,
     since_1_0,
     "Connections in a second of one remote address, or of one /64 network of IPv6. More get 503 "
     "with "
     "Retry-After, and are closed at once over TLS. 0: no limit."},
    {"subprotocols",
     Type::texts,
     "{}",
     {},
     &ServerOptions::subprotocols,
     since_1_0,
     "Subprotocols the server speaks, best first. The first that the client offers too is chosen."},
    {"maxMessageSize", Type::integer, "33554432", message_bytes, &ServerOptions::max_message_size,
     since_1_0,
     "The largest message that is received, in bytes (32 MiB). A larger one closes its connection "
     "with code 1009."},
    {"maxConnections",
     Type::integer,
     "10000",
     {1, 1000000},
     &ServerOptions::max_connections,
     since_1_0,
     "Connections at the same time. More are answered with HTTP status 503."},
    {"maxConnectionsPerAddress",
     Type::integer,
     "0",
     {0, 1000000},
     &ServerOptions::max_connections_per_address,
     since_1_0,
     "The same for one remote address. 0: no limit."},
    {"maxHeaderSize",
     Type::integer,
     "16384",
     {256, 1024 * 1024},
     &ServerOptions::max_header_size,
     since_1_0,
     "The largest head of a request, in bytes: its first line and its headers."},
    {"maxBodySize",
     Type::integer,
     "1048576",
     {0, 2 * GiB},
     &ServerOptions::max_body_size,
     since_1_0,
     "The largest body of an HTTP request, in bytes. A larger one is answered with 413."},
    {"handshakeTimeout", Type::number, "5", seconds, &ServerOptions::handshake_timeout, since_1_0,
     "Seconds a client has to send its whole request."},
    {"keepAliveTimeout", Type::number, "15", seconds, &ServerOptions::keep_alive_timeout, since_1_0,
     "Seconds an HTTP connection may stay idle between requests."},
    {"closeTimeout", Type::number, "5", seconds, &ServerOptions::close_timeout, since_1_0,
     "Seconds a peer has to answer a Close frame, and to take what was queued when its server "
     "stopped."},
    {"pingInterval", Type::number, "20", seconds_or_none, &ServerOptions::ping_interval, since_1_0,
     "Seconds between pings. 0: no pings."},
    {"pingTimeout", Type::number, "20", seconds, &ServerOptions::ping_timeout, since_1_0,
     "Seconds a peer has to answer a ping. One that doesn't is taken for gone: its connection "
     "closes with code 1006."},
    {"maxQueuedBytes", Type::integer, "67108864", memory, &ServerOptions::max_queued_bytes,
     since_1_0,
     "Bytes that may wait to be sent to one connection (64 MiB). A peer that reads too slowly for "
     "that loses what is queued, and its connection closes with code 1013; a log line says so."},
    {"maxTotalQueuedBytes", Type::integer, "268435456", memory,
     &ServerOptions::max_total_queued_bytes, since_1_0,
     "Bytes of memory that may wait to be sent in all, answers to HTTP requests included (256 "
     "MiB); "
     "not less than `maxQueuedBytes`. A broadcast counts once, and 64 bytes for each connection. "
     "Over it the connection in which most waits is closed with code 1013, and an answer that "
     "doesn't fit any more is a 500; a log line says so."},
    {"maxPendingBytes", Type::integer, "16777216", memory, &ServerOptions::max_pending_bytes,
     since_1_0,
     "Bytes that may wait for the script, all connections of the server together (16 MiB). Over it "
     "the server stops reading from those that hold more than 64 KiB, which slows these peers "
     "down; "
     "nothing is lost."},
    {"infoPage",
     Type::boolean,
     "true",
     {},
     &ServerOptions::info_page,
     since_1_0,
     "Without an HTTP handler a browser that opens the server's `/` gets a small page that says "
     "what it is, connects, shows what comes and sends lines. In CoppeliaSim the default is "
     "false."},
    {"inspector",
     Type::boolean,
     "false",
     {},
     &ServerOptions::inspector,
     since_1_0,
     "True: the server has a page at `/_simws/` that shows it live: connections, topics, messages "
     "as they pass, charts, log lines. There connections can be closed and sent to. Where `host` "
     "isn't this machine's own it needs a `token`."},
    {"tls",
     Type::text_or_map,
     "nil",
     {},
     &ServerOptions::tls,
     since_1_0,
     "Encrypts all connections: pages are at `https://`, WebSockets at `wss://`. `'local'`: with a "
     "certificate for this machine, by an authority of one's own that is made and kept in the "
     "user's configuration folder; `simws cert` says how browsers are told to trust it. A map: "
     "with "
     "one's own files. Files that are replaced serve new connections without a restart. nil: not "
     "encrypted.",
     server_tls_options,
     false,
     local_word},
    {"compression",
     Type::switch_or_map,
     "false",
     {},
     &ServerOptions::compression,
     since_1_0,
     "Whether messages are compressed (permessage-deflate) where the client offers it, as browsers "
     "do; true means the defaults of these keys.",
     compression_options},
    {"topics",
     Type::switch_or_texts,
     "false",
     {},
     &ServerOptions::topics,
     since_1_0,
     "Topics that pages may subscribe to by themselves, by the subprotocol `simws.topics.1`: true "
     "for all, or a list of topics and patterns (`'robots/#'`). The server then has `/simws.js`, "
     "the "
     "client for pages."},
    {"publishable",
     Type::texts,
     "{}",
     {},
     &ServerOptions::publishable,
     since_1_0,
     "Topics and patterns that these pages may publish to: it comes to the message handler, which "
     "gets the topic as its fifth parameter."},
    {"maxSubscriptions",
     Type::integer,
     "1000",
     {1, 1000000},
     &ServerOptions::max_subscriptions,
     since_1_0,
     "Of one connection that subscribes by itself."},
    {"maxTotalRetainedBytes", Type::integer, "268435456", memory,
     &ServerOptions::max_total_retained_bytes, since_1_0,
     "Of data and keys that are retained of all topics (256 MiB). Over it `simWS.publish` is an "
     "error."},
    {"metrics",
     Type::boolean,
     "false",
     {},
     &ServerOptions::metrics,
     since_1_0,
     "True: `/metrics` has the server's figures for Prometheus and others that collect such, as "
     "text "
     "or OpenMetrics. Who asks must be admitted as for every request, by a `token` too."},
    {"broker",
     Type::text_or_map,
     "nil",
     {},
     &ServerOptions::broker,
     since_1_0,
     "Where the NATS server is by which topics go to any number of edges (`simws edge`), "
     "`'nats://host:4222'`, or a map. The program `simws-broker` connects to it, again and again; "
     "nothing waits for that, and `simWS.getServerInfo(server).broker` says how it gets on. Needs "
     "`name`. nil: topics stay with this server.",
     broker_options,
     true},
    {"name",
     Type::text,
     "''",
     {},
     &ServerOptions::name,
     since_1_0,
     "By which edges find this server at the `broker`: up to 64 letters, digits, `_` and `-`. One "
     "server holds a name at a time; others wait until it's free."},
};

constexpr OptionRow connect_rows[] = {
    {"headers",
     Type::map_of_texts,
     "{}",
     {},
     &ClientOptions::headers,
     since_1_0,
     "Headers of the request, besides those of the handshake: `{Cookie = 'session=1'}`."},
    {"subprotocols",
     Type::texts,
     "{}",
     {},
     &ClientOptions::subprotocols,
     since_1_0,
     "Subprotocols the client speaks, best first. The server chooses one, or none."},
    {"origin",
     Type::text,
     "''",
     {},
     &ClientOptions::origin,
     since_1_0,
     "The header Origin, for servers that ask programs for one: `'https://lab.example'`. Empty: "
     "none is sent."},
    {"userAgent",
     Type::text,
     "'simWS'",
     {},
     &ClientOptions::user_agent,
     since_1_0,
     "The header User-Agent. Empty: none is sent."},
    {"connectTimeout", Type::number, "10", seconds, &ClientOptions::connect_timeout, since_1_0,
     "Seconds that an attempt may take, from the lookup of the name until it's open."},
    {"maxMessageSize", Type::integer, "33554432", message_bytes, &ClientOptions::max_message_size,
     since_1_0,
     "The largest message that is received, in bytes (32 MiB). A larger one closes the connection "
     "with code 1009."},
    {"maxQueuedBytes", Type::integer, "67108864", memory, &ClientOptions::max_queued_bytes,
     since_1_0,
     "Bytes that may wait to be sent, and that `keepQueue` keeps (64 MiB). A server that reads too "
     "slowly for that loses what is queued, and the connection closes with code 1013; a log line "
     "says so."},
    {"maxPendingBytes", Type::integer, "16777216", memory, &ClientOptions::max_pending_bytes,
     since_1_0,
     "Bytes that may wait for the script (16 MiB). Over it the client stops reading, which slows "
     "the server down; nothing is lost."},
    {"pingInterval", Type::number, "20", seconds_or_none, &ClientOptions::ping_interval, since_1_0,
     "Seconds between pings. 0: no pings."},
    {"pingTimeout", Type::number, "20", seconds, &ClientOptions::ping_timeout, since_1_0,
     "Seconds the server has to answer a ping. One that doesn't is taken for gone: the connection "
     "closes with code 1006."},
    {"closeTimeout", Type::number, "5", seconds, &ClientOptions::close_timeout, since_1_0,
     "Seconds the server has to answer a Close frame, and to take what was queued at "
     "`simWS.disconnect`."},
    {"maxRedirects",
     Type::integer,
     "5",
     {0, 100},
     &ClientOptions::max_redirects,
     since_1_0,
     "How many redirects of an attempt are followed; never from wss to ws. User, password, "
     "Authorization and Cookie go only to the same scheme, host and port."},
    {"proxy",
     Type::text,
     "nil",
     {},
     &ClientOptions::proxy,
     since_1_0,
     "`'http://[user:password@]host:port'` of an HTTP proxy, which is asked for a tunnel by "
     "CONNECT. nil: what the environment says by `https_proxy`, `http_proxy` and `no_proxy`, but "
     "never for this machine's own addresses. Empty: none, which is the default in CoppeliaSim."},
    {"reconnect",
     Type::switch_or_map,
     "false",
     {},
     &ClientOptions::reconnect,
     since_1_0,
     "Whether the client tries again; true means the defaults of these keys.",
     reconnect_options},
    {"keepQueue",
     Type::boolean,
     "false",
     {},
     &ClientOptions::keep_queue,
     since_1_0,
     "True: what is sent while the client is away, by `simWS.send(client, nil, data)`, is kept up "
     "to `maxQueuedBytes` and leaves after the next open handler."},
    {"tls",
     Type::map,
     "{}",
     {},
     &ClientOptions::tls,
     since_1_0,
     "For `wss://`: whom to trust, and who the client is.",
     client_tls_options},
    {"compression",
     Type::switch_or_map,
     "false",
     {},
     &ClientOptions::compression,
     since_1_0,
     "Whether the client offers to compress messages (permessage-deflate), which are then where "
     "the server agrees; true means the defaults of these keys.",
     compression_options},
};

constexpr OptionRow send_rows[] = {
    {"fin",
     Type::boolean,
     "true",
     {},
     {},
     since_1_0,
     "False: more fragments of this message follow."},
    {"compress",
     Type::boolean,
     "true",
     {},
     {},
     since_1_0,
     "False: the message isn't compressed, as for images, which are already. In a fragmented "
     "message the first fragment's counts."},
};

constexpr OptionRow broadcast_rows[] = {
    {"to",
     Type::texts,
     "all",
     {},
     {},
     since_1_0,
     "Only these connections, as far as they are open. An empty list: none."},
    {"except",
     Type::texts,
     "{}",
     {},
     {},
     since_1_0,
     "Not these: whoever has sent the message, say."},
    {"compress",
     Type::boolean,
     "true",
     {},
     {},
     since_1_0,
     "False: the message isn't compressed for anybody."},
};

constexpr OptionRow run_rows[] = {
    {"threaded",
     Type::boolean,
     "false",
     {},
     {},
     since_1_0,
     "True: the network has a thread of its own, so pings are answered during long callbacks."},
};

constexpr bool is_documented(const OptionRow& row) {
  return !row.doc.empty() && !row.since.empty() && !row.default_value.empty();
}
static_assert(std::ranges::all_of(start_rows, is_documented));
static_assert(std::ranges::all_of(connect_rows, is_documented));
static_assert(std::ranges::all_of(send_rows, is_documented));
static_assert(std::ranges::all_of(broadcast_rows, is_documented));
static_assert(std::ranges::all_of(run_rows, is_documented));

}  // namespace

std::span<const OptionRow> start_options() {
  return start_rows;
}
std::span<const OptionRow> connect_options() {
  return connect_rows;
}
std::span<const OptionRow> broadcast_options() {
  return broadcast_rows;
}

std::span<const OptionRow> send_options() {
  return send_rows;
}
std::span<const OptionRow> run_options() {
  return run_rows;
}

}  // namespace simws::script
