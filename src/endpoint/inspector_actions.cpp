// What the inspector does for its pages.
#include "base/cut_text.h"
#include "base/json_text.h"
#include "endpoint/inspector.h"
#include "endpoint/server_core.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace simws::endpoint {

namespace {

constexpr std::size_t longest_tag = 40;
constexpr std::size_t most_levels = 4;  // do/<tag>/<what>/<of>

std::array<std::string_view, most_levels> levels_of(std::string_view topic) {
  std::array<std::string_view, most_levels> levels;
  for (std::string_view& level : levels) {
    const std::size_t end = std::min(topic.find('/'), topic.size());
    level = topic.substr(0, end);
    topic.remove_prefix(std::min(end + 1, topic.size()));
  }
  return levels;
}

std::string_view first_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<LogLevel> log_level_of(std::string_view name) {
  for (const LogLevel level :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    if (level_name(level) == name) return level;
  }
  return std::nullopt;
}

}  // namespace

void Inspector::act(std::string_view topic, std::string_view data, Opcode opcode) {
  if (has_ended_) return;
  const auto [verb, tag, what, of] = levels_of(topic);
  const Answer answer = handle(what, of, data, opcode);
  JsonText json;
  json.begin_object()
      .member("tag", cut_text(tag, longest_tag))
      .member("done", answer.is_done)
      .member("words", answer.words)
      .end_object();
  publish("done", json.get());
}

Inspector::Answer Inspector::handle(Request what, Request of, std::string_view data,
                                    Opcode opcode) {
  if (what == "begin") {
    has_beginner_ = true;
    return {true, {}};
  }
  if (what == "rows") {
    connections_.forget_shown();
    return {true, {}};
  }
  if (what == "log-level") return set_log_level(data);
  const bool closes = what == "close";
  if (!closes && what != "send") return {false, "this server's inspector can't do that"};
  const auto number = protocol::http::parse_number<std::uint64_t>(of, 19, 10);
  AcceptedConnection* const connection = number ? connections_.find(*number) : nullptr;
  if (!connection) return {false, "the connection has closed"};
  return closes ? close(*connection, data) : send(*connection, data, opcode);
}

Inspector::Answer Inspector::close(AcceptedConnection& connection, std::string_view reason) {
  const auto code = protocol::http::parse_number<std::uint16_t>(first_word(reason), 5, 10);
  if (!code) return {false, "a close code is a number from 1000 to 4999"};
  const auto closed = connection.close(static_cast<CloseCode>(*code), reason);
  if (!closed) return {false, closed.error().message};
  if (!*closed) return {false, "the connection is closing already"};
  note(connection, "closed with " + std::to_string(*code) +
                       (reason.empty() ? "" : " " + protocol::http::in_quotes(reason)));
  return {true, "closed with " + std::to_string(*code)};
}

Inspector::Answer Inspector::send(AcceptedConnection& connection, std::string_view data,
                                  Opcode opcode) {
  const auto sent = connection.send_aside(data, opcode);
  if (!sent) return {false, sent.error().message};
  if (!*sent) return {false, "the connection has closed"};
  note(connection, "sent " + std::to_string(data.size()) + (data.size() == 1 ? " byte" : " bytes"));
  return {true, "sent"};
}

Inspector::Answer Inspector::set_log_level(std::string_view name) {
  const auto level = log_level_of(name);
  if (!level) return {false, "a log level is debug, info, warning or error"};
  log_->set_least(*level);
  return {true, "lines are written from level " + std::string(name) + " on"};
}

// Who asks often gets no more lines than peers do.
void Inspector::note(const AcceptedConnection& connection, std::string_view what) const {
  connection.channel()->log_of_peer(LogLevel::info, std::string(what) + " by the inspector");
}

}  // namespace simws::endpoint
