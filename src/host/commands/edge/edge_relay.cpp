#include "host/commands/edge/edge_relay.h"

#include "base/clock.h"
#include "base/json_text.h"
#include "host/commands/edge/edge_state.h"

#include <chrono>
#include <utility>
#include <variant>

namespace simws::host {

namespace {

// Of what the feed brings, taken at once and handled in a turn: viewers are served in between.
constexpr std::size_t bytes_at_once = 256u << 10;
constexpr std::chrono::milliseconds time_at_once{2};

constexpr Seconds between_looks{1};  // at what was lost

broker::EdgeHandlers handlers_of(const std::shared_ptr<EdgeIntake>& intake) {
  broker::EdgeHandlers handlers;
  handlers.message = [intake](broker::EdgeMessage message) { intake->put(std::move(message)); };
  handlers.status = [intake](const broker::EdgeStatus& status) { intake->put(status); };
  handlers.caught_up = [intake] { intake->put(EdgeIntake::CaughtUp()); };
  return handlers;
}

std::string name_of(std::string_view topic, std::string_view key) {
  return std::string(topic).append("\n").append(key);
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

EdgeRelay::EdgeRelay(std::string name, Logger log, EdgeTopics topics, Limits limits)
    : name_(std::move(name)), log_(std::move(log)), limits_(limits), topics_(std::move(topics)) {}

EdgeRelay::~EdgeRelay() {
  detach();
}

ServerHandlers EdgeRelay::handlers() {
  ServerHandlers handlers;
  handlers.open = [this](Connection& connection) { open(connection); };
  handlers.publication = [this](Connection& connection, std::string_view topic,
                                std::string_view data,
                                Opcode opcode) { send_back(connection, topic, data, opcode); };
  handlers.release = [this](Connection& connection) { numbers_.erase(&connection); };
  return handlers;
}

// Who hasn't asked for topics by itself would wait for them in vain: no script subscribes it here.
void EdgeRelay::open(Connection& connection) {
  numbers_[&connection] = ++connections_;
  if (!connection.info().subprotocol.empty()) return;
  (void)connection.close(CloseCode::policy_violation,
                         "an edge serves clients that speak simws.topics.1");
}

CountedLine EdgeRelay::counted_line(const char* what) {
  const auto tell = [log = log_, what](std::size_t count, const std::string& latest) {
    const std::string why = latest.empty() ? "" : ": " + latest;
    log(LogLevel::warning, counted(count, "message") + what + why);
  };
  return CountedLine(*loop_, tell);
}

Result<void> EdgeRelay::attach(Server& server, EventLoop& loop, const StartFeed& start) {
  if (auto set = topics_.apply(server, {}); !set) return set;
  server_ = &server;
  loop_ = &loop;
  *self_ = this;
  refused_.emplace(counted_line(" of the broker could not be published"));
  not_kept_.emplace(counted_line(" went to viewers and could not be retained"));
  lost_.emplace(counted_line(" of viewers did not get through: the broker is away, or too slow"));
  server.set_stale(true, why_stale(status_, is_caught_up_));
  intake_ = std::make_shared<EdgeIntake>(limits_.incoming, [self = self_, &loop] {
    loop.post([self] {
      if (*self) (*self)->wake();
    });
  });
  auto feed = start(handlers_of(intake_));
  if (!feed) {
    detach();
    return std::move(feed).error();
  }
  feed_ = std::move(feed).value();
  way_back_ = std::make_unique<WayBack>(*feed_, limits_.outgoing);
  return {};
}

// The feed's threads may wait for room.
void EdgeRelay::detach() {
  *self_ = nullptr;
  if (intake_) intake_->close();
  way_back_.reset();
  feed_.reset();
}

void EdgeRelay::send_back(Connection& connection, std::string_view topic, std::string_view data,
                          Opcode opcode) {
  if (!way_back_) return;
  JsonText viewer;
  viewer.begin_object();
  viewer.member("address", connection.info().remote_address);
  viewer.member("connection", numbers_[&connection]);
  viewer.end_object();
  way_back_->send({viewer.take(), std::string(topic), std::string(data), opcode});
  if (!std::exchange(watches_losses_, true)) watch_losses();
}

// As long as something is on its way.
void EdgeRelay::watch_losses() {
  loop_->call_after(between_looks, [self = self_] {
    EdgeRelay* const relay = *self;
    if (!relay) return;
    relay->watches_losses_ = !relay->way_back_->is_idle();
    relay->lost_->note(relay->way_back_->take_lost(), {});
    if (relay->watches_losses_) relay->watch_losses();
  });
}

void EdgeRelay::wake() {
  has_more_ = true;
  if (!will_drain_) drain();
}

void EdgeRelay::drain() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + time_at_once;
  if (taken_.empty()) {
    EdgeIntake::Batch batch = intake_->take(bytes_at_once);
    has_more_ = batch.has_more;
    taken_ = std::move(batch.items);
    if (batch.status) handle(*batch.status);
  }
  do {
    if (taken_.empty()) break;
    const EdgeIntake::Item item = std::move(taken_.front());
    taken_.pop_front();
    std::visit([this](const auto& what) { handle(what); }, item);
  } while (Clock::now() < end);
  if (!taken_.empty() || has_more_) drain_later();
}

void EdgeRelay::drain_later() {
  will_drain_ = true;
  loop_->post([self = self_] {
    if (!*self) return;
    (*self)->will_drain_ = false;
    (*self)->drain();
  });
}

void EdgeRelay::handle(const broker::EdgeMessage& message) {
  using Verdict = protocol::Freshness::Verdict;
  const bool is_first = freshness_.epoch().empty();
  if (is_of_another_start(message)) {
    left_out_.insert(message.epoch);
    return;
  }
  const Verdict verdict =
      freshness_.judge(message.topic, message.key, {message.epoch, message.sequence});
  if (is_reading_ && message.retain) kept_.insert(name_of(message.topic, message.key));
  if (verdict == Verdict::old) return;
  if (verdict == Verdict::begins_epoch) begin_epoch(is_first);
  if (is_caught_up_) note_time(message);
  publish(message);
}

// Epochs have no order: what the stream still has of a start before looks as if it were new, where
// the holder's own has begun. If it is new, that start is soon heard of, and all is read anew.
bool EdgeRelay::is_of_another_start(const broker::EdgeMessage& message) const {
  const std::string& epoch = freshness_.epoch();
  return is_reading_ && message.retain && status_.is_held && epoch == status_.epoch &&
         epoch != message.epoch;
}

// What comes then has just been published, or has queued on its way.
void EdgeRelay::note_time(const broker::EdgeMessage& message) {
  using Milliseconds = SimulationClock::Milliseconds;
  const Milliseconds sent(message.time);
  const Milliseconds now(unix_milliseconds());
  if (clock_.note(sent, now)) server_->set_clock_lead(clock_.lead());
  if (!message.retain && topics_.policy_of(message.topic) == TopicPolicy::all) {
    backlog_.need(Clock::now());
  }
  const bool waits_here = has_more_ || !taken_.empty();
  if (waits_here || !backlog_.note(now - sent + clock_.lead(), Clock::now())) return;
  backlog_.begin_reading(Clock::now());
  feed_->start_anew();
}

void EdgeRelay::handle(EdgeIntake::Reading) {
  is_reading_ = true;
  is_caught_up_ = false;
  backlog_.begin_reading(Clock::now());
  kept_.clear();
  left_out_.clear();
  note_state();
}

// What isn't among that was forgotten while nothing came. Should it be told anew, it's as if it had
// never been there.
void EdgeRelay::handle(EdgeIntake::CaughtUp) {
  is_caught_up_ = true;
  const auto kept = std::exchange(kept_, {});
  const bool was_reading = std::exchange(is_reading_, false);
  if (was_reading) backlog_.end_reading(Clock::now());
  if (was_reading && !freshness_.epoch().empty()) {
    forget([&](const RetainedInfo& retained) {
      if (kept.contains(name_of(retained.topic, retained.key))) return false;
      freshness_.forget(retained.topic, retained.key);
      return true;
    });
  }
  note_state();
}

void EdgeRelay::handle(const broker::EdgeStatus& status) {
  status_ = status;
  const bool is_first = freshness_.epoch().empty();
  if (status.is_held) set_topics(status.topics);
  if (status.is_held && freshness_.begin(status.epoch)) begin_epoch(is_first);
  note_state();
}

// Those that can't be read are none.
void EdgeRelay::set_topics(const std::string& settings) {
  if (settings == settings_) return;
  settings_ = settings;
  backlog_.forget_need();  // it may be of other policies
  const auto parsed = protocol::parse_topic_settings(settings);
  if (auto set = topics_.apply(*server_, parsed.value_or(protocol::TopicSettings())); !set) {
    log_(LogLevel::warning, "'" + name_ + "' has set what can't be: " + set.error().message);
  }
}

void EdgeRelay::begin_epoch(bool is_first) {
  if (!is_first) log_(LogLevel::info, "'" + name_ + "' has begun anew");
  clock_.reset();
  if (left_out_.contains(freshness_.epoch())) feed_->start_anew();
  forget([&](const RetainedInfo& retained) { return retained.origin.epoch != freshness_.epoch(); });
}

void EdgeRelay::forget(const std::function<bool(const RetainedInfo&)>& is_over) {
  auto forgotten = server_->forget_retained(freshness_.epoch(), is_over);
  if (!forgotten) refused_->note(1, forgotten.error().message);
}

void EdgeRelay::publish(const broker::EdgeMessage& message) {
  PublishOptions options;
  options.key = message.key;
  options.retain = message.retain || message.forget;
  options.origin = Origin{message.epoch, message.sequence};
  options.time = message.time;
  const std::string_view data = message.forget ? std::string_view() : message.data;
  auto published = server_->publish(message.topic, data, message.opcode, options);
  if (published) return;
  options.forget = std::exchange(options.retain, false);
  const std::string problem = published.error().message;
  const bool is_sent =
      options.forget && server_->publish(message.topic, data, message.opcode, options);
  (is_sent ? not_kept_ : refused_)->note(1, problem);
}

// Viewers hear it at once, the log when it has lasted.
void EdgeRelay::note_state() {
  const std::string why = why_stale(status_, is_caught_up_);
  server_->set_stale(!why.empty(), why);
  if (will_tell_ || describe(status_, name_, is_caught_up_) == told_) return;
  will_tell_ = true;
  loop_->call_after(limits_.until_told, [self = self_] {
    if (*self) (*self)->tell_state();
  });
}

void EdgeRelay::tell_state() {
  will_tell_ = false;
  std::string state = describe(status_, name_, is_caught_up_);
  if (state == told_) return;
  told_ = std::move(state);
  const bool is_well = status_.problem.empty() && why_stale(status_, is_caught_up_).empty();
  log_(is_well ? LogLevel::info : LogLevel::warning, told_);
}

}  // namespace simws::host
