#include "endpoint/server_core.h"

#include "base/clock.h"
#include "base/fresh_name.h"
#include "base/query.h"
#include "endpoint/addresses.h"
#include "endpoint/agreed_compression.h"
#include "endpoint/durations.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace simws::endpoint {

namespace {

// Clients over a limit still hear why: so many at a time are read and refused with 503.
constexpr std::size_t max_refusals_at_a_time = 64;

// The application's own go first.
std::vector<std::string> subprotocols_of(const ServerOptions& options) {
  std::vector<std::string> all = options.subprotocols;
  const bool is_there = std::ranges::find(all, protocol::topics_subprotocol) != all.end();
  if (!options.topics.empty() && !is_there) all.emplace_back(protocol::topics_subprotocol);
  return all;
}

protocol::HandshakeRules make_rules(const ServerOptions& options) {
  return {{options.hosts, options.origins, transport::machine_name(), options.cors_origins},
          subprotocols_of(options),
          options.server_name,
          deflate_wishes(options.compression)};
}

// Its pages see all that is sent, and what is compressed takes the network's thread's time.
std::optional<protocol::HandshakeRules> inspector_rules(const ServerOptions& options) {
  if (!options.inspector) return std::nullopt;
  protocol::HandshakeRules rules = make_rules(options);
  rules.subprotocols = {std::string(protocol::topics_subprotocol)};
  rules.deflate = std::nullopt;
  return rules;
}

// Null: out of memory.
protocol::SharedMessagePtr share(protocol::SharedMessages& shared,
                                 const std::shared_ptr<protocol::OutputBudget>& memory,
                                 std::string_view data, Opcode opcode) noexcept {
  try {
    return shared.make(memory, data, opcode);
  } catch (...) {
    return nullptr;
  }
}

std::shared_ptr<protocol::TopicDoor> make_topic_door(
    const std::shared_ptr<protocol::OutputBudget>& budget, const ServerOptions& options,
    const std::string& epoch) {
  return std::make_shared<protocol::TopicDoor>(
      budget, protocol::TopicDoor::Limits{options.max_queued_bytes,
                                          options.max_total_retained_bytes, epoch});
}

// What waits for the broker is never what leaves no room for viewers.
constexpr std::size_t broker_share = 4;

BrokerFeed::Setup broker_setup(const ServerOptions& options, const std::string& epoch) {
  const std::size_t most =
      std::min(options.max_queued_bytes, options.max_total_queued_bytes / broker_share);
  return {*options.broker, options.name, epoch, most, options.max_message_size};
}

std::shared_ptr<protocol::OutputBudget> make_budget(const ServerOptions& options) {
  return std::make_shared<protocol::OutputBudget>(options.max_queued_bytes,
                                                  options.max_total_queued_bytes);
}

}  // namespace

ServerCore::ServerCore(TurnEnd& turn_end, ServerOptions options, ServerHandlers handlers)
    : options_(with_log_board(std::move(options))),
      epoch_(options_.broker ? fresh_name() : std::string()),
      handlers_(std::move(handlers)),
      files_(turn_end.loop()),
      http_rules_{{options_.max_header_size, options_.max_body_size},
                  make_rules(options_),
                  {},
                  options_.tls.has_value(),
                  {{}, options_.forwarded, options_.trust_forwarded_host},
                  !options_.tokens.empty(),
                  inspector_rules(options_)},
      deadlines_(turn_end.loop()),
      reading_{options_.max_pending_bytes, to_duration(options_.handshake_timeout),
               turn_end.loop()},
      group_(turn_end, deadlines_, reading_, make_budget(options_), options_.logger),
      recordings_(group_, [this] { tell_finished(); }),
      topics_(group_, make_topic_door(group_.output_budget(), options_, epoch_),
              {options_.topics, options_.publishable, options_.max_subscriptions,
               options_.resync_with_retained, options_.subscriptions_follow_topics},
              options_.max_queued_bytes, handlers_.drop),
      rate_(options_.max_handshakes_per_second),
      started_(loop().now()) {
  const std::pair<DeadlineKind, Seconds> durations[] = {
      {DeadlineKind::handshake, options_.handshake_timeout},
      {DeadlineKind::keep_alive, options_.keep_alive_timeout},
      {DeadlineKind::ping, options_.ping_interval},
      {DeadlineKind::pong, options_.ping_timeout},
      {DeadlineKind::close, options_.close_timeout},
      {DeadlineKind::linger, std::min(linger_time, options_.close_timeout)}};
  for (const auto& [kind, duration] : durations) {
    deadlines_.set_duration(kind, to_duration(duration));
  }
  group_.set_server_figures(figures_);
  if (options_.broker) {
    broker_ =
        std::make_unique<BrokerFeed>(group_, topics_, broker_setup(options_, epoch_),
                                     handlers_.remote_publication, [this] { tell_finished(); });
  }
  if (!options_.inspector) return;
  inspector_ = std::make_unique<Inspector>(*this);
  group_.set_watch(inspector_->watch());
}

ServerCore::~ServerCore() {
  group_.turn_end().forget(*this);
}

std::vector<Connection*> ServerCore::connections() {
  std::vector<Connection*> result;
  result.reserve(counters().open_connections.get());
  for (AcceptedConnection& connection : open_) {
    if (connection.state() == ConnectionState::open) result.push_back(&connection);
  }
  return result;
}

Result<std::size_t> ServerCore::broadcast(std::string_view data, Opcode opcode,
                                          const std::function<bool(Connection&)>& filter,
                                          BroadcastOptions options) {
  if (opcode != Opcode::text && opcode != Opcode::binary) {
    return Error{ErrorCode::invalid_argument, "a broadcast is a whole message: text or binary"};
  }
  if (auto checked = protocol::check_whole_message(data, opcode, options_.max_queued_bytes);
      !checked) {
    return std::move(checked).error();
  }
  if (!group_.output_budget()->has_room_for(data.size()) && !make_room(data.size())) {
    return std::size_t{0};
  }
  const protocol::SharedMessagePtr shared =
      share(shared_messages_, group_.output_budget(), data, opcode);
  if (!shared) return Error{ErrorCode::unavailable, "out of memory"};
  record_broadcast(*shared);
  std::size_t count = 0;
  const bool was_stopped = is_stopped();
  for (AcceptedConnection& connection : open_) {
    const bool wanted = !filter || filter(connection);
    if (is_stopped() != was_stopped) break;  // by the filter: none is open any more
    if (wanted && connection.send_shared(shared, options.compress)) ++count;
  }
  return count;
}

// Where memory has run out, or the system can't watch it, the connection is gone.
void ServerCore::accept(std::unique_ptr<transport::Stream> stream) {
  figures_.accepted.add(1);
  try {
    const transport::Address address = stream->remote_address();
    const Admission admission = judge(address);
    if (admission == Admission::too_often && tls_) return turn_away(address);
    if (admission != Admission::admitted && refusing_ >= max_refusals_at_a_time) {
      return counters().refused.add(1);
    }
    add(std::move(stream), admission);
  } catch (...) {
    counters().refused.add(1);
    log(LogLevel::error, "a connection could not be taken: out of memory");
  }
}

void ServerCore::add(std::unique_ptr<transport::Stream> stream, Admission admission) {
  const transport::Address address = stream->remote_address();
  if (tls_) stream = tls_->accept(std::move(stream));
  auto added = std::make_unique<AcceptedConnection>(*this, std::move(stream), admission);
  if (admission != Admission::admitted) {
    ++refusing_;
  } else if (!is_trusted_proxy(address)) {
    count_for_address(*added, address);
  }
  ++count_;
  arriving_.push_back(std::move(added));
}

// What comes over a trusted proxy is judged by its client, who shows in its requests.
Admission ServerCore::judge(const transport::Address& address) {
  const bool is_proxy = is_trusted_proxy(address);
  if (!is_proxy && !rate_.admit(address, loop().now())) return Admission::too_often;
  if (count_ - refusing_ >= options_.max_connections) return Admission::full;
  return !is_proxy && is_address_full(address) ? Admission::full : Admission::admitted;
}

bool ServerCore::is_trusted_proxy(const transport::Address& address) const {
  const protocol::Networks& trusted = http_rules_.proxies.trusted;
  return !trusted.empty() && trusted.contains(ip_of(address));
}

// Before the TLS handshake, which would cost more than the refusal spares.
void ServerCore::turn_away(const transport::Address& address) {
  counters().refused.add(1);
  group_.log_of_peer(LogLevel::warning,
                     address.to_string() +
                         ": closed: too many connections of this address in a second; "
                         "maxHandshakesPerSecond says how many may be");
}

Admission ServerCore::admit_client(AcceptedConnection& connection, const transport::Address& client,
                                   bool is_attempt) {
  Channel& channel = *connection.channel();
  const transport::Address before = channel.client();
  const bool is_same = connection.is_known_client() && before.ip == client.ip;
  if (!is_same && connection.is_counted()) {
    forget_address(before);
    connection.set_counted(false);
  }
  channel.set_client(client);
  connection.set_known_client();
  if ((!is_same || is_attempt) && !rate_.admit(client, loop().now())) return Admission::too_often;
  if (connection.is_counted()) return Admission::admitted;
  if (is_address_full(client)) return Admission::full;
  count_for_address(connection, client);
  return Admission::admitted;
}

bool ServerCore::is_address_full(const transport::Address& address) const {
  if (options_.max_connections_per_address == 0) return false;
  const auto found = per_address_.find(address.ip);
  return found != per_address_.end() && found->second >= options_.max_connections_per_address;
}

void ServerCore::count_for_address(AcceptedConnection& connection,
                                   const transport::Address& address) {
  if (options_.max_connections_per_address == 0) return;
  ++per_address_[address.ip];
  connection.set_counted(true);
}

void ServerCore::forget_address(const transport::Address& address) {
  const auto found = per_address_.find(address.ip);
  if (found != per_address_.end() && --found->second == 0) per_address_.erase(found);
}

bool ServerCore::is_for_inspector(const RequestHead& request) const {
  return inspector_ && path_of(request.resource()) == inspector_path &&
         protocol::is_websocket_attempt(request);
}

void ServerCore::moved_to_open(AcceptedConnection& connection) noexcept {
  if (connection.inspects()) {
    inspecting_.take(connection);
    return count_viewers();
  }
  open_.take(connection);
  if (inspector_) inspector_->add(connection);
}

void ServerCore::moved_to_ending(AcceptedConnection& connection) noexcept {
  ending_.take(connection);
  tell_inspector_of_end(connection);
}

// It may never have been open, and may have been told before.
void ServerCore::tell_inspector_of_end(const AcceptedConnection& connection) noexcept {
  if (!inspector_) return;
  inspector_->remove(connection);
  if (connection.inspects()) count_viewers();
}

void ServerCore::count_viewers() noexcept {
  const auto count = std::distance(inspecting_.begin(), inspecting_.end());
  inspector_->set_viewers(static_cast<std::size_t>(count));
}

void ServerCore::stop(bool tell) {
  if (is_stopped()) return;
  group_.end();
  if (inspector_) inspector_->end();
  listeners_.clear();
  while (!open_.empty()) open_.front().stop(tell);
  while (!inspecting_.empty()) inspecting_.front().stop(false);
  for (ConnectionList* const list : {&arriving_, &ending_}) {
    for (AcceptedConnection& connection : *list) connection.stop(false);
  }
  group_.gate().stop();
  const Time until = loop().now() + to_duration(options_.close_timeout);
  recordings_.end(until);
  if (broker_) broker_->stop(until);
  tell_finished();
}

bool ServerCore::is_finished() {
  const bool is_over = is_stopped() && count_ == 0 && recordings_.are_written() &&
                       (!broker_ || broker_->is_finished());
  assert(!is_over || group_.gate().total() == 0);
  return is_over;
}

void ServerCore::retire(AcceptedConnection& connection) noexcept {
  --count_;
  if (connection.is_refused()) --refusing_;
  if (connection.is_counted()) forget_address(connection.channel()->client());
  retired_.take(connection);
  tell_inspector_of_end(connection);
  group_.turn_end().want(*this);
}

void ServerCore::end_turn() {
  retired_.clear();
  tell_finished();
}

std::vector<AcceptedConnection*> ServerCore::by_waiting_bytes() {
  std::vector<AcceptedConnection*> holders;
  for (ConnectionList* const list : {&arriving_, &open_, &inspecting_, &ending_}) {
    for (AcceptedConnection& connection : *list) {
      if (connection.queued_bytes() > 0) holders.push_back(&connection);
    }
  }
  std::ranges::sort(holders, std::ranges::greater{}, &AcceptedConnection::queued_bytes);
  return holders;
}

bool ServerCore::make_room(std::size_t bytes) noexcept {
  const protocol::OutputBudget& budget = *group_.output_budget();
  while (broker_ && !budget.has_room_for(bytes) && broker_->give_way()) {
  }
  try {
    for (AcceptedConnection* const holder : by_waiting_bytes()) {
      if (budget.has_room_for(bytes)) break;
      holder->yield_room(bytes);
    }
  } catch (...) {
    // Nobody can be chosen: whoever asks for room has none.
  }
  return budget.has_room_for(bytes);
}

}  // namespace simws::endpoint
