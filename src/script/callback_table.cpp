// The rows of the script's own functions, which the server calls.
#include "script/function_table.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace simws::script {

namespace {

constexpr std::string_view since_plugin = "1.0, as in the WS plugin";
constexpr std::string_view since_1_0 = "1.0";

constexpr Parameter server_handle{"serverHandle", Type::server, "", "The server."};
constexpr Parameter endpoint_handle{"serverOrClientHandle", Type::endpoint, "",
                                    "The server or client."};
constexpr Parameter connection_handle{"connectionHandle", Type::connection, "", "The connection."};

constexpr Parameter connection_parameters[] = {endpoint_handle, connection_handle};
constexpr Parameter message_parameters[] = {
    endpoint_handle,
    connection_handle,
    {"data", Type::data, "",
     "The whole message. Lua: a string. Python: `str` for text, `bytes` for binary."},
    {"opcode", Type::integer, "",
     "`simWS.opcode.text` or `simWS.opcode.binary`, for a function that takes a fourth parameter."},
    {"topic", Type::text, "",
     "What a page has published to (see the option `publishable`), for a function that takes a "
     "fifth parameter; nil: it was sent.",
     nullptr, true},
    {"remote", Type::map, "",
     "`{edge=, viewer={address=, connection=}}`: who has published it at an edge (see the option "
     "`broker`), for a function that takes a sixth parameter; nil: it came over a connection. The "
     "connection is 0 then.",
     nullptr, true},
};
constexpr Parameter drop_parameters[] = {
    server_handle,
    connection_handle,
    {"topic", Type::text, "", "What the connection is subscribed to."},
    {"count", Type::integer, "", "How many messages it has lost so far."},
};
constexpr Parameter http_parameters[] = {
    server_handle,
    connection_handle,
    {"resource", Type::text, "", "Path with query, as sent: `/status?unit=deg`."},
    {"data", Type::data, "", "The body of the request; empty when it has none."},
    {"request", Type::map, "",
     "`{method=, headers=, remoteAddress=}`, for a function that takes a fifth parameter. The "
     "names "
     "of headers are in lower case."},
};
constexpr Parameter upgrade_parameters[] = {
    server_handle,
    connection_handle,
    {"request", Type::map, "",
     "`{method=, resource=, path=, query=, headers=, subprotocols=, origin=, remoteAddress=}`: "
     "`resource` as sent, `path` what is before its `?`, `query` a map of what is behind it, "
     "decoded "
     "(of equal names the first); names of headers in lower case; `subprotocols` a list; `origin` "
     "nil "
     "where a program asks."},
};
constexpr Parameter log_parameters[] = {
    {"level", Type::text, "", "`'debug'`, `'info'`, `'warning'` or `'error'`."},
    {"line", Type::text, "", "What happened, without the level and without a newline."},
};
constexpr ResultRow http_results[] = {
    {"status", Type::integer, "200 to 599. nil: 404."},
    {"data", Type::data, "The body; nil: none (with a nil status: a short page that says 404)."},
    {"headers", Type::map,
     "Names and values, both strings. Without Content-Type one is taken from the extension of the "
     "resource. Content-Length, Connection, Date and Server are simWS's own."},
};

constexpr ResultRow upgrade_results[] = {
    {"status", Type::integer,
     "true: admitted. false: refused with 403. 400 to 599: refused with that. Anything else, nil "
     "too: "
     "500 and a line in the log, so that nobody comes in by mistake."},
    {"data", Type::data, "The body of a refusal; nil: none."},
    {"headers", Type::map,
     "Names and values, both strings, of the refusal, or of the answer that admits: there not "
     "Sec-WebSocket-*, Connection, Upgrade, Server or lengths."},
};

constexpr CallbackRow callback_rows[] = {
    {"openCallback",
     CallbackKind::open,
     connection_parameters,
     2,
     {},
     since_plugin,
     "A connection has opened. `simWS.send` works from here on.",
     ""},
    {"failCallback",
     CallbackKind::fail,
     connection_parameters,
     2,
     {},
     since_plugin,
     "An attempt did not become a connection: a bad handshake, an origin, host or limit that "
     "refuses it, a timeout, a peer that left, or bytes that are no valid request. "
     "`simWS.getConnectionInfo(server, connection).error` says why. A whole HTTP request that "
     "was refused (403, 413), and a connection that never sent a byte, are no attempts.\n\n"
     "Of a client: an attempt that came to nothing. `simWS.getClientInfo(client).state` says "
     "whether another follows (`waiting`) or not (`closed`).",
     "function onFail(server, connection)\n"
     "  print(simWS.getConnectionInfo(server, connection).error)\n"
     "end"},
    {"closeCallback",
     CallbackKind::close,
     connection_parameters,
     2,
     {},
     since_plugin,
     "A connection that had opened is closed: its last event, exactly once. Inside it "
     "`simWS.getConnectionInfo` still answers, with `closeCode`, `closeReason` and `clean`.",
     ""},
    {"messageCallback",
     CallbackKind::message,
     message_parameters,
     3,
     {},
     since_plugin,
     "A message has been received. It is whole, even if it came in fragments.",
     "function onMessage(server, connection, data, opcode)\n"
     "  simWS.send(server, connection, data, opcode)\n"
     "end"},
    {"httpCallback", CallbackKind::http, http_parameters, 4, http_results, since_plugin,
     "An HTTP request that doesn't ask for WebSocket; what the function returns is the answer. "
     "Without a handler the answer is 404, but for a browser that opens `/` (see `infoPage`); with "
     "one that raises an error, or returns something "
     "else than a status, a body and headers, it is 500 and the log says why.",
     "function onHTTP(server, connection, resource, data, request)\n"
     "  if resource == '/' then return 200, page, {['Content-Type'] = 'text/html'} end\n"
     "  if resource == '/status' then return 200, '{\"ok\":true}', {['Cache-Control'] = "
     "'no-store'} "
     "end\n"
     "  return 404, 'no such page: ' .. resource\n"
     "end"},
    {"upgradeCallback", CallbackKind::upgrade, upgrade_parameters, 3, upgrade_results, since_1_0,
     "A request for WebSocket that has passed all other rules of entry: the function says whether "
     "it's "
     "admitted. The open or the fail callback follows. Meanwhile the network goes on; what isn't "
     "decided within `handshakeTimeout` gets 503. In Python it may be `async def`.",
     "function onUpgrade(server, connection, request)\n"
     "  if request.query.robot ~= 'r2' then return 404, 'no such robot' end\n"
     "  return true, nil, {['X-Robot'] = 'r2'}\n"
     "end"},
    {"dropCallback",
     CallbackKind::drop,
     drop_parameters,
     4,
     {},
     since_1_0,
     "A subscription has begun to lose messages, for its viewer doesn't keep up: once for each "
     "time, and not again before the function has been called. With the policy `'resync'` nothing "
     "more of the topic is queued until the script subscribes the connection again: here, after it "
     "has sent what the viewer needs to go on from. What a policy `'latest'` or a `rate` leaves "
     "out is no loss.",
     "function onDrop(server, connection, topic, count)\n"
     "  simWS.send(server, connection, snapshot())\n"
     "  simWS.subscribe(server, connection, topic, {policy = 'resync'})\n"
     "end"},
    {"logCallback",
     CallbackKind::log,
     log_parameters,
     2,
     {},
     since_1_0,
     "There is a line of the log: where a server listens, who was refused and which option admits "
     "it, a callback that failed, with its traceback. Up to 1,000 lines wait for the script; one "
     "tells how many more there were. What the function itself logs, by an error of its own for "
     "one, goes to where lines go without a handler.",
     "function onLog(level, line)\n"
     "  if level ~= 'info' then print(level, line) end\n"
     "end"},
};

static_assert(std::size(callback_rows) == callback_kind_count);
static_assert(std::ranges::all_of(callback_rows, [](const CallbackRow& row) {
  return row.name.starts_with(callback_name(row.kind)) && row.name.ends_with("Callback") &&
         !row.doc.empty() && !row.since.empty() &&
         row.parameters.size() <= max_callback_parameters &&
         row.results.size() <= max_callback_results &&
         static_cast<std::size_t>(row.kind) == static_cast<std::size_t>(&row - callback_rows) &&
         std::ranges::none_of(row.parameters, [](const Parameter& p) { return p.doc.empty(); });
}));

}  // namespace

std::span<const CallbackRow> callbacks() {
  return callback_rows;
}

const CallbackRow& callback_row(CallbackKind kind) {
  return callback_rows[static_cast<std::size_t>(kind)];
}

}  // namespace simws::script
