// Parameters and results of the functions in the table.
#pragma once

#include "script/function_table.h"

namespace simws::script {

constexpr Parameter server_handle{"serverHandle", Type::server, "",
                                  "The server, as `simWS.start` returned it."};
constexpr Parameter client_handle{"clientHandle", Type::client, "",
                                  "The client, as `simWS.connect` returned it."};
constexpr Parameter endpoint_handle{
    "serverOrClientHandle",
    Type::endpoint,
    "",
    "The server or client, as `simWS.start` or `simWS.connect` returned it.",
    nullptr,
    false,
    "serverHandle"};
constexpr Parameter connection_handle{
    "connectionHandle", Type::connection, "",
    "The connection, as a callback of this server or client or `simWS.getConnections` gave it."};

constexpr Parameter handler_parameters[] = {
    endpoint_handle,
    {"callbackFn", Type::callback, "",
     "The name of a function of the script, which may be dotted (`'app.onOpen'`) and is looked up "
     "each time it's called, so it may be defined later or replaced. Lua and Python also take the "
     "function itself. An empty string or nil clears the handler."},
};

constexpr Parameter http_handler_parameters[] = {server_handle, handler_parameters[1]};
constexpr Parameter log_handler_parameters[] = {handler_parameters[1]};

constexpr Parameter send_parameters[] = {
    endpoint_handle,
    {"connectionHandle", Type::connection, "",
     "The connection, as a callback of this server or client or `simWS.getConnections` gave it. "
     "nil with a client: its one connection.",
     nullptr, true},
    {"data", Type::data, "",
     "The message. Python's `bytes`, `bytearray` and `memoryview` are sent as binary unless an "
     "opcode is given."},
    {"opcode", Type::integer, "sim_ws_opcode_text",
     "`simWS.opcode.text`, `simWS.opcode.binary`, or `simWS.opcode.continuation` for what follows "
     "the first fragment of a message."},
    {"options", Type::map, "{}", "See below.", send_options},
};
constexpr ResultRow send_results[] = {
    {"queued", Type::boolean,
     "True: the message is on its way. False: the connection has closed, which is no error, so a "
     "loop over connections needn't mind it."}};

constexpr Parameter start_parameters[] = {
    {"listenPort", Type::integer, "",
     "0 to 65535. 0 picks a free port, which `simWS.getServerInfo(server).port` tells."},
    {"options", Type::map, "{}", "See below.", start_options},
};
constexpr ResultRow start_results[] = {
    {"serverHandle", Type::server, "Names the server in all other functions."}};

constexpr Parameter stop_parameters[] = {server_handle};

constexpr Parameter connect_parameters[] = {
    {"uri", Type::text, "",
     "`ws://host[:port]/path?query`; `http://` means the same. IPv6 addresses stand in brackets; "
     "`ws://user:password@host` logs in (HTTP's Basic authorization)."},
    {"options", Type::map, "{}", "See below.", connect_options},
};
constexpr ResultRow connect_results[] = {
    {"clientHandle", Type::client, "Names the client in all other functions."}};
constexpr Parameter client_only[] = {client_handle};
constexpr ResultRow client_info_results[] = {{"info", Type::map, "See below.", client_fields}};

constexpr Parameter close_parameters[] = {
    endpoint_handle,
    connection_handle,
    {"code", Type::integer, "1000",
     "Why: 1000 (normal), 1001 to 1003, 1007 to 1014, or 3000 to 4999 for reasons of your own."},
    {"reason", Type::text, "''", "Why in words, for the peer: UTF-8, 123 bytes at most."},
};
constexpr ResultRow close_results[] = {
    {"started", Type::boolean, "False: it was closing or closed already."}};

constexpr Parameter broadcast_parameters[] = {
    server_handle,
    {"data", Type::data, "", "The message, as for `simWS.send`."},
    {"opcode", Type::integer, "sim_ws_opcode_text",
     "`simWS.opcode.text` or `simWS.opcode.binary`."},
    {"options", Type::map, "{}", "See below.", broadcast_options},
};
constexpr ResultRow broadcast_results[] = {
    {"count", Type::integer, "For how many connections it was queued."}};

constexpr Parameter serve_files_parameters[] = {
    server_handle,
    {"prefix", Type::text, "",
     "The path of the first folder: `'/'`, or one such as `'/models'`, not percent-encoded."},
    {"folder", Type::text, "",
     "The folder. A relative path begins at the current folder of the process, in a simulator too, "
     "and is made absolute by this call."},
    {"options", Type::map, "{}", "See below.", file_options},
};

constexpr Parameter server_only[] = {server_handle};
constexpr Parameter endpoint_only[] = {endpoint_handle};
constexpr ResultRow connections_results[] = {
    {"connectionHandles", Type::texts, "Handles, in the order in which they opened."}};

constexpr Parameter connection_info_parameters[] = {
    endpoint_handle,
    connection_handle,
    {"fields", Type::texts, "{}",
     "Names of keys: only these are in the map, and only they cost time. Empty: all of them."},
};
constexpr ResultRow connection_info_results[] = {
    {"info", Type::map, "See below.", connection_fields}};
constexpr ResultRow server_info_results[] = {{"info", Type::map, "See below.", server_fields}};

constexpr Parameter topic{
    "topic", Type::text, "",
    "The topic: 1 to 255 bytes of UTF-8, levels separated by `/` (`'robots/1/pose'`), none of them "
    "empty, without control characters and `#`."};
constexpr Parameter subscription{
    "topic", Type::text, "",
    "The topic, or `'robots/#'` for `robots` and all below it, or `'#'` for all. A message goes "
    "once to a connection, by its most specific subscription."};
constexpr Parameter subscribe_parameters[] = {
    server_handle,
    connection_handle,
    subscription,
    {"options", Type::map, "{}", "See below.", subscription_options},
};
constexpr ResultRow subscribe_results[] = {
    {"subscribed", Type::boolean, "False: the connection has closed, which is no error."}};
constexpr Parameter unsubscribe_parameters[] = {server_handle, connection_handle, subscription};
constexpr ResultRow unsubscribe_results[] = {
    {"unsubscribed", Type::boolean, "False: the connection has closed, which is no error."}};
constexpr Parameter publish_parameters[] = {
    server_handle,
    topic,
    {"data", Type::data, "", "The message, as for `simWS.send`."},
    {"opcode", Type::integer, "sim_ws_opcode_text",
     "`simWS.opcode.text` or `simWS.opcode.binary`."},
    {"options", Type::map, "{}", "See below.", publish_options},
};
constexpr ResultRow publish_results[] = {
    {"count", Type::integer,
     "How many subscriptions the topic has at the moment, those that take it by a pattern too: a "
     "count, not a promise that each of them gets it."}};
constexpr Parameter set_topic_parameters[] = {
    server_handle,
    {"topic", Type::text, "",
     "The topic, or `'robots/#'` for all that this takes; of several the most specific options "
     "hold."},
    {"options", Type::map, "{}", "See below.", topic_options},
};
constexpr ResultRow topics_results[] = {{"topics", Type::map_of_maps,
                                         "Names of topics and patterns, each with the map below.",
                                         topic_fields}};

constexpr Parameter start_recording_parameters[] = {
    server_handle,
    {"file", Type::text, "",
     "Its name; one that is there is replaced. `.gz` or `.zst` at its end compresses it. A "
     "relative path begins at the current folder of the process, in a simulator too."},
};
constexpr ResultRow stop_recording_results[] = {
    {"recording", Type::map, "See below.", recording_fields}};

constexpr Parameter run_parameters[] = {{"options", Type::map, "{}", "See below.", run_options}};
constexpr Parameter poll_parameters[] = {
    {"timeout", Type::number, "0",
     "Seconds to wait for an event when none is waiting; 0 doesn't wait, less than 0 waits without "
     "end."}};
constexpr ResultRow poll_results[] = {
    {"events", Type::integer, "How many were handled, lines for a log handler too."}};
constexpr ResultRow fileno_results[] = {
    {"descriptor", Type::integer, "Belongs to simWS: watch it, but don't read or close it."}};

}  // namespace simws::script
