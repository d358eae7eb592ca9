#include "endpoint/client_core.h"

#include "base/seconds_text.h"
#include "endpoint/durations.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <utility>

namespace simws::endpoint {

namespace {

// The bound of its one connection is the one that counts.
std::size_t total_queued_bytes(std::size_t max_queued_bytes) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  return max_queued_bytes > most / 4 ? most : max_queued_bytes * 4;
}

std::shared_ptr<protocol::OutputBudget> make_budget(const ClientOptions& options) {
  const std::size_t max = options.max_queued_bytes;
  return std::make_shared<protocol::OutputBudget>(max, total_queued_bytes(max));
}

// After it an attempt is made that could not be for lack of memory.
constexpr Seconds memory_delay{1};

}  // namespace

ClientCore::Away::Away(const ClientProfile& profile, RandomSource& random) {
  if (profile.options.reconnect) backoff.emplace(profile.retry, random);
}

std::unique_ptr<ClientCore::Away> ClientCore::make_away(const ClientProfile& profile,
                                                        RandomSource& random) {
  if (!profile.options.reconnect && !profile.options.keep_queue) return nullptr;
  return std::make_unique<Away>(profile, random);
}

ClientCore::ClientCore(ClientParts& parts, Destination destination, ClientOptions options,
                       std::shared_ptr<const ClientHandlers> handlers)
    : Alarm(parts.alarms),
      parts_(parts),
      profile_(parts.profiles.find_or_make(parts.turn_end.loop(), std::move(destination), options)),
      handlers_(std::move(handlers)),
      group_(parts.turn_end, profile_->deadlines, profile_->reading, make_budget(profile_->options),
             std::move(options.logger)),
      away_(make_away(*profile_, parts.random)) {}

ClientCore::~ClientCore() {
  parts_.retired.destroy_those_of(*this, retired_);
}

void ClientCore::start() {
  set_alarm_for_next_turn();
}

void ClientCore::on_alarm() {
  if (newest_) return newest_->time_out();
  try {
    begin_attempt();
  } catch (...) {
    group_.log(LogLevel::error, "no attempt to connect could be made: out of memory");
    set_alarm(loop().now() + to_duration(memory_delay));
  }
}

void ClientCore::begin_attempt() {
  newest_ = &connections_.push_back(std::make_unique<ClientConnection>(*this));
  attempts_.add(1);
  set_state(ClientState::connecting);
  set_alarm(loop().now() + to_duration(options().connect_timeout));
  newest_->start();
}

Result<std::optional<protocol::Proxy>> ClientCore::choose_proxy(const protocol::Uri& uri) const {
  const Destination& to = profile_->destination;
  if (!to.asks_environment) return to.proxy;
  return protocol::choose_proxy(uri, to.variables);
}

Result<std::shared_ptr<transport::TlsClient>> ClientCore::tls() {
  return parts_.tls.find_or_make(
      options().tls, [this](LogLevel level, std::string_view line) { group_.log(level, line); });
}

void ClientCore::note_tls(std::shared_ptr<const ConnectionTls> tls) noexcept {
  if (!tls && !tls_) return;
  const std::scoped_lock lock(profile_->tls_mutex);
  tls_ = std::move(tls);
}

void ClientCore::note_open() noexcept {
  set_state(ClientState::open);
  clear_alarm();
  try {
    note_tls(newest_->tls());
    if (!away_ || !std::exchange(away_->is_failing, false)) return;
    group_.log(LogLevel::info, "connected to " + uri().shown() + " again");
  } catch (...) {
    // There's no memory for a line, nor for what shows in an info.
  }
}

void ClientCore::note_end(const AttemptEnd& end) noexcept {
  newest_ = nullptr;
  note_tls(nullptr);
  clear_alarm();
  if (group_.ends()) return set_state(ClientState::closed);
  try {
    plan_attempt(end);
  } catch (...) {
    give_up();
  }
  log_end(end);
}

void ClientCore::plan_attempt(const AttemptEnd& end) {
  if (!away_ || !away_->backoff || !end.is_retried) return give_up();
  if (end.open_time) away_->backoff->lost_after(*end.open_time);
  const auto delay = away_->backoff->next_delay(end.retry_after);
  if (!delay) return give_up();
  const Time at = loop().now() + *delay;
  set_state(ClientState::waiting);
  away_->next_attempt.store(at, std::memory_order_relaxed);
  set_alarm(at);
}

void ClientCore::give_up() noexcept {
  set_state(ClientState::closed);
  if (!away_ || !away_->kept) return;
  group_.counters().dropped.add(away_->kept->clear());
  away_->kept_bytes.store(0, std::memory_order_relaxed);
}

// One line when it begins to fail, not one for each attempt.
void ClientCore::log_end(const AttemptEnd& end) noexcept {
  const bool waits = state() == ClientState::waiting;
  if (waits && away_->is_failing) return;
  if (end.open_time && !waits) return;  // the close handler's to tell
  try {
    std::string line = uri().shown() + (end.open_time ? " was lost: " : " could not be reached: ");
    line += end.why.empty() ? "it was closed" : end.why;
    if (waits) {
      const Duration delay = away_->next_attempt.load(std::memory_order_relaxed) - loop().now();
      line += "; next attempt " + when(delay);
    }
    group_.log(LogLevel::warning, line);
    if (away_) away_->is_failing = waits;
  } catch (...) {
    // There's no memory for a line.
  }
}

Result<bool> ClientCore::send(std::string_view data, Opcode opcode, SendOptions how) {
  if (Connection* const open = connection()) return open->send(data, opcode, how);
  if (auto checked = protocol::check_nowhere_to_go(data, opcode, options().max_queued_bytes);
      !checked) {
    return checked;
  }
  const bool is_whole = how.fin && opcode != Opcode::continuation;
  if (!options().keep_queue || !is_whole || state() == ClientState::closed) return false;
  if (keep(data, opcode, how.compress)) return true;
  group_.counters().dropped.add(1);
  if (away_->kept->is_first_refused()) {
    group_.log(LogLevel::warning, away_->kept->describe_full(uri().shown()));
  }
  return false;
}

// False: there's no room.
bool ClientCore::keep(std::string_view data, Opcode opcode, bool compress) {
  auto& kept = away_->kept;
  if (!kept) kept = std::make_unique<protocol::KeptMessages>(options().max_queued_bytes);
  if (!kept->add(data, opcode, compress)) return false;
  away_->kept_bytes.store(kept->bytes(), std::memory_order_relaxed);
  return true;
}

// Where it's closed meanwhile, what is left waits for the next one.
void ClientCore::send_kept(ClientConnection& connection) {
  if (!away_ || !away_->kept) return;
  auto& kept = away_->kept;
  while (connection.state() == ConnectionState::open) {
    const auto message = kept->take();
    if (!message) break;
    (void)connection.send(message->data, message->opcode, {.compress = message->compress});
  }
  away_->kept_bytes.store(kept->bytes(), std::memory_order_relaxed);
  if (kept->empty()) kept.reset();
}

Connection* ClientCore::connection() {
  return newest_ && newest_->state() == ConnectionState::open ? newest_ : nullptr;
}

ClientState ClientCore::state() const {
  return state_.load(std::memory_order_relaxed);
}

ClientInfo ClientCore::info() const {
  ClientInfo info;
  info.uri = uri().shown();
  info.state = state();
  info.attempts = attempts_.get();
  if (info.state == ClientState::waiting) {
    const Seconds left = away_->next_attempt.load(std::memory_order_relaxed) - Clock::now();
    info.next_attempt = std::max(left, Seconds{0});
  }
  const Counters& counters = group_.counters();
  info.messages_in = counters.messages_in.get();
  info.messages_out = counters.messages_out.get();
  info.bytes_in = counters.bytes_in.get();
  info.bytes_out = counters.bytes_out.get();
  info.dropped = counters.dropped.get();
  info.queued_bytes = group_.output_budget()->used();
  {
    const std::scoped_lock lock(profile_->tls_mutex);
    info.tls = tls_;
  }
  if (away_) info.queued_bytes += away_->kept_bytes.load(std::memory_order_relaxed);
  return info;
}

void ClientCore::stop(bool tell) {
  if (group_.ends()) return;
  group_.end();
  clear_alarm();
  if (newest_) newest_->stop(tell);
  for (ClientConnection& connection : connections_) connection.stop(false);
  give_up();
  group_.gate().stop();
  tell_finished();
}

bool ClientCore::is_finished() {
  const bool is_over = group_.ends() && connections_.empty() && retired_ == 0;
  assert(!is_over || group_.gate().total() == 0);
  return is_over;
}

void ClientCore::retire(ClientConnection& connection) noexcept {
  if (newest_ == &connection) newest_ = nullptr;
  ++retired_;
  parts_.retired.add(connection);
}

void ClientCore::note_destroyed() {
  --retired_;
  tell_finished();
}

}  // namespace simws::endpoint
