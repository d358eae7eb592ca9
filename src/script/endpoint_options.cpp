#include "script/endpoint_options.h"

#include "base/field_value.h"
#include "script/arguments.h"
#include "script/describe.h"
#include "script/function_table.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace simws::script {

namespace {

double as_double(const Value& value) {
  const auto* integer = value.as<std::int64_t>();
  return integer ? static_cast<double>(*integer) : *value.as<double>();
}

template <typename Options>
void set_options(Options& options, std::span<const OptionRow> rows, const Value& given);

void read(const Value& value, std::string& text) {
  text = value.text().value_or("");
}
void read(const Value& value, std::optional<std::string>& text) {
  text = value.text().value_or("");
}
// Where they are names of topics, true stands for all of them.
void read(const Value& value, std::vector<std::string>& texts) {
  texts.clear();
  if (const auto* flag = value.as<bool>(); flag && *flag) texts.emplace_back("#");
  if (const auto text = value.text()) texts.emplace_back(*text);
  if (const auto* list = value.as<List>()) {
    for (const Value& item : *list) texts.emplace_back(item.text().value_or(""));
  }
}
void read(const Value& value, HeaderList& headers) {
  headers.clear();
  if (const auto* map = value.as<Map>()) {
    for (const MapEntry& entry : *map) {
      headers.emplace_back(entry.key, entry.value.text().value_or(""));
    }
  }
}
void read(const Value& value, std::uint64_t& number) {
  number = static_cast<std::uint64_t>(*value.as<std::int64_t>());
}
void read(const Value& value, bool& flag) {
  flag = *value.as<bool>();
}
void read(const Value& value, double& number) {
  number = as_double(value);
}
void read(const Value& value, Seconds& time) {
  time = Seconds{as_double(value)};
}
void read(const Value& value, std::optional<Reconnect>& reconnect) {
  const auto* flag = value.as<bool>();
  reconnect.reset();
  if (flag && !*flag) return;
  set_options(reconnect.emplace(), reconnect_options(), value);
}

void read(const Value& value, TlsVersion& version) {
  version = value.text() == "1.3" ? TlsVersion::tls_1_3 : TlsVersion::tls_1_2;
}
void read(const Value& value, std::optional<ServerTls>& tls) {
  tls.emplace().local = value.text().has_value();
  set_options(*tls, server_tls_options(), value);
}
void read(const Value& value, std::optional<BrokerOptions>& broker) {
  broker.emplace().url = value.text().value_or("");
  set_options(*broker, broker_options(), value);
}
void read(const Value& value, ClientTls& tls) {
  set_options(tls, client_tls_options(), value);
}
void read(const Value& value, int& number) {
  number = static_cast<int>(*value.as<std::int64_t>());
}
void read(const Value& value, std::optional<Compression>& compression) {
  const auto* flag = value.as<bool>();
  compression.reset();
  if (flag && !*flag) return;
  set_options(compression.emplace(), compression_options(), value);
}

void read(const Value& value, std::optional<TopicPolicy>& policy) {
  const auto* const found = std::ranges::find(topic_policy_names, value.text().value_or(""));
  policy = static_cast<TopicPolicy>(found - topic_policy_names.begin());
}
template <typename Number>
void read(const Value& value, std::optional<Number>& number) {
  read(value, number.emplace());
}

// Of what has another type of options, nothing is set.
template <typename Options>
struct Setter {
  Options& options;
  const Value& value;

  template <typename Member>
  void operator()(Member Options::*member) const {
    read(value, options.*member);
  }
  template <typename Other>
  void operator()(Other) const {}
};

template <typename Options>
void set_options(Options& options, std::span<const OptionRow> rows, const Value& given) {
  const auto* map = given.as<Map>();
  if (!map) return;
  for (const OptionRow& row : rows) {
    const auto entry = std::ranges::find(*map, row.name, &MapEntry::key);
    if (entry == map->end() || entry->value.is_nil()) continue;
    std::visit(Setter<Options>{options, entry->value}, row.target);
  }
}

// Nothing when the text isn't exactly a number.
template <typename Number>
Value parse_number(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return {text};
  return {number};
}

// A list in a named parameter: "a, b".
Value parse_list(std::string_view text) {
  List items;
  while (!text.empty()) {
    const auto comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.push_back({std::string(item)});
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return {items};
}

// What the text of a named parameter means; a text that doesn't suit the type stays a text.
Value parse(Type type, const std::string& text) {
  if (type == Type::integer) return parse_number<std::int64_t>(text);
  if (type == Type::number) return parse_number<double>(text);
  const bool is_switch =
      type == Type::boolean || type == Type::switch_or_map || type == Type::switch_or_texts;
  if (is_switch && (text == "true" || text == "false")) return {text == "true"};
  if (type == Type::texts || type == Type::switch_or_texts) return parse_list(text);
  return {text};
}

// The name by which this program goes, in place of simWS.
Result<void> read_user_agent(Engine& engine, std::string& name) {
  const auto agent = engine.named_parameter("simWS.userAgent");
  if (!agent || agent->empty()) return {};
  if (!is_field_value(*agent)) {
    return Error{ErrorCode::invalid_argument,
                 "named parameter simWS.userAgent " + quote(*agent) +
                     " can't be sent: leave out control characters such as line ends"};
  }
  name = *agent;
  return {};
}

Result<void> apply_named_parameters(Engine& engine, ServerOptions& options) {
  for (const OptionRow& row : start_options()) {
    const std::string name = "simWS." + std::string(row.name);
    const auto text = engine.named_parameter(name);
    if (!text || text->empty()) continue;
    Value value = parse(row.type, *text);
    const auto checked = check_option(row, "named parameter " + name, value);
    if (!checked) return checked;
    std::visit(Setter<ServerOptions>{options, value}, row.target);
  }
  return read_user_agent(engine, options.server_name);
}

}  // namespace

Result<ServerOptions> make_server_options(Engine& engine, const Value& options) {
  ServerOptions made;
  const auto applied = apply_named_parameters(engine, made);
  if (!applied) return applied.error();
  set_options(made, start_options(), options);
  return made;
}

Result<ClientOptions> make_client_options(Engine& engine, const Value& options) {
  ClientOptions made;
  const auto named = read_user_agent(engine, made.user_agent);
  if (!named) return named.error();
  set_options(made, connect_options(), options);
  return made;
}

SubscriptionOptions make_subscription_options(const Value& options) {
  SubscriptionOptions made;
  set_options(made, subscription_options(), options);
  return made;
}

TopicOptions make_topic_options(const Value& options) {
  TopicOptions made;
  set_options(made, topic_options(), options);
  set_options(made.subscriptions, topic_options(), options);
  return made;
}

PublishOptions make_publish_options(const Value& options) {
  PublishOptions made;
  set_options(made, publish_options(), options);
  return made;
}

FileOptions make_file_options(const Value& options) {
  FileOptions made;
  set_options(made, file_options(), options);
  return made;
}

Result<void> check_named_parameter(std::string_view name) {
  constexpr std::string_view prefix = "simWS.";
  std::string known;
  const auto is_among = [&](std::string_view searched) {
    bool found = false;
    const auto look_at = [&](std::string_view option) {
      found = found || option == searched;
      known.append(known.empty() ? "" : ", ").append(prefix).append(option);
    };
    for (const OptionRow& row : start_options()) look_at(row.name);
    look_at("passBudget");
    look_at("userAgent");
    return found;
  };
  const bool has_prefix = name.starts_with(prefix);
  const bool is_option = is_among(has_prefix ? name.substr(prefix.size()) : name);
  if (is_option == has_prefix || !(is_option || has_prefix)) return {};
  std::string message = "there is no named parameter " + quote(name);
  message += has_prefix ? "; those of simWS are " + known
                        : "; write " + std::string(prefix) + std::string(name);
  return Error{ErrorCode::invalid_argument, std::move(message)};
}

Result<Seconds> pass_budget(Engine& engine) {
  constexpr OptionRow row{"passBudget", Type::number, "0.005", {0, 60}, {}, "1.0", ""};
  const auto text = engine.named_parameter("simWS.passBudget");
  Value value = text && !text->empty() ? parse(row.type, *text) : Value{0.005};
  const auto checked = check_option(row, "named parameter simWS.passBudget", value);
  if (!checked) return checked.error();
  return Seconds{*value.as<double>()};
}

}  // namespace simws::script
