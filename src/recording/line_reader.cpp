#include "recording/line_reader.h"

#include "base/base64.h"
#include "base/bytes.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <utility>

namespace simws::recording {

namespace {

using nlohmann::json;

Error wrong(std::string words) {
  return {ErrorCode::invalid_argument, std::move(words)};
}

// A member's value, as far as any that is known can have it.
struct Value {
  enum class Kind : std::uint8_t { other, text, number, truth };
  Kind kind = Kind::other;
  std::string text = {};
  double number = 0;
  bool truth = false;
};

// The members of a line's object; what lies deeper is passed over.
class Members final : public nlohmann::json_sax<json> {
 public:
  bool is_object() const { return is_object_; }
  // The name of one that is there twice; empty: none is.
  const std::string& twice() const { return twice_; }
  Value* find(std::string_view name) {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }

  bool null() override { return take({}); }
  bool boolean(bool value) override { return take({Value::Kind::truth, {}, 0, value}); }
  bool number_integer(std::int64_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override { return number(value); }
  bool string(std::string& value) override {
    return take({Value::Kind::text, depth_ == 1 ? std::move(value) : std::string()});
  }
  bool binary(json::binary_t&) override { return take({}); }
  bool key(std::string& name) override {
    if (depth_ == 1) name_ = name;
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ == 0) is_object_ = true;
    return begin();
  }
  bool start_array(std::size_t) override { return begin(); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool number(double value) { return take({Value::Kind::number, {}, value}); }
  bool take(Value value) {
    if (depth_ != 1) return true;
    if (!values_.emplace(name_, std::move(value)).second) twice_ = name_;
    return true;
  }
  bool begin() {
    if (depth_ == 1) (void)take({});
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }

  std::map<std::string, Value, std::less<>> values_;
  std::string name_;
  std::string twice_;
  std::size_t depth_ = 0;
  bool is_object_ = false;
};

Result<void> parse(std::string_view line, Members& members) {
  if (!json::sax_parse(line, &members) || !members.is_object()) {
    return wrong("is no JSON object; each line must be one, in UTF-8");
  }
  if (members.twice().empty()) return {};
  return wrong("has '" + members.twice() + "' twice; leave one");
}

// What a member may be; each takes the value where there is one.
Result<void> take(Members& members, std::string_view name, std::string& into) {
  Value* const value = members.find(name);
  into.clear();
  if (!value) return {};
  if (value->kind != Value::Kind::text)
    return wrong("'" + std::string(name) + "' must be a string");
  into = std::move(value->text);
  return {};
}

Result<void> take(Members& members, std::string_view name, bool& into) {
  const Value* const value = members.find(name);
  if (!value) return {};
  if (value->kind != Value::Kind::truth) {
    return wrong("'" + std::string(name) + "' must be true or false");
  }
  into = value->truth;
  return {};
}

// Up to what a double counts without gaps.
Result<void> take(Members& members, std::string_view name, std::uint64_t& into) {
  constexpr double most = 9007199254740992;
  const Value* const value = members.find(name);
  if (!value) return {};
  const double number = value->number;
  const bool is_whole = value->kind == Value::Kind::number && number >= 0 && number <= most &&
                        std::floor(number) == number;
  if (!is_whole) return wrong("'" + std::string(name) + "' must be a whole number from 0 on");
  into = static_cast<std::uint64_t>(number);
  return {};
}

Result<std::uint64_t> time_of(Members& members, std::uint64_t earliest) {
  constexpr double second = 1e6;
  const Value* const value = members.find("t");
  const bool is_time = value && value->kind == Value::Kind::number && value->number >= 0 &&
                       value->number * second <= static_cast<double>(longest);
  if (!is_time) return wrong("needs 't': seconds since the recording began, from 0 to 1e9");
  const auto time = static_cast<std::uint64_t>(std::llround(value->number * second));
  if (time < earliest) return wrong("is earlier than the line before; sort the lines by 't'");
  return time;
}

// Takes several members; the first that can't be is the error.
template <typename... Into>
Result<void> take_all(Members& members, std::pair<std::string_view, Into*>... wanted) {
  Result<void> taken;
  (void)((taken = take(members, wanted.first, *wanted.second), taken.ok()) && ...);
  return taken;
}

template <typename Into>
std::pair<std::string_view, Into*> as(std::string_view name, Into& into) {
  return {name, &into};
}

Result<void> take_message(Members& members, std::string_view data, EntryTexts& texts,
                          Message& message) {
  auto taken =
      take_all(members, as(data, texts.data), as("topic", texts.topic), as("key", texts.key),
               as("retain", message.retain), as("from", message.from), as("to", message.to));
  message.topic = texts.topic;
  message.key = texts.key;
  return taken;
}

Result<void> take_text(Members& members, EntryTexts& texts, Entry& entry) {
  Message message;
  auto taken = take_message(members, "text", texts, message);
  message.data = texts.data;
  entry.what = message;
  return taken;
}

Result<void> take_binary(Members& members, EntryTexts& texts, Entry& entry) {
  Message message;
  if (auto taken = take_message(members, "binary", texts, message); !taken) return taken;
  const auto bytes = base64_decode(texts.data);
  if (!bytes) return wrong("'binary' must be base64 with padding");
  texts.data = as_text(*bytes);
  message.data = texts.data;
  message.opcode = Opcode::binary;
  entry.what = message;
  return {};
}

Result<void> take_opened(Members& members, EntryTexts& texts, Entry& entry) {
  Opened opened;
  auto taken = take_all(members, as("open", opened.connection), as("address", texts.words));
  opened.address = texts.words;
  entry.what = opened;
  return taken;
}

Result<void> take_closed(Members& members, EntryTexts& texts, Entry& entry) {
  Closed closed;
  std::uint64_t code = 0;
  auto taken = take_all(members, as("close", closed.connection), as("code", code),
                        as("reason", texts.words));
  if (taken && code > 65535) return wrong("'code' must be a close code, 65535 at most");
  closed.code = static_cast<int>(code);
  closed.reason = texts.words;
  entry.what = closed;
  return taken;
}

Result<void> take_lost(Members& members, EntryTexts&, Entry& entry) {
  Lost lost;
  auto taken = take_all(members, as("lost", lost.lines), as("bytes", lost.bytes));
  entry.what = lost;
  return taken;
}

// What a line is, by the member that says so.
struct Kind {
  std::string_view name;
  Result<void> (*take)(Members&, EntryTexts&, Entry&);
};

constexpr Kind kinds[] = {{"text", take_text},
                          {"binary", take_binary},
                          {"open", take_opened},
                          {"close", take_closed},
                          {"lost", take_lost}};

// Null: none that this version knows.
Result<const Kind*> kind_of(Members& members) {
  const Kind* found = nullptr;
  for (const Kind& kind : kinds) {
    if (!members.find(kind.name)) continue;
    if (found) {
      return wrong("has both '" + std::string(found->name) + "' and '" + std::string(kind.name) +
                   "'; make two lines of it");
    }
    found = &kind;
  }
  return found;
}

}  // namespace

Result<Header> LineReader::read_header(std::string_view line) const {
  Members members;
  Header header;
  std::string format;
  std::uint64_t version = 0;
  const auto parsed = parse(line, members);
  if (!parsed || !members.find("format") || !take(members, "format", format) ||
      format != format_name) {
    return wrong("is no header of a recording: {\"format\":\"" + std::string(format_name) +
                 "\",\"version\":1,...}; is this the right file?");
  }
  if (auto taken = take_all(members, as("version", version), as("began", header.began),
                            as("url", header.url), as("server", header.server),
                            as("subprotocol", header.subprotocol));
      !taken) {
    return std::move(taken).error();
  }
  if (version == format_version) return header;
  return wrong("is of version " + std::to_string(version) + ", and this simws reads version " +
               std::to_string(format_version) + "; use the simws that recorded it, or a newer one");
}

Result<std::optional<Entry>> LineReader::read(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == line.npos) return std::optional<Entry>();
  Members members;
  if (auto parsed = parse(line, members); !parsed) return std::move(parsed).error();
  const auto time = time_of(members, latest_);
  if (!time) return time.error();
  const auto kind = kind_of(members);
  if (!kind) return kind.error();
  latest_ = *time;
  if (!*kind) return std::optional<Entry>();
  Entry entry{*time, {}};
  if (auto taken = (*kind)->take(members, texts_, entry); !taken) return std::move(taken).error();
  return std::optional<Entry>(entry);
}

}  // namespace simws::recording
