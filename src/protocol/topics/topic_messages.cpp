#include "protocol/topics/topic_messages.h"

#include "base/json_text.h"
#include "protocol/topics/topic_name.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace simws::protocol {

using nlohmann::json;

std::string as_json(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

namespace {

// The library's values need memory to be destroyed, so only its texts, and what it reads, are used.
std::string number(double value) {
  return json(value).dump();
}

std::string line(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) {
    if (text.size() > 1) text += ',';
    text += item;
  }
  return text + "]\n";
}

// With microseconds, which a double of JSON keeps.
double rounded(double milliseconds) {
  return std::round(milliseconds * 1000) / 1000;
}

std::string with_origin(std::vector<std::string> items, const Origin& origin) {
  if (!origin.epoch.empty()) {
    items.push_back(as_json(std::string_view(origin.epoch)));
    items.push_back(std::to_string(origin.sequence));
  }
  return line(items);
}

// What stands in a header line, but for arrays and objects.
struct Scalar {
  const std::string* text = nullptr;  // null: it's none
  std::optional<double> number = {};
  bool is_integer = false;
};

template <typename Number>
std::string take_number(const Scalar& value, std::string_view name, std::optional<Number>& into) {
  constexpr bool wants_integer = std::is_integral_v<Number>;
  if (!value.number || (wants_integer && !value.is_integer)) {
    return std::string(name) + (wants_integer ? " is no whole number" : " is no number");
  }
  if (*value.number < 0) return std::string(name) + " is negative";
  if constexpr (wants_integer) {
    constexpr double most = std::min(static_cast<double>(std::numeric_limits<Number>::max()), 1e15);
    if (*value.number > most) return std::string(name) + " is too large";
  }
  into = static_cast<Number>(*value.number);
  return {};
}

// Why it can't be; options of a later version are passed over.
std::string take_option(const std::string& name, const Scalar& value, SubscriptionOptions& into) {
  if (name == "policy") {
    if (value.text) into.policy = policy_of(*value.text);
    return into.policy ? "" : "policy is none of all, latest, oldest, newest, resync";
  }
  if (name == "maxQueued") return take_number(value, name, into.max_queued);
  if (name == "rate") return take_number(value, name, into.rate);
  if (name == "priority") return take_number(value, name, into.priority);
  if (name != "window") return {};
  std::optional<double> seconds;
  std::string fault = take_number(value, name, seconds);
  if (seconds) into.window = std::chrono::duration<double>(*seconds);
  return fault;
}

// A header line as it's read: an array of a word, a topic or a number, and options.
class HeaderReader final : public nlohmann::json_sax<json> {
 public:
  bool is_array() const { return is_array_; }
  std::optional<std::string> word;
  std::optional<std::string> topic;
  std::optional<double> number;  // in the topic's place, whole
  SubscriptionOptions options;
  std::string fault;  // of these

  bool null() override { return take({}, true); }
  bool boolean(bool) override { return take({}); }
  bool number_integer(std::int64_t value) override {
    return take({nullptr, static_cast<double>(value), true});
  }
  bool number_unsigned(std::uint64_t value) override {
    return take({nullptr, static_cast<double>(value), true});
  }
  bool number_float(double value, const std::string&) override { return take({nullptr, value}); }
  bool string(std::string& value) override { return take({&value}); }
  bool binary(json::binary_t&) override { return take({}); }
  bool key(std::string& name) override {
    if (depth_ == 2) key_ = name;
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) is_array_ = true;
    return begin(false);
  }
  bool start_object(std::size_t) override { return begin(true); }
  bool end_array() override { return end(); }
  bool end_object() override { return end(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool begin(bool is_object) {
    if (depth_ == 1) in_options_ = is_object && index_ == 2;
    if (depth_ == 1 && index_ == 2 && !is_object) fault = "the options are no object";
    if (depth_ == 2 && in_options_) (void)take({});
    ++depth_;
    return true;
  }
  bool end() {
    if (--depth_ == 1) ++index_;
    return true;
  }
  bool take(const Scalar& value, bool is_null = false) {
    if (depth_ == 2 && in_options_ && fault.empty()) fault = take_option(key_, value, options);
    if (depth_ != 1) return true;
    if (index_ == 0 && value.text) word = *value.text;
    if (index_ == 1 && value.text) topic = *value.text;
    if (index_ == 1 && value.is_integer) number = value.number;
    if (index_ == 2 && !is_null) fault = "the options are no object";
    ++index_;
    return true;
  }

  std::size_t depth_ = 0;
  std::size_t index_ = 0;  // in the array
  bool is_array_ = false;
  bool in_options_ = false;
  std::string key_;
};

topic_request::Malformed malformed(std::string_view why) {
  return {std::string("a header line of ").append(topics_subprotocol).append(" ").append(why)};
}

TopicWord read_subscribe(HeaderReader&& header) {
  topic_request::Subscribe subscribe{std::move(*header.topic), header.options, header.fault};
  if (subscribe.fault.empty()) {
    subscribe.fault = fault_of(header.options, Subscriber::page).value_or("");
  }
  return subscribe;
}

template <typename Word>
TopicWord read_numbered(const HeaderReader& header) {
  constexpr double most = std::numeric_limits<std::uint32_t>::max();
  if (!header.number || *header.number < 0 || *header.number > most) {
    return malformed("has no number");
  }
  return Word{static_cast<std::uint32_t>(*header.number)};
}

TopicWord read_line(std::string_view line) {
  HeaderReader header;
  if (!json::sax_parse(line, &header)) return malformed("is no JSON");
  if (!header.is_array() || !header.word) {
    return malformed("is no JSON array that begins with a word");
  }
  const std::string& word = *header.word;
  if (word == "ack") return read_numbered<topic_request::Acknowledge>(header);
  if (word == "ping") return read_numbered<topic_request::Ping>(header);
  if (word != "subscribe" && word != "unsubscribe" && word != "publish") {
    return topic_request::Unknown{};
  }
  if (!header.topic) return malformed("names no topic");
  if (word == "unsubscribe") return topic_request::Unsubscribe{std::move(*header.topic)};
  if (word == "publish") return topic_request::Publish{std::move(*header.topic)};
  return read_subscribe(std::move(header));
}

}  // namespace

namespace topic_message {

std::string message(std::string_view topic, std::string_view key, double time,
                    const Origin& origin) {
  return with_origin({as_json("message"), as_json(topic), as_json(key), number(rounded(time))},
                     origin);
}

std::string part(std::string_view topic, std::string_view key, double time, std::size_t index,
                 std::size_t count, const Origin& origin) {
  return with_origin({as_json("part"), as_json(topic), as_json(key), number(rounded(time)),
                      std::to_string(index), std::to_string(count)},
                     origin);
}

std::string mark(std::uint32_t value, std::optional<std::chrono::duration<double>> round_trip) {
  const std::string text = std::to_string(value);
  if (!round_trip) return line({as_json("mark"), text});
  return line({as_json("mark"), text, number(rounded(round_trip->count() * 1000))});
}

std::string subscribed(std::string_view topic, const SubscriptionOptions& options) {
  const std::string named = "{\"policy\":" + as_json(name_of(*options.policy)) +
                            ",\"maxQueued\":" + std::to_string(*options.max_queued) +
                            ",\"rate\":" + number(*options.rate) +
                            ",\"priority\":" + std::to_string(*options.priority) +
                            ",\"window\":" + number(options.window->count()) + "}";
  return line({as_json("subscribed"), as_json(topic), named});
}

std::string pong(std::uint32_t value, double time) {
  return line({as_json("pong"), std::to_string(value), number(rounded(time))});
}

std::string refused(std::string_view word, std::string_view topic, std::string_view reason) {
  return line({as_json("refused"), as_json(word), as_json(topic), as_json(reason)});
}

std::string stale(bool is_stale, std::string_view reason) {
  return line({as_json("stale"), is_stale ? "true" : "false", as_json(reason)});
}

}  // namespace topic_message

TopicRequest parse_topic_request(std::string_view message) {
  const std::size_t end = std::min(message.find('\n'), message.size());
  const std::string_view line = message.substr(0, end);
  const std::string_view payload = message.substr(std::min(end + 1, message.size()));
  if (message.empty()) return {malformed("is missing"), {}};
  if (line.empty()) return {topic_request::Send{}, payload};
  if (line.size() > topic_message::max_header_size) {
    return {
        malformed("is longer than " + std::to_string(topic_message::max_header_size) + " bytes"),
        {}};
  }
  return {read_line(line), payload};
}

std::string_view name_of(TopicPolicy policy) {
  return topic_policy_names[static_cast<std::size_t>(policy)];
}

std::optional<TopicPolicy> policy_of(std::string_view name) {
  const auto* const found = std::ranges::find(topic_policy_names, name);
  if (found == topic_policy_names.end()) return std::nullopt;
  return static_cast<TopicPolicy>(found - topic_policy_names.begin());
}

std::optional<std::string> fault_of(const SubscriptionOptions& options, Subscriber by) {
  const int most = by == Subscriber::page ? 6 : 7;
  if (options.priority && (*options.priority < 0 || *options.priority > most)) {
    return "priority is not 0 to " + std::to_string(most);
  }
  if (options.max_queued && *options.max_queued == 0) return "maxQueued is 0";
  const auto is_bad = [](double value) { return !(value >= 0 && value <= 1e9); };
  if (options.rate && is_bad(*options.rate)) return "rate is not 0 to 1000000000";
  if (options.window && is_bad(options.window->count())) return "window is not 0 to 1000000000";
  return std::nullopt;
}

}  // namespace simws::protocol
