#include "endpoint/client_core.h"

#include "endpoint/durations.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <utility>

namespace simws::endpoint {

namespace {

protocol::RetryOptions retry_options(const ClientOptions& options) {
  if (!options.reconnect) return {};
  const Reconnect& reconnect = *options.reconnect;
  return {reconnect.initial.count(), reconnect.max.count(), reconnect.factor, reconnect.jitter,
          reconnect.attempts};
}

// The bound of its one connection is the one that counts.
std::size_t total_queued_bytes(std::size_t max_queued_bytes) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  return max_queued_bytes > most / 4 ? most : max_queued_bytes * 4;
}

ChannelLimits make_limits(const ClientOptions& options) {
  return {options.max_queued_bytes, total_queued_bytes(options.max_queued_bytes),
          options.max_pending_bytes, to_duration(options.connect_timeout)};
}

// After it an attempt is made that could not be for lack of memory.
constexpr Seconds memory_delay{1};

std::string in_seconds(Duration duration) {
  std::string text = std::to_string(Seconds(duration).count());
  return text.substr(0, text.find('.') + 2) + " s";
}

}  // namespace

ClientCore::ClientCore(const ClientParts& parts, Destination destination, ClientOptions options,
                       ClientHandlers handlers)
    : parts_(parts),
      destination_(std::move(destination)),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      group_(parts.turn_end, make_limits(options_), options_.logger),
      closed_outlet_(std::make_shared<protocol::Outlet>(group_.output_budget())),
      backoff_(retry_options(options_), parts.random),
      kept_(options_.max_queued_bytes),
      timer_(loop().make_timer([this] { on_timer(); })) {
  const std::pair<DeadlineKind, Seconds> durations[] = {
      {DeadlineKind::ping, options_.ping_interval},
      {DeadlineKind::pong, options_.ping_timeout},
      {DeadlineKind::close, options_.close_timeout},
      {DeadlineKind::linger, std::min(linger_time, options_.close_timeout)}};
  for (const auto& [kind, duration] : durations) {
    group_.deadlines().set_duration(kind, to_duration(duration));
  }
}

ClientCore::~ClientCore() {
  group_.turn_end().forget(*this);
}

void ClientCore::start() {
  set_state(ClientState::waiting);
  next_attempt_.store(loop().now(), std::memory_order_relaxed);
  timer_->start(loop().now());
}

void ClientCore::on_timer() {
  if (!newest_.empty()) return newest_.front().time_out();
  try {
    begin_attempt();
  } catch (...) {
    group_.log(LogLevel::error, "no attempt to connect could be made: out of memory");
    timer_->start(loop().now() + to_duration(memory_delay));
  }
}

void ClientCore::begin_attempt() {
  ClientConnection& connection = newest_.push_back(std::make_unique<ClientConnection>(*this));
  ++count_;
  attempts_.add(1);
  set_state(ClientState::connecting);
  timer_->start(loop().now() + to_duration(options_.connect_timeout));
  connection.start();
}

protocol::ClientRequest ClientCore::request() const {
  return {options_.headers, options_.subprotocols, options_.origin, options_.user_agent};
}

Result<std::optional<protocol::Proxy>> ClientCore::choose_proxy(const protocol::Uri& uri) const {
  if (!destination_.asks_environment) return destination_.proxy;
  return protocol::choose_proxy(uri, destination_.variables);
}

void ClientCore::note_open() noexcept {
  set_state(ClientState::open);
  timer_->stop();
  if (!std::exchange(is_failing_, false)) return;
  try {
    group_.log(LogLevel::info, "connected to " + uri().shown() + " again");
  } catch (...) {
    // There's no memory for a line.
  }
}

void ClientCore::note_end(ClientConnection& connection, const AttemptEnd& end) noexcept {
  ending_.take(connection);
  timer_->stop();
  if (group_.ends()) return set_state(ClientState::closed);
  try {
    plan_attempt(end);
  } catch (...) {
    give_up();
  }
  log_end(end);
}

void ClientCore::plan_attempt(const AttemptEnd& end) {
  if (!options_.reconnect || !end.is_retried) return give_up();
  if (end.open_time) backoff_.lost_after(*end.open_time);
  const auto delay = backoff_.next_delay(end.retry_after);
  if (!delay) return give_up();
  const Time at = loop().now() + *delay;
  set_state(ClientState::waiting);
  next_attempt_.store(at, std::memory_order_relaxed);
  timer_->start(at);
}

void ClientCore::give_up() noexcept {
  set_state(ClientState::closed);
  group_.counters().dropped.add(kept_.clear());
  kept_bytes_.store(0, std::memory_order_relaxed);
}

// One line when it begins to fail, not one for each attempt.
void ClientCore::log_end(const AttemptEnd& end) noexcept {
  const bool waits = state() == ClientState::waiting;
  if (waits && is_failing_) return;
  if (end.open_time && !waits) return;  // the close handler's to tell
  try {
    std::string line = uri().shown() + (end.open_time ? " was lost: " : " could not be reached: ");
    line += end.why.empty() ? "it was closed" : end.why;
    if (waits) {
      const Duration delay = next_attempt_.load(std::memory_order_relaxed) - loop().now();
      line += "; next attempt in " + in_seconds(delay);
    }
    group_.log(LogLevel::warning, line);
    is_failing_ = waits;
  } catch (...) {
    // There's no memory for a line.
  }
}

Result<bool> ClientCore::send(std::string_view data, Opcode opcode, bool fin) {
  if (Connection* const open = connection()) return open->send(data, opcode, fin);
  if (auto checked = protocol::check_nowhere_to_go(data, opcode, options_.max_queued_bytes);
      !checked) {
    return checked;
  }
  const bool is_whole = fin && opcode != Opcode::continuation;
  if (!options_.keep_queue || !is_whole || state() == ClientState::closed) return false;
  if (kept_.add(data, opcode)) {
    kept_bytes_.store(kept_.bytes(), std::memory_order_relaxed);
    return true;
  }
  group_.counters().dropped.add(1);
  if (kept_.is_first_refused()) {
    group_.log(LogLevel::warning, kept_.describe_full(uri().shown()));
  }
  return false;
}

// Where it's closed meanwhile, what is left waits for the next one.
void ClientCore::send_kept(ClientConnection& connection) {
  while (connection.state() == ConnectionState::open) {
    const auto kept = kept_.take();
    if (!kept) break;
    (void)connection.send(kept->data, kept->opcode, true);
  }
  kept_bytes_.store(kept_.bytes(), std::memory_order_relaxed);
}

Connection* ClientCore::connection() {
  if (newest_.empty()) return nullptr;
  ClientConnection& newest = newest_.front();
  return newest.state() == ConnectionState::open ? &newest : nullptr;
}

// What waits for its first attempt is connecting.
ClientState ClientCore::state() const {
  const ClientState state = state_.load(std::memory_order_relaxed);
  return state == ClientState::waiting && attempts_.get() == 0 ? ClientState::connecting : state;
}

ClientInfo ClientCore::info() const {
  ClientInfo info;
  info.uri = destination_.uri.shown();
  info.state = state();
  info.attempts = attempts_.get();
  if (info.state == ClientState::waiting) {
    const Seconds left = next_attempt_.load(std::memory_order_relaxed) - Clock::now();
    info.next_attempt = std::max(left, Seconds{0});
  }
  const Counters& counters = group_.counters();
  info.messages_in = counters.messages_in.get();
  info.messages_out = counters.messages_out.get();
  info.bytes_in = counters.bytes_in.get();
  info.bytes_out = counters.bytes_out.get();
  info.dropped = counters.dropped.get();
  info.queued_bytes = group_.output_budget()->used() + kept_bytes_.load(std::memory_order_relaxed);
  return info;
}

void ClientCore::stop(bool tell) {
  if (group_.ends()) return;
  group_.end();
  timer_->stop();
  while (!newest_.empty()) {
    ClientConnection& connection = newest_.front();
    connection.stop(tell);
  }
  for (ClientConnection& connection : ending_) connection.stop(false);
  give_up();
  group_.gate().stop();
  tell_finished();
}

void ClientCore::on_finished(transport::Task task) {
  on_finished_ = std::move(task);
  tell_finished();
}

void ClientCore::tell_finished() {
  if (!group_.ends() || count_ != 0 || !on_finished_) return;
  assert(group_.gate().total() == 0);
  std::exchange(on_finished_, nullptr)();
}

void ClientCore::retire(ClientConnection& connection) noexcept {
  --count_;
  retired_.take(connection);
  group_.turn_end().want(*this);
}

void ClientCore::retire(std::unique_ptr<ClientConnection::Hop> hop) noexcept {
  left_hops_.push_back(std::move(hop));
  group_.turn_end().want(*this);
}

void ClientCore::end_turn() {
  left_hops_.clear();
  retired_.clear();
  tell_finished();
}

}  // namespace simws::endpoint
