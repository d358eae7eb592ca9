#include "protocol/topics/topic_replies.h"

#include "protocol/topics/topic_messages.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace simws::protocol {

namespace {

using nlohmann::json;

// A text, a whole number from 0 on, true or false; none of them: something else stands there.
struct Item {
  std::optional<std::string> text = {};
  std::optional<std::uint64_t> number = {};
  std::optional<bool> truth = {};
};

// An array's items; what lies deeper is passed over, and so are items that nobody asks for.
class ItemReader final : public nlohmann::json_sax<json> {
 public:
  static constexpr std::size_t most = 8;

  bool is_array() const { return is_array_; }
  const std::string* text(std::size_t index) const {
    return index < items_.size() && items_[index].text ? &*items_[index].text : nullptr;
  }
  std::optional<std::uint64_t> number(std::size_t index) const {
    return index < items_.size() ? items_[index].number : std::nullopt;
  }
  std::optional<bool> truth(std::size_t index) const {
    return index < items_.size() ? items_[index].truth : std::nullopt;
  }

  bool null() override { return take({}); }
  bool boolean(bool value) override { return take({{}, {}, value}); }
  bool number_integer(std::int64_t) override { return take({}); }
  bool number_unsigned(std::uint64_t value) override { return take({{}, value, {}}); }
  bool number_float(double, const std::string&) override { return take({}); }
  bool string(std::string& value) override { return take({value, {}, {}}); }
  bool binary(json::binary_t&) override { return take({}); }
  bool key(std::string&) override { return true; }
  bool start_object(std::size_t) override { return begin(); }
  bool start_array(std::size_t) override {
    if (depth_ == 0) is_array_ = true;
    return begin();
  }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool take(Item item) {
    if (depth_ == 1 && items_.size() < most) items_.push_back(std::move(item));
    return true;
  }
  bool begin() {
    (void)take({});
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }

  std::vector<Item> items_;
  std::size_t depth_ = 0;
  bool is_array_ = false;
};

topic_reply::Malformed malformed(std::string_view why) {
  return {std::string("a header line of ").append(topics_subprotocol).append(" ").append(why)};
}

TopicReplyWord read_mark(const ItemReader& line) {
  const auto number = line.number(1);
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) {
    return malformed("has no number");
  }
  return topic_reply::Mark{static_cast<std::uint32_t>(*number)};
}

// What stands there in a later version is passed over.
Origin read_origin(const ItemReader& line, std::size_t index) {
  const std::string* const epoch = line.text(index);
  const auto sequence = line.number(index + 1);
  return epoch && sequence ? Origin{*epoch, *sequence} : Origin();
}

TopicReplyWord read_stale(const ItemReader& line) {
  const auto is_stale = line.truth(1);
  if (!is_stale) return malformed("doesn't say whether what comes is stale");
  return topic_reply::Stale{*is_stale, line.text(2) ? *line.text(2) : std::string()};
}

TopicReplyWord read_part(const ItemReader& line) {
  const auto index = line.number(4);
  const auto count = line.number(5);
  if (!index || !count || *index >= *count) return malformed("has no part's number");
  return topic_reply::Part{*line.text(1), *line.text(2), static_cast<std::size_t>(*index),
                           static_cast<std::size_t>(*count), read_origin(line, 6)};
}

TopicReplyWord read_line(std::string_view text) {
  ItemReader line;
  if (!json::sax_parse(text, &line) || !line.is_array() || !line.text(0)) {
    return malformed("is no JSON array that begins with a word");
  }
  const std::string& word = *line.text(0);
  if (word == "mark") return read_mark(line);
  if (word == "stale") return read_stale(line);
  const bool has_names = line.text(1) && line.text(2);
  if (word == "refused") {
    if (!has_names || !line.text(3)) return malformed("doesn't say what is refused");
    return topic_reply::Refused{*line.text(2), *line.text(3)};
  }
  if (word != "message" && word != "part") return topic_reply::Other{};
  if (!has_names) return malformed("has no topic and key");
  if (word == "part") return read_part(line);
  return topic_reply::Message{*line.text(1), *line.text(2), read_origin(line, 4)};
}

}  // namespace

TopicReply parse_topic_reply(std::string_view message) {
  const std::size_t end = std::min(message.find('\n'), message.size());
  const std::string_view line = message.substr(0, end);
  const std::string_view payload = message.substr(std::min(end + 1, message.size()));
  if (message.empty()) return {malformed("is missing"), {}};
  if (line.empty()) return {topic_reply::Sent{}, payload};
  if (line.size() > topic_message::max_header_size) return {malformed("is too long"), {}};
  return {read_line(line), payload};
}

namespace topic_request {

std::string subscribe_to_all_of(std::string_view topic) {
  return "[\"subscribe\"," + as_json(topic) + ",{\"policy\":\"all\"}]";
}

std::string acknowledge(std::uint32_t number) {
  return "[\"ack\"," + std::to_string(number) + "]";
}

}  // namespace topic_request

}  // namespace simws::protocol
