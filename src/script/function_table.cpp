#include "script/function_table.h"

#include "base/ascii.h"
#include "script/api.h"
#include "script/function_parameters.h"

#include <algorithm>

namespace simws::script {

namespace {

using dispatch::EventKind;

constexpr std::string_view since_plugin = "1.0, as in the WS plugin";
constexpr std::string_view since_1_0 = "1.0";

constexpr FunctionRow function_rows[] = {
    {"send", send_parameters, send_results, &Api::send, false, since_plugin,
     "Sends data over a connection, as one message or one fragment of a message. It only queues: "
     "the call never waits for the network. What is sent arrives in the order of the calls.\n\n"
     "A message can be sent in fragments: the first with its opcode and `{fin=false}`, more with "
     "`simWS.opcode.continuation` and `{fin=false}`, the last with `simWS.opcode.continuation`. "
     "Until then nothing else can be sent to that connection, and `simWS.broadcast` leaves it out. "
     "A character may be split between fragments. What is larger than 64 KiB leaves in fragments "
     "by "
     "itself, between which pings are answered; for the receiver it's one message.\n\n"
     "`simWS.send(client, nil, data)` addresses the one connection of a client. While there is "
     "none, the message is lost and the result false; with the client's option `keepQueue` a whole "
     "message is kept until after the next open handler.",
     "A handle that never existed, or a connection of another server or client; a bad opcode; text "
     "that is "
     "not UTF-8 (the error names the byte offset; send such data as `simWS.opcode.binary`); a "
     "continuation with no fragmented message begun, or a new message within one; more than "
     "`maxQueuedBytes`, or more than 2^31 bytes, in one call. Nothing is sent then.",
     "simWS.send(server, connection, 'hello')\n"
     "simWS.send(server, connection, string.pack('<fff', x, y, z), simWS.opcode.binary)"},
    {"setCloseHandler",
     handler_parameters,
     {},
     &Api::set_handler<EventKind::close>,
     false,
     since_plugin,
     "Sets the function that is called once for every connection that was opened, after it can no "
     "longer send or receive messages, whatever ended it. See `closeCallback`.",
     "A handle that never existed.",
     ""},
    {"setFailHandler",
     handler_parameters,
     {},
     &Api::set_handler<EventKind::fail>,
     false,
     since_plugin,
     "Sets the function that is called once for every attempt at a WebSocket connection that did "
     "not succeed. Each attempt calls either the open handler or the fail handler. HTTP "
     "connections that don't ask for the WebSocket protocol call the http handler instead. See "
     "`failCallback`.",
     "A handle that never existed.",
     ""},
    {"setHTTPHandler",
     http_handler_parameters,
     {},
     &Api::set_handler<EventKind::http>,
     false,
     since_plugin,
     "Sets the function that answers HTTP requests which don't ask for the WebSocket protocol, on "
     "the same port: error pages, and static files such as the page and the JavaScript of an "
     "application that then talks over a WebSocket. It is meant for little traffic; a site with "
     "much of it is better served by a web server. See `httpCallback`.",
     "A handle that never existed.",
     ""},
    {"setMessageHandler",
     handler_parameters,
     {},
     &Api::set_handler<EventKind::message>,
     false,
     since_plugin,
     "Sets the function that is called for every message received. See `messageCallback`.",
     "A handle that never existed.",
     "simWS.setMessageHandler(server, function(server, connection, data, opcode)\n"
     "  simWS.send(server, connection, data, opcode)\n"
     "end)"},
    {"setOpenHandler",
     handler_parameters,
     {},
     &Api::set_handler<EventKind::open>,
     false,
     since_plugin,
     "Sets the function that is called once for every WebSocket connection that opens. Each "
     "attempt calls either the open handler or the fail handler. HTTP connections that don't ask "
     "for the WebSocket protocol call the http handler instead. See `openCallback`.",
     "A handle that never existed.",
     ""},
    {"start", start_parameters, start_results, &Api::start, false, since_plugin,
     "Starts a server: listens on a port and accepts connections from then on. The callbacks can "
     "be set afterwards: no event is lost before the script returns to its host.\n\n"
     "It listens on the loopback addresses 127.0.0.1 and ::1 only, unless the option `host` says "
     "otherwise, and a log line says where. A port is free again as soon as its server is "
     "stopped.",
     "A port out of range; a port that can't be had (the error names address, port and cause); an "
     "option that doesn't exist or has a bad value.",
     "local server = simWS.start(9000)\n"
     "local lab = simWS.start(9001, {host = '*', origins = {'https://lab.example'}})"},
    {"stop",
     stop_parameters,
     {},
     &Api::stop,
     false,
     since_plugin,
     "Stops a server; its handle is invalid from then on. It never waits for a peer, and may be "
     "called in every callback. When it returns the port is free.\n\n"
     "What was queued is still sent, for as long as `closeTimeout` allows, then each connection "
     "gets a Close frame with code 1001. The close handler is called, before `stop` returns, once "
     "for each connection whose open handler was called (`closeCode` 1001, `clean` false). Other "
     "events that still wait are dropped; HTTP requests that wait get 503. An http callback that "
     "stops its own server still sends its answer.",
     "A handle that never existed, or of a server that is stopped already.",
     ""},
    {"close", close_parameters, close_results, &Api::close, false, since_1_0,
     "Closes a connection by the closing handshake of WebSocket: the peer gets the code and the "
     "reason. The close handler is called when it's over.",
     "A handle that never existed; a code that may not be sent; a reason that is too long or not "
     "UTF-8.",
     "simWS.close(server, connection, 4001, 'the robot is taken')"},
    {"broadcast", broadcast_parameters, broadcast_results, &Api::broadcast, false, since_1_0,
     "Sends one message to all open connections of a server. It is encoded once, however many "
     "there are. Connections in the middle of a fragmented message are left out, and with the "
     "options others too.",
     "As `simWS.send`; `simWS.opcode.continuation` is a bad opcode here.",
     "simWS.broadcast(server, json.encode(state))\n"
     "simWS.broadcast(server, json.encode(state), simWS.opcode.text, {except = {connection}})"},
    {"getConnections", endpoint_only, connections_results, &Api::get_connections, false, since_1_0,
     "Returns the open connections of a server, or a client's one.", "A handle that never existed.",
     ""},
    {"getConnectionInfo", connection_info_parameters, connection_info_results,
     &Api::get_connection_info, false, since_1_0,
     "Returns what is known of a connection. Inside its close or fail callback it still answers; "
     "afterwards the handle is invalid.",
     "A handle that never existed, or of a connection that is gone; a key that doesn't exist.",
     "local info = simWS.getConnectionInfo(server, connection)\n"
     "print(info.remoteAddress, info.headers['user-agent'])\n"
     "local state = simWS.getConnectionInfo(server, connection, {'state'}).state"},
    {"getServerInfo", server_only, server_info_results, &Api::get_server_info, false, since_1_0,
     "Returns where a server listens and what it has done so far.", "A handle that never existed.",
     "local port = simWS.getServerInfo(server).port"},
    {"run",
     run_parameters,
     {},
     &Api::run,
     true,
     since_1_0,
     "Serves: calls the callbacks as events come. Returns on SIGINT (Ctrl-C) or SIGTERM, so that "
     "the script can clean up, and when no server is left and no client that can bring an event. "
     "For plain Lua and Python programs; a "
     "simulator, and the stepped scripts of the program `simws`, serve by themselves.\n\n"
     "By default the script's own thread does the network's work too, which is fastest; pings and "
     "handshakes then wait for a callback that takes long. With `{threaded=true}` the network has "
     "its own thread, as it has before `run`.",
     "Inside a callback; where the host serves.",
     "simWS.run()"},
    {"poll", poll_parameters, poll_results, &Api::poll, true, since_1_0,
     "Handles the events that wait, up to the time of one pass (5 ms, the named parameter "
     "`simWS.passBudget`), and returns. For programs with a loop of their own.",
     "Inside a callback; where the host serves.",
     "while working do\n"
     "  work()\n"
     "  simWS.poll()\n"
     "end"},
    {"fileno",
     {},
     fileno_results,
     &Api::fileno,
     true,
     since_1_0,
     "Returns a file descriptor that is readable while events wait, for `select` and event loops "
     "such as asyncio; call `simWS.poll` when it is.",
     "Where the host serves.",
     ""},
    {"setLogHandler",
     log_handler_parameters,
     {},
     &Api::set_log_handler,
     false,
     since_1_0,
     "Sets the function that is called for every line of the log, of all servers and clients of "
     "the script, in "
     "place of the lines on standard error or in the simulator's log. Like every callback it's "
     "called on the script's own thread, between its other work; lines wait until then. A function "
     "that does nothing silences the log. See `logCallback`.\n\n"
     "In Python lines go to the logger `simWS` of the module `logging` where the program has "
     "configured that before a server or client starts, and no function is set.",
     "None but for a wrong argument.",
     "simWS.setLogHandler(function(level, line)\n"
     "  if level ~= 'info' then print(level, line) end\n"
     "end)"},
    {"connect", connect_parameters, connect_results, &Api::connect, false,
     "1.0, as in newer versions of the WS plugin",
     "Connects to a WebSocket server. It returns at once: the name's lookup, the connection and "
     "the "
     "handshake happen meanwhile, and the callbacks can be set afterwards. Each attempt calls "
     "either the open handler or the fail handler; a connection that has opened calls the close "
     "handler when it ends.\n\n"
     "With the option `reconnect` the client tries again after each failure and each loss that "
     "another attempt may mend: network errors, timeouts, HTTP statuses 408, 429 and 5xx (not "
     "before Retry-After, as far as `max` allows), and closes with 1001, 1005, 1006 and 1011 to "
     "1014. Each attempt has a connection handle of its own; handlers stay.",
     "A malformed URI; an option that doesn't exist or has a bad value. All else that goes wrong "
     "calls the fail handler.",
     "local client = simWS.connect('ws://robot.local:9000/state', {reconnect = true})\n"
     "simWS.setOpenHandler(client, function(client, connection)\n"
     "  simWS.send(client, connection, 'hello')\n"
     "end)"},
    {"disconnect",
     client_only,
     {},
     &Api::disconnect,
     false,
     "1.0, as in newer versions of the WS plugin",
     "Ends a client; its handle is invalid from then on. It never waits for the network, and may "
     "be "
     "called in every callback.\n\n"
     "What was queued is still sent, for as long as `closeTimeout` allows, then a Close frame with "
     "code 1000. If the open handler was called, the close handler is called before `disconnect` "
     "returns (`closeCode` 1000, `clean` false). Other events that still wait are dropped; while "
     "connecting neither the open nor the fail handler is called.",
     "A handle that never existed, or of a client that has been disconnected already.",
     ""},
    {"getClientInfo", client_only, client_info_results, &Api::get_client_info, false, since_1_0,
     "Returns where a client connects to, what it's doing and what it has done so far.",
     "A handle that never existed.",
     "if simWS.getClientInfo(client).state == 'waiting' then print('the robot is away') end"},
    {"setUpgradeHandler",
     http_handler_parameters,
     {},
     &Api::set_handler<EventKind::upgrade>,
     false,
     since_1_0,
     "Sets the function that decides who may open a WebSocket, after all other rules of entry have "
     "been passed. Whoever has connected before and isn't known to the script yet is closed with "
     "code "
     "1013, so that nobody comes in undecided. A name of no function refuses everybody (500). See "
     "`upgradeCallback`.",
     "A handle that never existed.",
     "simWS.setUpgradeHandler(server, function(server, connection, request)\n"
     "  if request.query.robot == 'r9' then return 404, 'no such robot' end\n"
     "  return true\n"
     "end)"},
    {"subscribe", subscribe_parameters, subscribe_results, &Api::subscribe, false, since_1_0,
     "Subscribes a connection to a topic: it gets what is published to it from here on, after what "
     "is retained of it, in the order in which the keys were published last. Subscribing again "
     "changes the options. What the viewer can't take in time is dealt with as the option `policy` "
     "says, by the network, and costs the script nothing.\n\n"
     "Any WebSocket client will do, and gets exactly the messages that are published. Pages can "
     "subscribe by themselves: see the option `topics` of `simWS.start`.",
     "A handle that never existed, or a client's; a name that can't be; an option that doesn't "
     "exist or has a bad value.",
     "simWS.subscribe(server, connection, 'pose', {policy = 'latest'})"},
    {"unsubscribe", unsubscribe_parameters, unsubscribe_results, &Api::unsubscribe, false,
     since_1_0,
     "Ends a subscription. What waits of it is dropped, but where the connection has a pattern "
     "that takes the topic too: that one goes on with it. Without such a subscription nothing "
     "happens.",
     "A handle that never existed, or a client's; a name that can't be.",
     "simWS.unsubscribe(server, connection, 'pose')"},
    {"publish", publish_parameters, publish_results, &Api::publish, false, since_1_0,
     "Sends one message to all who are subscribed to a topic, each as its subscription says. It "
     "only hands the message over, once however many subscribe: it's encoded and compressed once.",
     "As `simWS.broadcast`; a topic or key that can't be; more than may be retained "
     "(`maxRetainedBytes`, `maxKeys`, `maxTotalRetainedBytes`). Nothing is published then.",
     "simWS.publish(server, 'pose', json.encode(pose))\n"
     "simWS.publish(server, 'joints', tostring(angle), simWS.opcode.text, {key = name, retain = "
     "true})"},
    {"setTopic",
     set_topic_parameters,
     {},
     &Api::set_topic,
     false,
     since_1_0,
     "Sets what the subscriptions to a topic that begin from here on have where they don't say "
     "otherwise, and what may be retained of it. What pages ask for by themselves is capped by it: "
     "the smaller `maxQueued`, `window` and `rate`.",
     "A handle that never existed; a name that can't be; an option that doesn't exist or has a bad "
     "value.",
     "simWS.setTopic(server, 'pose', {policy = 'latest', rate = 60})"},
    {"setDropHandler",
     http_handler_parameters,
     {},
     &Api::set_handler<EventKind::drop>,
     false,
     since_1_0,
     "Sets the function that is called when a subscription begins to lose messages. See "
     "`dropCallback`.",
     "A handle that never existed.",
     ""},
    {"getTopics", server_only, topics_results, &Api::get_topics, false, since_1_0,
     "Returns what is known of the topics that something was published or subscribed to: of those "
     "without subscribers and retained messages the latest 1,000.",
     "A handle that never existed.",
     "for name, topic in pairs(simWS.getTopics(server)) do print(name, topic.subscribers) end"},
    {"serveFiles",
     serve_files_parameters,
     {},
     &Api::serve_files,
     false,
     since_1_0,
     "Serves the files of a folder under a path, without a call of the script: threads of their "
     "own "
     "read them while they are sent, so that neither a slow reader nor a slow disk holds up "
     "anything else. GET and HEAD are answered, with conditions (ETag, Last-Modified) and ranges; "
     "other methods get 405. `file.br` and `file.gz` beside a file, if they aren't older, are sent "
     "in its place to clients that take them.\n\n"
     "Of several prefixes the longest that fits has the request, and the same one again takes the "
     "place of what was there before. What no prefix fits goes to the http handler. The rules of "
     "entry and the option `token` hold for files too.\n\n"
     "No path leads out of the folder, whatever it's made of; links may lead to what is in it. "
     "Hidden files, whose names begin with a dot, and names that mean something else on some "
     "system, such as `con.txt`, `a:b` or `a.`, are 404.",
     "A handle that never existed; a folder that isn't there (the error names it); a prefix or an "
     "option that can't be.",
     "simWS.serveFiles(server, '/', 'www')\n"
     "simWS.serveFiles(server, '/models', 'models', {cacheControl = 'max-age=3600'})"},
    {"startRecording",
     start_recording_parameters,
     {},
     &Api::start_recording,
     false,
     since_1_0,
     "Records from here on what the server sends and receives, with its times: what is sent to one "
     "connection, what is broadcast and published (once, however many get it), what comes, and "
     "connections that open and close. It begins with the connections that are open and with what "
     "topics retain. `simws replay` serves the file again.\n\n"
     "Only opening the file waits for the disk. A thread of the recording's own writes it, so that "
     "a slow disk holds up neither the script nor the network; what doesn't fit into 64 MiB, or a "
     "quarter of `maxTotalQueuedBytes`, meanwhile is left out, and told in the file. When it can't "
     "be written any more, a log line "
     "says why, and the recording ends. So it does, in order, when the server stops.",
     "A handle that never existed; a file that can't be written (the error names it and the "
     "cause); a server that is being recorded already.",
     "simWS.startRecording(server, 'run-7.jsonl.zst')"},
    {"stopRecording", server_only, stop_recording_results, &Api::stop_recording, false, since_1_0,
     "Ends the recording, and returns what it has. It doesn't wait: what is left is still written "
     "behind it.",
     "A handle that never existed; a server that isn't being recorded.",
     "simWS.startRecording(server, 'run-7.jsonl')\n"
     "local recording = simWS.stopRecording(server)\n"
     "print(recording.lines .. ' lines in ' .. recording.file)"},
};

static_assert(std::ranges::all_of(function_rows, [](const FunctionRow& row) {
  return !row.doc.empty() && !row.since.empty() && !row.errors.empty() &&
         row.parameters.size() <= max_parameters;
}));
static_assert(std::ranges::all_of(function_rows, [](const FunctionRow& row) {
  return std::ranges::none_of(row.parameters, [](const Parameter& p) { return p.doc.empty(); }) &&
         std::ranges::none_of(row.results, [](const ResultRow& r) { return r.doc.empty(); });
}));

constexpr bool sets_handler_of(const FunctionRow& row, std::string_view event) {
  constexpr std::string_view set = "set", handler = "Handler";
  return row.name.size() == set.size() + event.size() + handler.size() &&
         row.name.starts_with(set) && row.name.ends_with(handler) &&
         equals_ignoring_case(row.name.substr(set.size(), event.size()), event);
}
static_assert(std::ranges::all_of(callback_names, [](std::string_view event) {
  return std::ranges::count_if(function_rows, [&](const FunctionRow& row) {
           return sets_handler_of(row, event);
         }) == 1;
}));

constexpr ConstantRow constant_rows[] = {
    {"opcode", "continuation", 0, since_plugin, "A fragment that isn't the first of its message."},
    {"opcode", "text", 1, since_plugin, "Text: UTF-8."},
    {"opcode", "binary", 2, since_plugin, "Any bytes."},
};

}  // namespace

std::span<const FunctionRow> functions() {
  return function_rows;
}
std::span<const ConstantRow> constants() {
  return constant_rows;
}

const FunctionRow* find_function(std::string_view name) {
  const auto* row = std::ranges::find(function_rows, name, &FunctionRow::name);
  return row == std::end(function_rows) ? nullptr : row;
}

}  // namespace simws::script
