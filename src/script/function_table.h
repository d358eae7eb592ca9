// The one table of what scripts can call and be called by. Every binding, check, error text and the
// reference are made from it. Rows are appended, never reordered.
#pragma once

#include "script/callback_kind.h"
#include "script/value.h"

#include <simws/client.h>
#include <simws/compression.h>
#include <simws/connection.h>
#include <simws/files.h>
#include <simws/options.h>
#include <simws/recording.h>
#include <simws/result.h>
#include <simws/server.h>
#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simws::script {

class Api;
class Arguments;

enum class Type : std::uint8_t {
  boolean,
  integer,
  number,  // integers too
  text,
  data,    // text or binary
  server,  // a handle
  client,
  endpoint,  // a server or a client
  connection,
  callback,  // a function or its name; nil and '' for none
  map,
  map_of_texts,
  switch_or_map,    // a boolean, or a map of options
  text_or_map,      // one of a few words, or a map of options
  texts,            // a list of strings; one string stands for a list of it
  switch_or_texts,  // a boolean, or such a list
  map_of_maps,      // whose keys are no fixed ones
};

// "bool", "int", "float", "string", "map", "list".
std::string_view type_name(Type type);

// Inclusive.
struct Range {
  double least = 0;
  double most = 0;
};

// Where the value of an option of `start`, `connect` or `serveFiles` belongs.
using Target = std::variant<
    std::monostate, std::string ServerOptions::*, std::vector<std::string> ServerOptions::*,
    std::size_t ServerOptions::*, Seconds ServerOptions::*, bool ServerOptions::*,
    std::string ClientOptions::*, std::vector<std::string> ClientOptions::*,
    std::size_t ClientOptions::*, Seconds ClientOptions::*, bool ClientOptions::*,
    HeaderList ClientOptions::*, std::optional<std::string> ClientOptions::*,
    std::optional<Reconnect> ClientOptions::*, Seconds Reconnect::*, double Reconnect::*,
    std::uint64_t Reconnect::*, std::optional<ServerTls> ServerOptions::*, std::string ServerTls::*,
    TlsVersion ServerTls::*, std::optional<BrokerOptions> ServerOptions::*,
    std::string BrokerOptions::*, ClientTls ClientOptions::*, std::string ClientTls::*,
    bool ClientTls::*, std::optional<Compression> ServerOptions::*,
    std::optional<Compression> ClientOptions::*, std::size_t Compression::*, int Compression::*,
    bool Compression::*, std::optional<TopicPolicy> SubscriptionOptions::*,
    std::optional<std::size_t> SubscriptionOptions::*, std::optional<double> SubscriptionOptions::*,
    std::optional<int> SubscriptionOptions::*, std::optional<Seconds> SubscriptionOptions::*,
    std::optional<std::size_t> TopicOptions::*, std::string PublishOptions::*,
    bool PublishOptions::*, std::string FileOptions::*, bool FileOptions::*,
    HeaderList FileOptions::*>;

// A key of a map of options.
struct OptionRow {
  std::string_view name;
  Type type = Type::text;
  std::string_view default_value;  // as scripts write it
  Range range;                     // of numbers
  Target target;                   // of options of these
  std::string_view since;
  std::string_view doc;
  std::span<const OptionRow> (*keys)() = nullptr;  // of a map of options in it
  bool is_secret = false;                          // errors don't show its value
  std::span<const std::string_view> words = {};    // a text is one of these; empty: any
};

struct Parameter {
  std::string_view name;
  Type type = Type::text;
  std::string_view default_value;  // as scripts write it; empty: must be given
  std::string_view doc;
  std::span<const OptionRow> (*keys)() = nullptr;  // of a map of options
  bool may_be_nil = false;
  std::string_view formerly = {};  // the name by which older scripts may pass it

  constexpr bool is_optional() const { return !default_value.empty(); }
};

// A key of a map that a function returns.
struct FieldRow {
  std::string_view name;
  Type type = Type::text;
  std::string_view since;
  std::string_view doc;
  bool may_be_nil = false;
};

struct ResultRow {
  std::string_view name;
  Type type = Type::text;
  std::string_view doc;
  std::vector<FieldRow> (*fields)() = nullptr;  // of a map
};

using Implementation = Result<Value> (Api::*)(const Arguments&);

// A function as its caller sees it.
struct Signature {
  std::string_view module;
  std::string_view name;
  std::span<const Parameter> parameters;

  constexpr std::size_t required() const {
    std::size_t count = 0;
    while (count < parameters.size() && !parameters[count].is_optional()) ++count;
    return count;
  }
  // "simWS.send".
  std::string full_name() const { return std::string(module).append(".").append(name); }
};

struct FunctionRow {
  std::string_view name;
  std::span<const Parameter> parameters;
  std::span<const ResultRow> results;
  Implementation implementation = nullptr;
  bool drives_events = false;  // only where no simulator does
  std::string_view since;
  std::string_view doc;
  std::string_view errors;
  std::string_view example;  // in Lua; may be empty

  // A row stands for its signature.
  constexpr operator Signature() const { return {"simWS", name, parameters}; }
};

// A function that a script has and the server calls.
struct CallbackRow {
  std::string_view name;
  CallbackKind kind = CallbackKind::open;
  std::span<const Parameter> parameters;
  std::size_t always = 0;  // so many are always passed; the others to a function that takes them
  std::span<const ResultRow> results;
  std::string_view since;
  std::string_view doc;
  std::string_view example;
};

struct ConstantRow {
  std::string_view group;
  std::string_view name;
  int value = 0;
  std::string_view since;
  std::string_view doc;
};

inline constexpr std::size_t max_parameters = 5;
inline constexpr std::size_t max_callback_parameters = 6;
inline constexpr std::size_t max_callback_results = 3;

std::span<const FunctionRow> functions();
std::span<const CallbackRow> callbacks();
std::span<const ConstantRow> constants();

// Options of `start`, `connect`, `send`, `broadcast`, `run` and `serveFiles`; and of maps in them.
std::span<const OptionRow> start_options();
std::span<const OptionRow> connect_options();
std::span<const OptionRow> reconnect_options();
std::span<const OptionRow> server_tls_options();
std::span<const OptionRow> client_tls_options();
std::span<const OptionRow> compression_options();
std::span<const OptionRow> broker_options();
std::span<const OptionRow> send_options();
std::span<const OptionRow> broadcast_options();
std::span<const OptionRow> run_options();
std::span<const OptionRow> subscription_options();
std::span<const OptionRow> topic_options();
std::span<const OptionRow> publish_options();
std::span<const OptionRow> file_options();

// Keys of what the info functions return.
std::vector<FieldRow> connection_fields();
std::vector<FieldRow> server_fields();
std::vector<FieldRow> client_fields();
std::vector<FieldRow> topic_fields();  // of each topic
std::vector<FieldRow> recording_fields();
Map connection_map(const ConnectionInfo& info);
// Only these keys, which takes only what they take. Error: there is no such key.
Result<Map> connection_map(const ConnectionInfo& info, std::span<const std::string_view> names);
Map server_map(const ServerInfo& info);
Map client_map(const ClientInfo& info);
Map topic_map(const TopicInfo& info);
Map recording_map(const RecordingInfo& info);
// The headers of a request as scripts see them: names in lower case, repeated ones joined by ", ",
// cookies by "; " (RFC 6265, 5.4).
Map header_map(const RequestHead& request);

// Null when there is none of that name.
const FunctionRow* find_function(std::string_view name);
const CallbackRow& callback_row(CallbackKind kind);

// "simWS.send(string serverHandle, ..., int opcode=sim_ws_opcode_text)".
std::string synopsis(const Signature& signature);

}  // namespace simws::script
