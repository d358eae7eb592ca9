#include "endpoint/connection_topics.h"

#include "endpoint/accepted_connection.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace simws::endpoint {

using protocol::Publication;
using protocol::PublicationPtr;
using protocol::SubscriptionRules;

namespace {

// Of what is retained, so many messages leave in a row; each takes about as long as so much of a
// file, whatever its size.
constexpr std::size_t retained_at_once = 16;
constexpr std::size_t retained_cost = 4u << 10;

}  // namespace

ConnectionTopics::ConnectionTopics(Topics& topics, Channel& channel, WebSocketEnd& end,
                                   AcceptedConnection& of, bool has_envelopes)
    : Alarm(topics.alarms()),
      topics_(topics),
      channel_(channel),
      outlet_(channel.shared_outlet()),
      end_(end),
      connection_(of),
      has_envelopes_(has_envelopes) {}

ConnectionTopics::~ConnectionTopics() {
  topics_.bulk_desk().forget(*this);
  while (!subscriptions_.empty()) remove(subscriptions_.begin());
}

Subscription* ConnectionTopics::find(std::string_view name) const {
  const auto found = subscriptions_.find(name);
  return found == subscriptions_.end() ? nullptr : found->second.get();
}

void ConnectionTopics::subscribe(const std::string& name, const SubscriptionOptions& options,
                                 protocol::Subscriber by) {
  const SubscriptionRules rules = topics_.rules_for(name, options, by);
  if (rules.has_window()) channel_.keep_unsent_short();
  Subscription* subscription = find(name);
  const bool is_fresh = !subscription || subscription->waiting.has_ceased();
  if (subscription) {
    set_rules(*subscription, rules);
  } else {
    subscription = &add(topics_.join(name), rules);
  }
  if (by == protocol::Subscriber::page) {
    if (topics_.access().follows_settings) {
      subscription->asked = std::make_unique<const SubscriptionOptions>(options);
    }
    answer(protocol::topic_message::subscribed(name, protocol::options_of(rules)));
    const Staleness& staleness = topics_.staleness();
    if (staleness.is_stale) answer(protocol::topic_message::stale(true, staleness.reason));
  }
  if (is_fresh || by == protocol::Subscriber::page) begin_catch_up(*subscription);
  want(*subscription);
}

// What can fail comes first.
Subscription& ConnectionTopics::add(Topic& topic, const SubscriptionRules& rules) {
  auto made = std::make_unique<Subscription>(*this, topic, topic.name, rules);
  Subscription& added = *made;
  Subscriptions in_topic{&added};
  Subscriptions in_waiting{&added};
  subscriptions_.emplace(added.name, std::move(made));
  added.in_waiting = in_waiting.begin();
  idle_.splice(idle_.end(), in_waiting);
  topics_.add(added, in_topic);
  return added;
}

// Where nothing is retained it's over at once, so that what is published next isn't behind it.
void ConnectionTopics::begin_catch_up(Subscription& subscription) {
  const CatchUp start = topics_.begin_catch_up();
  subscription.catch_ups.begin(subscription.name, start);
  if (!next_retained(subscription)) return;
  subscription.catch_ups.begin(subscription.name, start);
  if (share_ == 0) topics_.bulk_desk().add(*this);
}

std::size_t ConnectionTopics::send_piece() noexcept {
  if (is_closing_) return 0;
  try {
    share_ = retained_at_once;
    on_room();
  } catch (...) {
    channel_.give_up();
  }
  return retained_at_once * retained_cost;
}

// REQUIRES: it doesn't wait for a share.
PublicationPtr ConnectionTopics::take_retained(Subscription& subscription) {
  PublicationPtr next = next_retained(subscription);
  if (next && --share_ == 0) topics_.bulk_desk().add_again(*this);
  return next;
}

bool ConnectionTopics::waits_for_share(const Subscription& subscription) const {
  return !subscription.catch_ups.empty() && !subscription.begun && share_ == 0;
}

PublicationPtr ConnectionTopics::next_retained(Subscription& subscription) {
  return subscription.catch_ups.next(
      topics_, [&](const std::string& topic) { return is_taken_by_another(topic, subscription); });
}

// It takes part again, if it had ceased to.
void ConnectionTopics::set_rules(Subscription& subscription, const SubscriptionRules& rules) {
  no_longer_ready(subscription);
  subscription.is_losing = false;
  note(subscription, subscription.waiting.set_rules(rules, now()));
}

void ConnectionTopics::remove(ByName::iterator at) {
  const std::unique_ptr<Subscription> removed = std::move(at->second);
  subscriptions_.erase(at);
  no_longer_ready(*removed);
  idle_.erase(removed->in_waiting);
  std::erase(in_parts_, removed.get());
  leave(*removed);
}

// It gets nothing more, and what waits is dropped.
void ConnectionTopics::leave(Subscription& subscription) {
  subscription.waiting.clear();
  account(subscription);
  if (!std::exchange(subscription.has_left, true)) topics_.remove(subscription);
}

// A more specific one.
bool ConnectionTopics::is_taken_by_another(const std::string& topic,
                                           const Subscription& subscription) const {
  if (subscriptions_.size() == 1) return false;
  if (topic == subscription.name) return false;
  if (subscriptions_.contains(topic)) return true;
  bool is_behind = false;  // the subscription's own pattern has been passed
  bool is_taken = false;
  protocol::for_each_pattern(topic, [&](const std::string& pattern) {
    if (pattern == subscription.name) is_behind = true;
    if (!is_behind && subscriptions_.contains(pattern)) is_taken = true;
  });
  return is_taken;
}

void ConnectionTopics::offer(Subscription& subscription, const PublicationPtr& publication,
                             std::uint64_t serial) noexcept {
  if (std::exchange(latest_serial_, serial) == serial || !end_.is_open()) return;
  try {
    if (passes(subscription, *publication)) {
      subscription.waiting.passed(*publication, now());
      send(subscription, publication);
      set_alarm_for(subscription);
    } else {
      keep(subscription, publication);
    }
  } catch (...) {
    channel_.give_up();
  }
}

// Nothing waits before it, and the connection takes it.
bool ConnectionTopics::passes(Subscription& subscription, const Publication& publication) {
  if (is_asked_ || has_answers() || subscription.is_ready || !end_.takes_publications()) {
    return false;
  }
  if (has_envelopes_ && publication.forms.count(publication) > 1) return false;
  const auto is_empty = [](const Subscriptions& ready) { return ready.empty(); };
  return std::ranges::all_of(ready_, is_empty) && channel_.queued_bytes() < Output::low_mark &&
         has_room_for(subscription) && subscription.waiting.passes(publication, now());
}

bool ConnectionTopics::has_room_for(const Subscription& subscription) {
  const SubscriptionRules& rules = subscription.waiting.rules();
  if (!rules.has_window()) return true;
  return !channel_.is_blocked() && window_.has_room(rules.window, now());
}

void ConnectionTopics::keep(Subscription& subscription, const PublicationPtr& publication) {
  if (is_over_queue(subscription, publication->size())) {
    return end_.refuse(protocol::Verdict::over_max_queued);
  }
  note(subscription, subscription.waiting.offer(publication, now()));
  want(subscription);
}

// What waits of policy `all` counts for the connection, as what `send` sends.
bool ConnectionTopics::is_over_queue(const Subscription& subscription, std::size_t more) const {
  if (subscription.waiting.rules().policy != TopicPolicy::all) return false;
  const std::size_t most = channel_.outlet().budget()->max_queued_bytes();
  return channel_.queued_bytes() + more > most;
}

void ConnectionTopics::note(Subscription& subscription,
                            const protocol::WaitingPublications::Offered& offered) {
  subscription.topic.conflated += offered.conflated;
  subscription.topic.dropped += offered.dropped;
  topics_.totals().conflated += offered.conflated;
  topics_.totals().dropped += offered.dropped;
  channel_.count_dropped(offered.dropped);
  account(subscription);
  if (offered.overflows) return end_.overflow_topic(subscription.name);
  if (offered.dropped == 0) return;
  subscription.lost += offered.dropped;
  if (std::exchange(subscription.is_losing, true) && !offered.ceases) return;
  topics_.tell_loss(subscription);
}

void ConnectionTopics::account(Subscription& subscription) {
  constexpr std::size_t cost = protocol::Outlet::reference_cost;
  const protocol::WaitingPublications& waiting = subscription.waiting;
  const bool counts = waiting.rules().policy == TopicPolicy::all;
  const std::size_t charged = counts ? waiting.bytes() : 0;
  const std::size_t before = std::exchange(subscription.counted_bytes, waiting.bytes());
  if (!subscription.has_left) {
    subscription.topic.queued_bytes += waiting.bytes() - before;
    topics_.totals().queued_bytes += waiting.bytes() - before;
  }
  protocol::OutputGauges& gauges = outlet_->gauges();
  gauges.connection.unqueue(std::exchange(subscription.charged_bytes, charged));
  gauges.connection.queue(charged);
  gauges.server->own().unqueue(cost * std::exchange(subscription.counted, waiting.count()));
  gauges.server->own().queue(cost * waiting.count());
}

// Something of it may be to send.
void ConnectionTopics::want(Subscription& subscription) {
  const bool has_waited = subscription.waiting.has_ready(now());  // times that are over end here
  const bool is_ready = has_waited || !subscription.catch_ups.empty() || subscription.begun;
  set_alarm_for(subscription);
  if (!is_ready) return;
  if (!std::exchange(subscription.is_ready, true)) {
    Subscriptions& ready = ready_[static_cast<std::size_t>(subscription.waiting.rules().priority)];
    ready.splice(ready.end(), idle_, subscription.in_waiting);
  }
  wake();
}

void ConnectionTopics::no_longer_ready(Subscription& subscription) {
  if (!std::exchange(subscription.is_ready, false)) return;
  Subscriptions& ready = ready_[static_cast<std::size_t>(subscription.waiting.rules().priority)];
  idle_.splice(idle_.end(), ready, subscription.in_waiting);
}

void ConnectionTopics::wake() {
  if (is_asked_ || is_closing_) return;
  channel_.output().add_source(*this);
  is_asked_ = true;
  channel_.queued();
}

void ConnectionTopics::on_room() {
  const auto has_some = [](const Subscriptions& ready) { return !ready.empty(); };
  if (has_answers() || std::ranges::any_of(ready_, has_some)) wake();
}

// It comes no later than for this one.
void ConnectionTopics::set_alarm_for(const Subscription& subscription) {
  const auto next = subscription.waiting.next_time();
  if (!next || *next >= alarm_at_) return;
  alarm_at_ = *next;
  set_alarm(alarm_at_);
}

void ConnectionTopics::on_alarm() {
  alarm_at_ = Time::max();
  if (!end_.is_open()) return;
  try {
    for (const auto& [name, subscription] : subscriptions_) {
      if (subscription->waiting.rules().rate > 0) want(*subscription);
    }
  } catch (...) {
    channel_.give_up();
  }
}

void ConnectionTopics::on_all_taken() {
  if (std::exchange(owes_mark_, false) && end_.takes_publications()) send_mark(true, {});
}

bool ConnectionTopics::produce(Output&) {
  if (!end_.takes_publications()) return is_asked_ = false;
  if (send_answers() || send_next()) return true;
  return is_asked_ = false;
}

// The first that may, of the highest priority; it's the last of these then.
bool ConnectionTopics::send_next() {
  bool holds_back = false;
  protocol::DeliveryWindow::Seconds window{};
  for (std::size_t priority = priorities; priority-- > 0;) {
    Subscriptions& ready = ready_[priority];
    for (auto at = ready.begin(); at != ready.end();) {
      Subscription& subscription = **at++;
      if (waits_for_share(subscription)) continue;
      if (!has_room_for(subscription)) {
        holds_back = true;
        window = subscription.waiting.rules().window;
        continue;
      }
      if (send_next_of(subscription)) return true;
    }
  }
  if (holds_back) send_mark(true, window);
  return false;
}

bool ConnectionTopics::send_next_of(Subscription& subscription) {
  if (waits_for_another(subscription)) return false;
  if (!subscription.begun) subscription.begun = take_next(subscription);
  if (!subscription.begun) {
    no_longer_ready(subscription);
    return false;
  }
  if (waits_for_another(subscription)) return false;
  Subscriptions& ready = ready_[static_cast<std::size_t>(subscription.waiting.rules().priority)];
  ready.splice(ready.end(), ready, subscription.in_waiting);
  send_begun(subscription);
  return true;
}

// The peer puts parts together by topic and key: of these one message at a time is in parts, and
// what is newer waits for its end. Whose turn comes with it may have subscribed since it began.
bool ConnectionTopics::waits_for_another(Subscription& subscription) {
  if (in_parts_.empty() || subscription.next_part > 0) return false;
  const Publication* next = subscription.begun.get();
  const bool is_first = subscription.catch_ups.empty() && subscription.waiting.has_ready(now());
  if (!next && is_first) next = subscription.waiting.next().get();
  return next && std::ranges::any_of(in_parts_, [&](const Subscription* other) {
           return other->begun->topic == next->topic && other->begun->key == next->key;
         });
}

void ConnectionTopics::send_begun(Subscription& subscription) {
  if (has_envelopes_) return send_part(subscription);
  send(subscription, std::exchange(subscription.begun, nullptr));
}

// What was retained comes before what was published since.
PublicationPtr ConnectionTopics::take_next(Subscription& subscription) {
  if (!subscription.catch_ups.empty()) {
    if (PublicationPtr next = take_retained(subscription)) return next;
  }
  if (!subscription.waiting.has_ready(now())) return nullptr;
  PublicationPtr next = subscription.waiting.take(now());
  set_alarm_for(subscription);
  account(subscription);
  if (subscription.waiting.empty() && !subscription.waiting.has_ceased()) {
    subscription.is_losing = false;
  }
  return next;
}

void ConnectionTopics::send(Subscription& subscription, const PublicationPtr& publication) {
  deliver(subscription,
          has_envelopes_ ? publication->forms.part(*publication, 0) : publication->message,
          publication->compress);
  note_delivered(subscription, *publication);
}

void ConnectionTopics::send_part(Subscription& subscription) {
  const Publication& publication = *subscription.begun;
  const std::size_t count = publication.forms.count(publication);
  deliver(subscription, publication.forms.part(publication, subscription.next_part),
          publication.compress);
  if (++subscription.next_part < count) {
    if (subscription.next_part == 1) in_parts_.push_back(&subscription);
    return;
  }
  if (count > 1) std::erase(in_parts_, &subscription);
  subscription.next_part = 0;
  note_delivered(subscription, publication);
  subscription.begun = nullptr;
}

void ConnectionTopics::note_delivered(Subscription& subscription, const Publication& publication) {
  ++subscription.topic.delivered;
  ++topics_.totals().delivered;
  channel_.count_sent();
  const protocol::MessageView message = publication.message->view();
  channel_.note_message(false, static_cast<Opcode>(message.opcode()), message.payload(),
                        publication.topic, publication.key);
}

void ConnectionTopics::deliver(const Subscription& subscription,
                               const protocol::SharedMessagePtr& message, bool may_compress) {
  end_.send_publication(message, may_compress);
  const SubscriptionRules& rules = subscription.waiting.rules();
  if (!rules.has_window()) return;
  window_.sent(message->view().payload().size(), now());
  send_mark(!subscription.waiting.empty(), rules.window);
}

// What still waits to be compressed is before it.
void ConnectionTopics::send_mark(bool holds_back, protocol::DeliveryWindow::Seconds window) {
  if (!window_.wants_mark(holds_back, window, now())) return;
  owes_mark_ = channel_.waiting_output() != nullptr;
  if (owes_mark_) return;
  const std::uint32_t number = window_.mark(now());
  if (has_envelopes_) {
    return end_.send_line(protocol::topic_message::mark(number, window_.least_round_trip()));
  }
  end_.send_ping_behind(std::bit_cast<std::array<std::byte, 4>>(number));
}

bool ConnectionTopics::on_pong(Bytes payload) {
  std::array<std::byte, 4> bytes;
  if (payload.size() != bytes.size()) return false;
  std::ranges::copy(payload, bytes.begin());
  on_acknowledged(std::bit_cast<std::uint32_t>(bytes));
  return true;
}

void ConnectionTopics::on_acknowledged(std::uint32_t mark) {
  const auto taken = window_.acknowledge(mark, now());
  if (!taken) return;
  if (auto* const figures = channel_.server_figures()) figures->round_trip.observe(*taken);
  on_room();
}

void ConnectionTopics::on_closing(bool sends) {
  is_closing_ = true;
  clear_alarm();
  const bool may_send = sends && end_.takes_publications();
  for (const auto& [name, subscription] : subscriptions_) {
    if (may_send && subscription->next_part > 0) send_owed(*subscription);
  }
  for (const auto& [name, subscription] : subscriptions_) {
    if (may_send) send_owed(*subscription);
    const std::size_t dropped = subscription->waiting.count();
    channel_.count_dropped(dropped);
    if (!subscription->has_left) {
      subscription->topic.dropped += dropped;
      topics_.totals().dropped += dropped;
    }
    leave(*subscription);
  }
}

void ConnectionTopics::send_owed(Subscription& subscription) {
  if (subscription.waiting.rules().policy != TopicPolicy::all) return;
  while (subscription.begun || subscription.waiting.has_ready(now())) {
    if (!subscription.begun) subscription.begun = subscription.waiting.take(now());
    send_begun(subscription);
  }
  account(subscription);
}

// With what is retained.
void ConnectionTopics::resume(Subscription& subscription) {
  subscription.lost = 0;
  const SubscriptionRules rules = subscription.waiting.rules();
  set_rules(subscription, rules);
  begin_catch_up(subscription);
  want(subscription);
}

// The handler may end the subscription.
void ConnectionTopics::tell_loss(const Topics::DropHandler& handler,
                                 Subscription& subscription) noexcept {
  if (!end_.is_open()) return;
  try {
    const bool has_ceased = subscription.waiting.has_ceased();
    if (has_ceased && topics_.access().resyncs_with_retained) return resume(subscription);
    const std::string topic = subscription.name;
    const std::size_t count = std::exchange(subscription.lost, 0);
    channel_.group().call("drop", handler, connection_, topic, count);
  } catch (...) {
    channel_.give_up();
  }
}

}  // namespace simws::endpoint
