#include "protocol/broker/broker_answers.h"

#include "base/json_text.h"
#include "protocol/broker/broker_message.h"
#include "protocol/broker/topic_settings.h"

#include <nlohmann/json.hpp>

#include <cstddef>

namespace simws::protocol {

namespace {

using nlohmann::json;

constexpr std::size_t most_text = 4096;

// A limit on depth: the library's values are destroyed one within the other.
json parse(std::string_view text, std::size_t most = most_text) {
  if (text.size() > most) return {};
  return json::parse(
      text, [](int depth, json::parse_event_t, json&) { return depth < 8; }, false);
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string shown(const NameHolder& holder) {
  const bool is_named = holder.address.starts_with(holder.host);
  return is_named ? holder.address : holder.address + " on " + holder.host;
}

std::optional<NameHolder> parse_name_holder(std::string_view text) {
  const json value = parse(text, most_text + most_topic_settings_text);
  if (!value.is_object()) return std::nullopt;
  NameHolder holder{text_of(value, "epoch"), text_of(value, "address"), text_of(value, "host"), {}};
  if (!is_epoch(holder.epoch) || holder.address.size() + holder.host.size() > most_text) {
    return std::nullopt;
  }
  const auto topics = value.find("topics");
  if (topics != value.end() && topics->is_object()) holder.topics = topics->dump();
  return holder;
}

std::string name_holder_text(const NameHolder& holder) {
  JsonText text;
  text.begin_object().member("epoch", holder.epoch).member("address", holder.address);
  text.member("host", holder.host);
  if (holder.topics.empty()) return text.end_object().take();
  return text.name("topics").take().append(holder.topics).append("}");
}

StreamAnswer parse_stream_answer(std::string_view text) {
  const json value = parse(text);
  if (!value.is_object()) return {{}, "the stream's answer is no JSON object"};
  if (const auto error = value.find("error"); error != value.end()) {
    const std::string why = error->is_object() ? text_of(*error, "description") : std::string();
    return {{}, why.empty() ? "the stream refuses it" : why};
  }
  const auto sequence = value.find("seq");
  if (sequence == value.end() || !sequence->is_number_unsigned()) {
    return {{}, "the stream's answer has no sequence"};
  }
  return {sequence->get<std::uint64_t>(), {}};
}

}  // namespace simws::protocol
