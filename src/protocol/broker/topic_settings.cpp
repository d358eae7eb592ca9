#include "protocol/broker/topic_settings.h"

#include "base/json_text.h"
#include "protocol/topics/topic_name.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace simws::protocol {

namespace {

using nlohmann::json;

constexpr int most_depth = 4;
constexpr double most_seconds = 1e6;

void write(JsonText& text, const SubscriptionOptions& options) {
  text.begin_object();
  if (options.policy) {
    text.member("policy", topic_policy_names[static_cast<std::size_t>(*options.policy)]);
  }
  if (options.max_queued) text.member("maxQueued", *options.max_queued);
  if (options.rate) text.member("rate", *options.rate);
  if (options.priority) text.member("priority", *options.priority);
  if (options.window) text.member("window", options.window->count());
  text.end_object();
}

std::optional<TopicPolicy> read_policy(const json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto& name = value.get_ref<const std::string&>();
  const auto* const found = std::ranges::find(topic_policy_names, name);
  if (found == topic_policy_names.end()) return std::nullopt;
  return static_cast<TopicPolicy>(found - topic_policy_names.begin());
}

std::optional<double> read_number(const json& value, double least, double most) {
  if (!value.is_number()) return std::nullopt;
  const auto number = value.get<double>();
  return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

SubscriptionOptions read(const json& object) {
  SubscriptionOptions options;
  for (const auto& [name, value] : object.items()) {
    if (name == "policy") options.policy = read_policy(value);
    if (name == "maxQueued" && value.is_number_unsigned() && value.get<std::uint64_t>() > 0) {
      options.max_queued = value.get<std::size_t>();
    }
    if (name == "rate") options.rate = read_number(value, 0, most_seconds);
    if (name == "priority") {
      if (const auto number = read_number(value, 0, 7))
        options.priority = static_cast<int>(*number);
    }
    if (name == "window") {
      if (const auto seconds = read_number(value, 0, most_seconds)) {
        options.window = std::chrono::duration<double>(*seconds);
      }
    }
  }
  return options;
}

}  // namespace

std::optional<std::string> topic_settings_text(const TopicSettings& settings) {
  if (settings.size() > most_topic_settings) return std::nullopt;
  JsonText text;
  text.begin_object();
  for (const auto& [topic, options] : settings) {
    text.name(topic);
    write(text, options);
  }
  text.end_object();
  if (text.size() > most_topic_settings_text) return std::nullopt;
  return text.take();
}

std::optional<TopicSettings> parse_topic_settings(std::string_view text) {
  if (text.size() > most_topic_settings_text) return std::nullopt;
  // A limit on depth: the library's values are destroyed one within the other.
  const json value = json::parse(
      text, [](int depth, json::parse_event_t, json&) { return depth < most_depth; }, false);
  if (!value.is_object() || value.size() > most_topic_settings) return std::nullopt;
  TopicSettings settings;
  for (const auto& [topic, options] : value.items()) {
    if (options.is_object() && check_subscription(topic)) settings[topic] = read(options);
  }
  return settings;
}

}  // namespace simws::protocol
