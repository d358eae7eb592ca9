#include "protocol/broker/helper_words.h"

#include "base/json_text.h"
#include "protocol/broker/helper_frames.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace simws::protocol {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> state_names = {"connecting", "open", "held", "error"};
constexpr std::string_view stored_name = "stored";
constexpr std::size_t max_viewer_size = 1024;

std::string_view opcode_name(Opcode opcode) {
  return opcode == Opcode::text ? "text" : "binary";
}

std::optional<Opcode> opcode_of(std::string_view name) {
  if (name == "text") return Opcode::text;
  if (name == "binary") return Opcode::binary;
  return std::nullopt;
}

// Lines as they're written.

JsonText begin(std::string_view word) {
  JsonText text;
  text.begin_array().text(word);
  return text;
}

std::string finish(JsonText& text, std::size_t payload_size = 0) {
  return helper_frame::head(text.end_array().get(), payload_size);
}

std::string numbered(std::string_view word, std::uint64_t number) {
  JsonText text = begin(word);
  text.number(number);
  return finish(text);
}

// Without its end. Times keep all their digits.
std::string publication(std::string_view word, std::string_view topic, std::string_view key,
                        Opcode opcode, std::uint64_t sequence, double time) {
  JsonText text = begin(word);
  text.text(topic).text(key).text(opcode_name(opcode)).number(sequence);
  return text.take().append(",").append(json(time).dump());
}

void append_viewer(JsonText& text, const RemoteViewer& viewer) {
  text.begin_object().member("address", viewer.address);
  text.member("connection", viewer.connection).end_object();
}

// Lines as they're read: an array, or an object, of values that are none, and of objects of these.
struct Scalar {
  std::optional<std::string> text = {};
  std::optional<double> number = {};
  std::optional<std::uint64_t> whole = {};
  std::optional<bool> flag = {};
};

struct Member {
  std::string name;
  Scalar value;
};

struct Item {
  Scalar value = {};
  std::optional<std::vector<Member>> members = {};  // it's an object
};

class LineReader final : public nlohmann::json_sax<json> {
 public:
  static constexpr std::size_t most_items = 16;  // of an array, and members of an object

  bool is_array() const { return is_array_; }
  std::vector<Item> items;  // what was read, if it's no array, is the only one

  bool null() override { return take({}); }
  bool boolean(bool value) override { return take({.flag = value}); }
  bool number_integer(std::int64_t value) override {
    return take({.number = static_cast<double>(value)});
  }
  bool number_unsigned(std::uint64_t value) override {
    return take({.number = static_cast<double>(value), .whole = value});
  }
  bool number_float(double value, const std::string&) override { return take({.number = value}); }
  bool string(std::string& value) override { return take({.text = std::move(value)}); }
  bool binary(json::binary_t&) override { return take({}); }
  bool key(std::string& name) override {
    if (depth_ == object_depth_) key_ = std::move(name);
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_++ == 0) {
      is_array_ = true;
      return true;
    }
    return !is_array_ || depth_ > 2 || add({});
  }
  bool start_object(std::size_t) override {
    ++depth_;
    if (depth_ > (is_array_ ? 2U : 1U)) return true;
    object_depth_ = depth_;
    return add({{}, std::vector<Member>()});
  }
  bool end_array() override { return end(); }
  bool end_object() override { return end(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool add(Item item) {
    if (items.size() == most_items) return false;
    items.push_back(std::move(item));
    return true;
  }
  bool end() {
    if (depth_ == object_depth_) object_depth_ = 0;
    --depth_;
    return true;
  }
  bool take(Scalar value) {
    if (depth_ > 0 && depth_ == object_depth_) return take_member(std::move(value));
    return depth_ > 1 || add({std::move(value), {}});
  }
  bool take_member(Scalar value) {
    std::vector<Member>& members = *items.back().members;
    if (members.size() == most_items) return false;
    members.push_back({std::move(key_), std::move(value)});
    return true;
  }

  std::size_t depth_ = 0;
  std::size_t object_depth_ = 0;  // of the object whose members are taken; 0: none
  bool is_array_ = false;
  std::string key_;
};

const Scalar* find(const std::vector<Member>& members, std::string_view name) {
  const auto found = std::ranges::find(members, name, &Member::name);
  return found == members.end() ? nullptr : &found->value;
}

// Takes a line's values in turn, and remembers if one wasn't there.
class Values {
 public:
  explicit Values(std::vector<Item>& items) : items_(items) {}

  bool is_good() const { return is_good_; }
  std::string text() { return take(next().value.text); }
  double number() { return take(next().value.number); }
  std::uint64_t whole() { return take(next().value.whole); }
  bool flag() { return take(next().value.flag); }
  // Whether this text is there; what else is, and what isn't, is no fault.
  bool has_text(std::string_view text) { return next().value.text == text; }
  std::vector<Member> object() { return take(next().members); }
  Opcode opcode() {
    std::optional<Opcode> opcode = opcode_of(text());
    if (!opcode) is_good_ = false;
    return opcode.value_or(Opcode::text);
  }

 private:
  Item& next() { return at_ < items_.size() ? items_[at_++] : none_; }
  template <typename Value>
  Value take(std::optional<Value>& value) {
    if (value) return std::move(*value);
    is_good_ = false;
    return {};
  }

  std::vector<Item>& items_;
  std::size_t at_ = 0;
  Item none_;
  bool is_good_ = true;
};

Error not_understood(std::string_view what) {
  return {ErrorCode::invalid_argument, std::string(what)};
}

RemoteViewer viewer_of(const std::vector<Member>& members, std::string edge) {
  RemoteViewer viewer{std::move(edge), {}, 0};
  const Scalar* const address = find(members, "address");
  if (address && address->text) viewer.address = *address->text;
  const Scalar* const connection = find(members, "connection");
  if (connection && connection->whole) viewer.connection = *connection->whole;
  return viewer;
}

// The words, their values in the order in which they're written.

helper_word::Start read_start(Values& values) {
  const std::vector<Member> members = values.object();
  const auto text = [&](std::string_view name) {
    const Scalar* const found = find(members, name);
    return found ? found->text.value_or("") : std::string();
  };
  return {text("url"),        text("credentials"), text("ca"),    text("certificate"),
          text("privateKey"), text("name"),        text("epoch"), text("address")};
}

// What both kinds of messages begin with.
template <typename Word>
Word read_publication(Values& values) {
  Word word;
  word.topic = values.text();
  word.key = values.text();
  word.opcode = values.opcode();
  word.sequence = values.whole();
  word.time = values.number();
  return word;
}

helper_word::Message read_message(Values& values) {
  auto word = read_publication<helper_word::Message>(values);
  word.retain = values.flag();
  return word;
}

helper_word::Retained read_retained(Values& values) {
  return read_publication<helper_word::Retained>(values);
}

helper_word::Mark read_mark(Values& values) {
  const std::uint64_t number = values.whole();
  return {number, values.has_text(stored_name)};
}

HelperWord read_state(Values& values) {
  const auto* const found = std::ranges::find(state_names, values.text());
  std::string text = values.text();
  if (found == state_names.end()) return helper_word::Unknown{};
  const auto index = std::distance(state_names.begin(), found);
  return helper_word::State{static_cast<helper_word::State::Kind>(index), std::move(text)};
}

helper_word::Publish read_publish(Values& values) {
  helper_word::Publish word;
  std::string edge = values.text();
  word.viewer = viewer_of(values.object(), std::move(edge));
  word.topic = values.text();
  word.opcode = values.opcode();
  return word;
}

ServerWord read_server_word(std::string_view word, Values& values) {
  if (word == "start") return read_start(values);
  if (word == "message") return read_message(values);
  if (word == "retained") return read_retained(values);
  if (word == "mark") return read_mark(values);
  if (word == "topics") return helper_word::Topics{};
  if (word == "stop") return helper_word::Stop{};
  return helper_word::Unknown{};
}

HelperWord read_helper_word(std::string_view word, Values& values) {
  if (word == "state") return read_state(values);
  if (word == "problem") return helper_word::Problem{values.text()};
  if (word == "ack") return helper_word::Acknowledge{values.whole()};
  if (word == "publish") return read_publish(values);
  return helper_word::Unknown{};
}

template <typename Word, typename Read>
Result<Word> parse(std::string_view line, Read read) {
  LineReader reader;
  if (!json::sax_parse(line, &reader) || !reader.is_array()) {
    return not_understood("a header line is no JSON array");
  }
  Values values(reader.items);
  const std::string name = values.text();
  if (!values.is_good()) return not_understood("a header line doesn't begin with a word");
  Result<Word> word(read(name, values));
  return values.is_good() ? std::move(word)
                          : Result<Word>(not_understood("the word '" + name + "' lacks a value"));
}

}  // namespace

namespace helper_word {

std::string start(const Start& word) {
  JsonText text = begin("start");
  text.begin_object().member("url", word.url).member("credentials", word.credentials);
  text.member("ca", word.ca).member("certificate", word.certificate);
  text.member("privateKey", word.private_key).member("name", word.name);
  text.member("epoch", word.epoch).member("address", word.address).end_object();
  return finish(text);
}

std::string message(std::string_view topic, std::string_view key, Opcode opcode,
                    std::uint64_t sequence, double time, bool retain, std::size_t payload_size) {
  const std::string text = publication("message", topic, key, opcode, sequence, time);
  return helper_frame::head(text + (retain ? ",true]" : ",false]"), payload_size);
}

std::string retained(std::string_view topic, std::string_view key, Opcode opcode,
                     std::uint64_t sequence, double time, std::size_t payload_size) {
  const std::string text = publication("retained", topic, key, opcode, sequence, time);
  return helper_frame::head(text + "]", payload_size);
}

std::string mark(std::uint64_t number, bool of_stored) {
  if (!of_stored) return numbered("mark", number);
  JsonText text = begin("mark");
  text.number(number).text(stored_name);
  return finish(text);
}

std::string topics(std::size_t payload_size) {
  JsonText text = begin("topics");
  return finish(text, payload_size);
}

std::string stop() {
  JsonText text = begin("stop");
  return finish(text);
}

std::string state(State::Kind kind, std::string_view words) {
  JsonText text = begin("state");
  text.text(protocol::name_of(kind)).text(words);
  return finish(text);
}

std::string problem(std::string_view words) {
  JsonText text = begin("problem");
  text.text(words);
  return finish(text);
}

std::string acknowledge(std::uint64_t number) {
  return numbered("ack", number);
}

std::string publish(const RemoteViewer& viewer, std::string_view topic, Opcode opcode,
                    std::size_t payload_size) {
  JsonText text = begin("publish");
  text.text(viewer.edge);
  append_viewer(text, viewer);
  text.text(topic).text(opcode_name(opcode));
  return finish(text, payload_size);
}

}  // namespace helper_word

Result<ServerWord> parse_server_word(std::string_view line) {
  return parse<ServerWord>(line, read_server_word);
}

Result<HelperWord> parse_helper_word(std::string_view line) {
  return parse<HelperWord>(line, read_helper_word);
}

std::string viewer_text(const RemoteViewer& viewer) {
  JsonText text;
  append_viewer(text, viewer);
  return text.take();
}

Result<RemoteViewer> parse_viewer(std::string_view text, std::string_view edge) {
  if (text.size() > max_viewer_size) return not_understood("a viewer is over 1 KiB");
  LineReader reader;
  const bool is_read = json::sax_parse(text, &reader) && !reader.is_array();
  if (!is_read || reader.items.empty() || !reader.items.front().members) {
    return not_understood("a viewer is no JSON object");
  }
  return viewer_of(*reader.items.front().members, std::string(edge));
}

std::string_view name_of(helper_word::State::Kind kind) {
  return state_names[static_cast<std::size_t>(kind)];
}

}  // namespace simws::protocol
