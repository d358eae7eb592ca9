// The rows of the maps that the info functions return, and the maps.
#include "script/function_table.h"

#include "base/ascii.h"
#include "base/broker_members.h"
#include "script/describe.h"

#include <algorithm>
#include <map>

namespace simws::script {

namespace {

constexpr std::string_view since_1_0 = "1.0";

template <typename Info>
struct Field : FieldRow {
  Value (*get)(const Info&) = nullptr;
};

Value state_value(ConnectionState state) {
  switch (state) {
    case ConnectionState::connecting:
      return data_value("connecting");
    case ConnectionState::open:
      return data_value("open");
    case ConnectionState::closing:
      return data_value("closing");
    case ConnectionState::closed:
      break;
  }
  return data_value("closed");
}

Value tls_value(const ConnectionTls* tls) {
  if (!tls) return {};
  List names;
  for (const std::string& name : tls->peer_names) names.push_back({name});
  return {Map{{"version", {tls->version}},
              {"cipher", {tls->cipher}},
              {"subject", {tls->peer_subject}},
              {"names", {std::move(names)}}}};
}

Value histogram_value(const Histogram& histogram) {
  return {Map{{"count", integer_value(histogram.count())},
              {"sum", {histogram.sum.count()}},
              {"p50", {histogram.quantile(0.5).count()}},
              {"p90", {histogram.quantile(0.9).count()}},
              {"p99", {histogram.quantile(0.99).count()}},
              {"longest", {histogram.longest.count()}}}};
}

Value value_of(const std::string& text) {
  return {text};
}
Value value_of(std::string_view text) {
  return data_value(text);
}
Value value_of(const std::optional<Seconds>& time) {
  return time ? Value{time->count()} : Value{};
}
Value value_of(std::uint64_t number) {
  return integer_value(number);
}

Value broker_value(const std::optional<BrokerInfo>& broker) {
  if (!broker) return {};
  Map map;
  for_each_member(*broker, [&](const char* name, const auto& value) {
    map.push_back({name, value_of(value)});
  });
  return {std::move(map)};
}

using C = ConnectionInfo;
constexpr Field<C> connection_rows[] = {
    {{"remoteAddress", Type::text, since_1_0,
      "Address and port of the peer: `127.0.0.1:50312`. Behind a proxy of `trustedProxies` those "
      "of its client, where the port may be missing."},
     [](const C& info) { return Value{info.remote_address}; }},
    {{"resource", Type::text, since_1_0,
      "Path with query of the latest request, as sent but for tokens (see `token`); empty with a "
      "client."},
     [](const C& info) { return Value{std::string(info.request.resource())}; }},
    {{"headers", Type::map_of_texts, since_1_0,
      "Of the latest request, with a client those of the server's answer; names in lower case."},
     [](const C& info) { return Value{header_map(info.request)}; }},
    {{"subprotocol", Type::text, since_1_0, "The one agreed on; empty: none."},
     [](const C& info) { return Value{info.subprotocol}; }},
    {{"compression", Type::boolean, since_1_0, "Whether messages are compressed."},
     [](const C& info) { return Value{info.compression}; }},
    {{"queuedBytes", Type::integer, since_1_0, "Bytes that wait to be sent."},
     [](const C& info) { return integer_value(info.queued_bytes); }},
    {{"roundTripTime", Type::number, since_1_0,
      "Seconds between the latest ping and its answer; nil before the first.", true},
     [](const C& info) {
       return info.round_trip_time ? Value{info.round_trip_time->count()} : Value{};
     }},
    {{"state", Type::text, since_1_0, "`'connecting'`, `'open'`, `'closing'` or `'closed'`."},
     [](const C& info) { return state_value(info.state); }},
    {{"closeCode", Type::integer, since_1_0,
      "Why it closed (RFC 6455, 7.4): the code of the peer's Close frame; where that has none, the "
      "code of our own Close before it, or 1005. Where the peer sent no Close it's the code with "
      "which "
      "the server ended the connection (1001, 1002, 1007, 1009 or 1013), else 1006. nil while it's "
      "open.",
      true},
     [](const C& info) { return info.close_code ? integer_value(*info.close_code) : Value{}; }},
    {{"closeReason", Type::text, since_1_0, "The reason in the Close frame."},
     [](const C& info) { return Value{info.close_reason}; }},
    {{"clean", Type::boolean, since_1_0, "Whether the closing handshake was completed."},
     [](const C& info) { return Value{info.clean}; }},
    {{"error", Type::text, since_1_0,
      "Why it failed, or was not closed cleanly, in words; empty: it didn't."},
     [](const C& info) { return Value{info.error}; }},
    {{"tls", Type::map, since_1_0,
      "`version` (`'TLSv1.3'`) and `cipher`; of the peer's certificate, where one was verified, "
      "`subject` and `names`. nil: the connection isn't encrypted.",
      true},
     [](const C& info) { return tls_value(info.tls.get()); }},
    {{"messagesIn", Type::integer, since_1_0, "Messages received."},
     [](const C& info) { return integer_value(info.messages_in); }},
    {{"messagesOut", Type::integer, since_1_0, "Messages sent."},
     [](const C& info) { return integer_value(info.messages_out); }},
    {{"bytesIn", Type::integer, since_1_0,
      "Bytes received from the network, from the connection's first message on."},
     [](const C& info) { return integer_value(info.bytes_in); }},
    {{"bytesOut", Type::integer, since_1_0, "Bytes sent to the network, likewise."},
     [](const C& info) { return integer_value(info.bytes_out); }},
    {{"dropped", Type::integer, since_1_0, "Messages that were to be sent, and weren't."},
     [](const C& info) { return integer_value(info.dropped); }},
    {{"queueAge", Type::number, since_1_0,
      "Seconds that the oldest byte has waited of those which the system hasn't taken; 0: none "
      "waits. What subscriptions to topics hold back isn't counted."},
     [](const C& info) { return Value{info.queue_age.count()}; }},
};

using S = ServerInfo;
constexpr Field<S> server_rows[] = {
    {{"host", Type::text, since_1_0, "Where it listens: `127.0.0.1`, `*`, an address."},
     [](const S& info) { return Value{info.host}; }},
    {{"port", Type::integer, since_1_0, "The port it listens on, also when port 0 was asked for."},
     [](const S& info) { return integer_value(info.port); }},
    {{"tls", Type::boolean, since_1_0, "Whether connections are encrypted."},
     [](const S& info) { return Value{info.tls}; }},
    {{"connections", Type::integer, since_1_0, "Open connections."},
     [](const S& info) { return integer_value(info.connections); }},
    {{"messagesIn", Type::integer, since_1_0, "Messages received."},
     [](const S& info) { return integer_value(info.messages_in); }},
    {{"messagesOut", Type::integer, since_1_0, "Messages sent."},
     [](const S& info) { return integer_value(info.messages_out); }},
    {{"bytesIn", Type::integer, since_1_0, "Bytes received from the network."},
     [](const S& info) { return integer_value(info.bytes_in); }},
    {{"bytesOut", Type::integer, since_1_0, "Bytes sent to the network."},
     [](const S& info) { return integer_value(info.bytes_out); }},
    {{"dropped", Type::integer, since_1_0, "Messages that were queued and could not be sent."},
     [](const S& info) { return integer_value(info.dropped); }},
    {{"refused", Type::integer, since_1_0,
      "Attempts that did not become connections, and HTTP requests that were refused."},
     [](const S& info) { return integer_value(info.refused); }},
    {{"queuedBytes", Type::integer, since_1_0, "Bytes that wait to be sent, on all connections."},
     [](const S& info) { return integer_value(info.queued_bytes); }},
    {{"uptime", Type::number, since_1_0, "Seconds since it was started."},
     [](const S& info) { return Value{info.uptime.count()}; }},
    {{"accepted", Type::integer, since_1_0,
      "Connections that clients have made, for WebSocket, HTTP or nothing."},
     [](const S& info) { return integer_value(info.accepted); }},
    {{"handshakes", Type::integer, since_1_0, "WebSocket connections that were opened."},
     [](const S& info) { return integer_value(info.handshakes); }},
    {{"httpRequests", Type::integer, since_1_0,
      "HTTP requests for no WebSocket that weren't refused."},
     [](const S& info) { return integer_value(info.http_requests); }},
    {{"linesLeftOut", Type::integer, since_1_0,
      "Lines about clients that were left out of the log, which takes ten in a second."},
     [](const S& info) { return integer_value(info.lines_left_out); }},
    {{"pendingBytes", Type::integer, since_1_0,
      "Bytes received that the script hasn't handled, or whose message isn't whole (see "
      "`maxPendingBytes`)."},
     [](const S& info) { return integer_value(info.pending_bytes); }},
    {{"retainedBytes", Type::integer, since_1_0,
      "Bytes of data and keys that are retained of topics."},
     [](const S& info) { return integer_value(info.retained_bytes); }},
    {{"roundTripTimes", Type::map, since_1_0,
      "From pings, and what stands for them with topics, to their answers. This map and those "
      "below "
      "have the keys `count`, and in seconds `sum`, `p50`, `p90`, `p99` (what so many percent took "
      "at most, within a factor of two) and `longest`: all since the server was started."},
     [](const S& info) { return histogram_value(info.round_trip); }},
    {{"queueWaits", Type::map, since_1_0,
      "How long what the system didn't take at once has waited to be sent: once for all that a "
      "turn "
      "of the network's thread has left."},
     [](const S& info) { return histogram_value(info.queue_wait); }},
    {{"passTimes", Type::map, since_1_0,
      "How long passes over waiting events took, those for other servers and clients of the script "
      "too. Where the script's thread drives the network (`run`) there are none."},
     [](const S& info) { return histogram_value(info.pass_time); }},
    {{"callbackTimes", Type::map, since_1_0,
      "How long callbacks took, those for other servers and clients of the script too; where the "
      "script's thread drives the network, by each 16th of them."},
     [](const S& info) { return histogram_value(info.callback_time); }},
    {{"stepLateness", Type::map, since_1_0,
      "By how much steps of the script (`sysCall_actuation`) began too late; `simws run` counts "
      "it."},
     [](const S& info) { return histogram_value(info.step_lateness); }},
    {{"broker", Type::map, since_1_0,
      "How the server gets on with its broker (option `broker`): `url` without passwords, `name`; "
      "`state`: `'connecting'`, `'open'`, `'held'` (another server has the name), `'error'`; "
      "`error`: what doesn't work and what to do, empty: nothing; `server`: the broker's name, "
      "while it's open; `published`, `dropped`, `conflated` and `queuedBytes` of what goes to it; "
      "`incoming`: messages of viewers at edges, `incomingDropped` of these; `roundTrip`: seconds, "
      "or nil. nil: there's no broker.",
      true},
     [](const S& info) { return broker_value(info.broker); }},
};

Value state_value(ClientState state) {
  switch (state) {
    case ClientState::connecting:
      return data_value("connecting");
    case ClientState::open:
      return data_value("open");
    case ClientState::waiting:
      return data_value("waiting");
    case ClientState::closed:
      break;
  }
  return data_value("closed");
}

using K = ClientInfo;
constexpr Field<K> client_rows[] = {
    {{"uri", Type::text, since_1_0,
      "Where it connects to; user, password and tokens are shown as `***`."},
     [](const K& info) { return Value{info.uri}; }},
    {{"state", Type::text, since_1_0,
      "`'connecting'`, `'open'`, `'waiting'` for the next attempt, or `'closed'`: none follows."},
     [](const K& info) { return state_value(info.state); }},
    {{"attempts", Type::integer, since_1_0, "How many attempts there have been."},
     [](const K& info) { return integer_value(info.attempts); }},
    {{"nextAttempt", Type::number, since_1_0,
      "Seconds until the next attempt; nil where none is waited for.", true},
     [](const K& info) { return info.next_attempt ? Value{info.next_attempt->count()} : Value{}; }},
    {{"messagesIn", Type::integer, since_1_0, "Messages received."},
     [](const K& info) { return integer_value(info.messages_in); }},
    {{"messagesOut", Type::integer, since_1_0, "Messages sent."},
     [](const K& info) { return integer_value(info.messages_out); }},
    {{"bytesIn", Type::integer, since_1_0, "Bytes received from the network."},
     [](const K& info) { return integer_value(info.bytes_in); }},
    {{"bytesOut", Type::integer, since_1_0, "Bytes sent to the network."},
     [](const K& info) { return integer_value(info.bytes_out); }},
    {{"queuedBytes", Type::integer, since_1_0, "Bytes that wait to be sent, or are kept."},
     [](const K& info) { return integer_value(info.queued_bytes); }},
    {{"dropped", Type::integer, since_1_0,
      "Messages that were queued or kept and could not be sent."},
     [](const K& info) { return integer_value(info.dropped); }},
    {{"tls", Type::map, since_1_0,
      "Of the open connection `version` (`'TLSv1.3'`), `cipher`, and the verified certificate's "
      "`subject` and `names`. nil: there's none, or it isn't encrypted.",
      true},
     [](const K& info) { return tls_value(info.tls.get()); }},
};

using T = TopicInfo;
constexpr Field<T> topic_rows[] = {
    {{"subscribers", Type::integer, since_1_0, "Connections that are subscribed to it."},
     [](const T& info) { return integer_value(info.subscribers); }},
    {{"published", Type::integer, since_1_0, "Messages published to it."},
     [](const T& info) { return integer_value(info.published); }},
    {{"delivered", Type::integer, since_1_0, "Messages handed to connections."},
     [](const T& info) { return integer_value(info.delivered); }},
    {{"conflated", Type::integer, since_1_0,
      "Messages left out, for a newer one of their key came."},
     [](const T& info) { return integer_value(info.conflated); }},
    {{"dropped", Type::integer, since_1_0, "Messages lost, as a policy says."},
     [](const T& info) { return integer_value(info.dropped); }},
    {{"queuedBytes", Type::integer, since_1_0, "Bytes that wait in subscriptions."},
     [](const T& info) { return integer_value(info.queued_bytes); }},
    {{"retainedKeys", Type::integer, since_1_0, "Keys of which a message is retained."},
     [](const T& info) { return integer_value(info.retained_keys); }},
    {{"retainedBytes", Type::integer, since_1_0, "Bytes of these messages and keys."},
     [](const T& info) { return integer_value(info.retained_bytes); }},
};

using R = RecordingInfo;
constexpr Field<R> recording_rows[] = {
    {{"file", Type::text, since_1_0, "Its name."}, [](const R& info) { return Value{info.file}; }},
    {{"lines", Type::integer, since_1_0,
      "Messages, opens and closes that were handed to the file."},
     [](const R& info) { return integer_value(info.lines); }},
    {{"leftOut", Type::integer, since_1_0, "Those that were left out: the disk didn't keep up."},
     [](const R& info) { return integer_value(info.left_out); }},
    {{"error", Type::text, since_1_0,
      "Why it has ended before, if the file could not be written; empty otherwise."},
     [](const R& info) { return Value{info.error}; }},
};

constexpr bool is_documented(const FieldRow& row) {
  return !row.doc.empty() && !row.since.empty();
}
static_assert(std::ranges::all_of(connection_rows, is_documented));
static_assert(std::ranges::all_of(server_rows, is_documented));
static_assert(std::ranges::all_of(client_rows, is_documented));
static_assert(std::ranges::all_of(topic_rows, is_documented));
static_assert(std::ranges::all_of(recording_rows, is_documented));

// The rows without how to get their values, for those who only read them.
template <typename Rows>
std::vector<FieldRow> plain_rows(const Rows& rows) {
  return {std::begin(rows), std::end(rows)};
}

template <typename Rows, typename Info>
Map make_map(const Rows& rows, const Info& info) {
  Map map;
  map.reserve(std::size(rows));
  for (const auto& row : rows) map.push_back({std::string(row.name), row.get(info)});
  return map;
}

template <typename Info>
const Field<Info>* find_row(std::span<const Field<Info>> rows, std::string_view name) {
  const auto row = std::ranges::find(rows, name, &FieldRow::name);
  return row == rows.end() ? nullptr : &*row;
}

Error unknown_field(std::string_view name, const std::vector<FieldRow>& rows) {
  std::string message = "unknown field " + quote(name) + "; the fields are ";
  for (const FieldRow& row : rows) {
    if (&row != rows.data()) message += ", ";
    message += row.name;
  }
  return {ErrorCode::invalid_argument, std::move(message)};
}

}  // namespace

std::vector<FieldRow> connection_fields() {
  return plain_rows(connection_rows);
}
std::vector<FieldRow> server_fields() {
  return plain_rows(server_rows);
}
std::vector<FieldRow> client_fields() {
  return plain_rows(client_rows);
}
std::vector<FieldRow> topic_fields() {
  return plain_rows(topic_rows);
}
std::vector<FieldRow> recording_fields() {
  return plain_rows(recording_rows);
}

Map connection_map(const ConnectionInfo& info) {
  return make_map(connection_rows, info);
}
Result<Map> connection_map(const ConnectionInfo& info, std::span<const std::string_view> names) {
  Map map;
  map.reserve(names.size());
  for (const std::string_view name : names) {
    const auto* const row = find_row<C>(connection_rows, name);
    if (!row) return unknown_field(name, connection_fields());
    map.push_back({std::string(name), row->get(info)});
  }
  return map;
}
Map server_map(const ServerInfo& info) {
  return make_map(server_rows, info);
}
Map client_map(const ClientInfo& info) {
  return make_map(client_rows, info);
}
Map topic_map(const TopicInfo& info) {
  return make_map(topic_rows, info);
}
Map recording_map(const RecordingInfo& info) {
  return make_map(recording_rows, info);
}

// Peers choose the names, so the time to find one may not depend on which they are.
Map header_map(const RequestHead& request) {
  Map map;
  std::map<std::string, std::size_t> places;
  request.for_each([&](std::string_view name, std::string_view value) {
    const auto [place, is_new] = places.try_emplace(to_lower(name), map.size());
    if (is_new) {
      map.push_back({place->first, {std::string(value)}});
      return;
    }
    const std::string_view separator = place->first == "cookie" ? "; " : ", ";
    std::get<std::string>(map[place->second].value.held).append(separator).append(value);
  });
  return map;
}

}  // namespace simws::script
