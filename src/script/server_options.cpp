#include "script/server_options.h"

#include "base/field_value.h"
#include "script/arguments.h"
#include "script/describe.h"
#include "script/function_table.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

namespace simws::script {

namespace {

struct Setter {
  ServerOptions& options;
  const Value& value;

  void operator()(std::monostate) const {}
  void operator()(std::string ServerOptions::*member) const {
    options.*member = value.text().value_or("");
  }
  void operator()(std::vector<std::string> ServerOptions::*member) const {
    auto& texts = options.*member;
    texts.clear();
    if (const auto text = value.text()) texts.emplace_back(*text);
    if (const auto* list = value.as<List>()) {
      for (const Value& item : *list) texts.emplace_back(item.text().value_or(""));
    }
  }
  void operator()(std::size_t ServerOptions::*member) const {
    options.*member = static_cast<std::size_t>(*value.as<std::int64_t>());
  }
  void operator()(bool ServerOptions::*member) const { options.*member = *value.as<bool>(); }
  void operator()(Seconds ServerOptions::*member) const {
    const auto* integer = value.as<std::int64_t>();
    options.*member = Seconds{integer ? static_cast<double>(*integer) : *value.as<double>()};
  }
};

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
  if (type == Type::texts) return parse_list(text);
  if (type == Type::boolean && (text == "true" || text == "false")) return {text == "true"};
  return {text};
}

Result<void> apply_named_parameters(Engine& engine, ServerOptions& options) {
  for (const OptionRow& row : start_options()) {
    const std::string name = "simWS." + std::string(row.name);
    const auto text = engine.named_parameter(name);
    if (!text || text->empty()) continue;
    Value value = parse(row.type, *text);
    const auto checked = check_option(row, "named parameter " + name, value);
    if (!checked) return checked;
    std::visit(Setter{options, value}, row.target);
  }
  const auto agent = engine.named_parameter("simWS.userAgent");
  if (!agent || agent->empty()) return {};
  if (!is_field_value(*agent)) {
    return Error{ErrorCode::invalid_argument,
                 "named parameter simWS.userAgent " + quote(*agent) +
                     " can't be sent: leave out control characters such as line ends"};
  }
  options.server_name = *agent;
  return {};
}

}  // namespace

Result<ServerOptions> make_server_options(Engine& engine, const Value& options) {
  ServerOptions made;
  const auto applied = apply_named_parameters(engine, made);
  if (!applied) return applied.error();
  const auto* map = options.as<Map>();
  if (!map) return made;
  for (const OptionRow& row : start_options()) {
    for (const MapEntry& entry : *map) {
      if (entry.key == row.name) std::visit(Setter{made, entry.value}, row.target);
    }
  }
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
