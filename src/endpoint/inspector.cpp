#include "endpoint/inspector.h"

#include "base/broker_members.h"
#include "base/clock.h"
#include "base/json_text.h"
#include "base/log.h"
#include "endpoint/server_core.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace simws::endpoint {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds tick_time{100};
constexpr milliseconds figures_time{500};
constexpr milliseconds second{1000};
// Blocks of rows: all of them within a second, if they are so few that none follows the one before
// sooner than this.
constexpr milliseconds least_row_time{10};
constexpr milliseconds most_row_time{500};
constexpr std::size_t most_topic_blocks = 32;
constexpr std::size_t most_lines = 50;  // in a tick

constexpr std::string_view topic_columns[] = {"name",        "subscribers",  "published",
                                              "delivered",   "conflated",    "dropped",
                                              "queuedBytes", "retainedKeys", "retainedBytes"};

constexpr std::size_t most_queued = 4u << 20;  // for a page, of each topic
constexpr std::size_t most_subscriptions = 32;

// Nothing is retained: who begins is told all anew.
std::shared_ptr<protocol::TopicDoor> make_door(ServerCore& server) {
  return std::make_shared<protocol::TopicDoor>(server.group().output_budget(),
                                               protocol::TopicDoor::Limits{most_queued, 0, {}});
}

void write_broker(JsonText& json, const BrokerInfo& broker) {
  json.name("broker").begin_object();
  for_each_member(broker, [&](const char* name, const auto& value) {
    if constexpr (requires { value.has_value(); }) {
      if (value) json.member(name, value->count());
    } else {
      json.member(name, value);
    }
  });
  json.end_object();
}

}  // namespace

ServerOptions with_log_board(ServerOptions options) {
  if (!options.inspector || options.log_board) return options;
  auto board = std::make_shared<LogBoard>();
  Logger write = options.logger ? std::move(options.logger) : make_stderr_logger(LogLevel::debug);
  options.log_board = board;
  options.logger = [board, write = std::move(write)](LogLevel level, std::string_view line) {
    board->add(level, line);
    if (level >= board->least()) write(level, line);
  };
  return options;
}

Inspector::Inspector(ServerCore& server)
    : server_(server),
      log_(server.options().log_board),
      topics_(server.group(), make_door(server), {{"#"}, {"do/#"}, most_subscriptions}, most_queued,
              no_drop_handler_),
      messages_(connections_, server.options().tokens),
      timer_(server.loop().make_timer([this] { on_timer(); })),
      connections_timer_(server.loop().make_timer([this] { tell_connections(); })),
      topics_timer_(server.loop().make_timer([this] { tell_topics(); })),
      next_second_(server.loop().now()) {
  arm(server.loop().now());
}

// Nobody watches.
void Inspector::rest() noexcept {
  messages_.turn_on(false);
  tells_connections_ = tells_topics_ = false;
}

void Inspector::end() noexcept {
  has_ended_ = true;
  rest();
  for (const auto& timer : {timer_.get(), connections_timer_.get(), topics_timer_.get()}) {
    timer->stop();
  }
}

void Inspector::set_viewers(std::size_t count) noexcept {
  const bool had_none = viewers_ == 0;
  viewers_ = count;
  if (viewers_ == 0) rest();
  if (had_none && viewers_ > 0 && !has_ended_) arm(server_.loop().now());
}

void Inspector::arm(Time now) {
  timer_->start(viewers_ > 0 ? std::min(now + tick_time, next_second_) : next_second_);
}

void Inspector::on_timer() noexcept {
  const Time now = server_.loop().now();
  const bool is_new_second = now >= next_second_;
  if (is_new_second) next_second_ = std::max(next_second_ + second, now);
  try {
    if (is_new_second) note_second();
    if (viewers_ > 0) tick(now);
  } catch (...) {
    // Out of memory: something isn't told.
  }
  arm(now);
}

void Inspector::tick(Time now) {
  if (now >= next_figures_) {
    next_figures_ = now + figures_time;
    if (std::exchange(has_beginner_, false)) tell_beginners();
    tell_server();
  }
  tell_lines();
  tell_messages();
  start_rows();
}

// They are told all there is, and the others too.
void Inspector::tell_beginners() {
  publish("history", history_.text());
  last_line_ = 0;
  connections_.forget_shown();
}

void Inspector::note_second() {
  history_.add(unix_milliseconds(), server_.info());
  if (viewers_ > 0) publish("history", history_.latest_text());
}

void Inspector::tell_lines() {
  if (!has_readers("log")) return;
  const auto lines = log_->lines_after(last_line_, most_lines);
  if (lines.empty()) return;
  last_line_ = lines.back().number;
  JsonText json;
  json.begin_object().name("lines").begin_array();
  for (const auto& line : lines) {
    json.begin_array()
        .number(line.number)
        .number(line.time)
        .text(level_name(line.level))
        .text(without(line.text, server_.options().tokens))
        .end_array();
  }
  publish("log", json.end_array().end_object().get());
}

void Inspector::tell_messages() {
  messages_.turn_on(has_readers("messages"));
  const std::string text = messages_.end_tick();
  if (!text.empty()) publish("messages", text);
}

void Inspector::start_rows() {
  const Time now = server_.loop().now();
  if (!std::exchange(tells_connections_, has_readers("connections")) && tells_connections_) {
    connections_timer_->start(now);
  }
  if (!std::exchange(tells_topics_, has_readers("topics")) && tells_topics_) {
    topics_timer_->start(now);
  }
}

// A block a time, so that nobody waits for all of them.
void Inspector::tell_connections() noexcept {
  if (!tells_connections_) return;
  try {
    if (const auto block = connections_.next_block()) {
      publish("connections", block->text, std::to_string(block->index));
    }
  } catch (...) {
    // As in on_timer.
  }
  const auto blocks = static_cast<int>(std::max<std::size_t>(1, connections_.blocks()));
  connections_timer_->start(server_.loop().now() +
                            std::clamp(second / blocks, least_row_time, most_row_time));
}

// The topics in the order of their names; blocks that there were before, and aren't any more, are
// told to be empty.
void Inspector::tell_topics() noexcept {
  if (!tells_topics_) return;
  const Time now = server_.loop().now();
  if (told_blocks_ == 0) topics_begun_ = now;
  Time next = now + least_row_time;
  try {
    if (!tell_next_topics()) next = std::max(next, topics_begun_ + second);
  } catch (...) {
    // As in on_timer.
  }
  topics_timer_->start(next);
}

// False: these were the last, and the first come next.
bool Inspector::tell_next_topics() {
  const auto infos = server_.topics().infos_after(told_topic_, InspectorConnections::rows_in_block);
  publish("topics", topics_text(infos), std::to_string(told_blocks_++));
  if (infos.size() == InspectorConnections::rows_in_block && told_blocks_ < most_topic_blocks) {
    told_topic_ = infos.back().name;
    return true;
  }
  const std::size_t shown = std::exchange(shown_blocks_, told_blocks_);
  for (; told_blocks_ < shown; ++told_blocks_) publish("topics", {}, std::to_string(told_blocks_));
  told_topic_.clear();
  told_blocks_ = 0;
  return false;
}

std::string Inspector::topics_text(const std::vector<TopicInfo>& infos) const {
  JsonText json;
  json.begin_object().member("total", server_.topics().size());
  json.name("columns").texts(topic_columns).name("rows").begin_array();
  for (const TopicInfo& info : infos) {
    json.begin_array().text(info.name).number(info.subscribers).number(info.published);
    json.number(info.delivered).number(info.conflated).number(info.dropped);
    json.number(info.queued_bytes).number(info.retained_keys).number(info.retained_bytes);
    json.end_array();
  }
  return json.end_array().end_object().take();
}

void Inspector::tell_server() {
  if (has_readers("server")) publish("server", server_text());
}

std::string Inspector::server_text() const {
  const ServerInfo info = server_.info();
  const ServerOptions& options = server_.options();
  JsonText json;
  json.begin_object()
      .member("host", info.host)
      .member("port", info.port)
      .member("tls", info.tls)
      .member("uptime", info.uptime.count())
      .member("viewers", viewers_)
      .member("logLevel", level_name(log_->least()))
      .member("connections", info.connections)
      .member("messagesIn", info.messages_in)
      .member("messagesOut", info.messages_out)
      .member("bytesIn", info.bytes_in)
      .member("bytesOut", info.bytes_out)
      .member("dropped", info.dropped)
      .member("refused", info.refused)
      .member("queuedBytes", info.queued_bytes)
      .member("pendingBytes", info.pending_bytes)
      .member("retainedBytes", info.retained_bytes)
      .member("linesLeftOut", info.lines_left_out);
  json.name("limits").begin_object();
  json.member("connections", options.max_connections)
      .member("queuedBytes", options.max_total_queued_bytes)
      .end_object();
  if (info.broker) write_broker(json, *info.broker);
  if (const Staleness& staleness = server_.topics().staleness(); staleness.is_stale) {
    json.member("stale", staleness.reason);
  }
  return json.end_object().take();
}

bool Inspector::has_readers(std::string_view topic) {
  return topics_.door()->subscriptions(topic) > 0;
}

// Nobody else gives room for it.
void Inspector::publish(std::string_view topic, std::string_view text, std::string key) {
  if (has_ended_ || !server_.group().output_budget()->has_room_for(text.size())) return;
  const auto publication = topics_.door()->publish(
      topic, text, Opcode::text, {std::move(key), false, false}, unix_milliseconds());
  if (publication) topics_.publish(*publication);
}

}  // namespace simws::endpoint
