#include "endpoint/broker_feed.h"

#include "protocol/broker/server_list.h"
#include "protocol/topics/topic_name.h"
#include "transport/process.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace word = protocol::helper_word;
using protocol::PublicationPtr;
using protocol::SubscriptionRules;

namespace {

constexpr std::string_view program_name = "simws-broker";
constexpr Duration longest_delay = std::chrono::seconds(30);
constexpr std::uint64_t first_probe = std::uint64_t{1} << 62U;
constexpr Duration longest_round_trip = std::chrono::seconds(2);  // after it it isn't known
constexpr Duration probe_interval = std::chrono::seconds(1);

// Of what is retained, as for viewers: see ConnectionTopics.
constexpr std::size_t retained_at_once = 16;
constexpr std::size_t retained_cost = 4u << 10;

std::string where_to_get_it() {
  return "the program simws-broker isn't there: install it beside simWS (the package "
         "simws-broker), "
         "or have it on the PATH";
}

}  // namespace

BrokerFeed::BrokerFeed(ChannelGroup& group, Topics& topics, Setup setup,
                       const RemoteHandler& on_remote, transport::Task on_finished)
    : group_(group),
      topics_(topics),
      setup_(std::move(setup)),
      on_remote_(on_remote),
      on_finished_(std::move(on_finished)),
      shown_url_(protocol::shown_url(setup_.broker.url)),
      delay_(first_delay),
      timer_(group.loop().make_timer([this] { on_timer(); })),
      probes_(group.loop().make_timer([this] { guard([this] { probe(); }); })),
      pauses_(group.loop().make_timer([this] {
        alarm_at_.reset();
        guard([this] { produce(); });
      })),
      topics_waiting_(setup_.max_queued_bytes) {
  shown_.url = shown_url_;
  shown_.name = setup_.name;
}

BrokerFeed::~BrokerFeed() {
  topics_.bulk_desk().forget(*this);
  group_.turn_end().forget(*this);
}

void BrokerFeed::start(std::string address) noexcept {
  guard([&] {
    address_ = std::move(address);
    start_helper();
  });
}

void BrokerFeed::start_helper() {
  const std::string program =
      setup_.broker.program.empty() ? transport::find_program(program_name) : setup_.broker.program;
  if (program.empty()) {
    set_state(State::error, where_to_get_it(), {});
    return restart_later();
  }
  auto started = group_.loop().start_process(program);
  if (!started) {
    set_state(State::error, started.error().message, {});
    return restart_later();
  }
  helper_ = std::move(started).value();
  frames_ = {};
  helper_->stream().set_handler(this);
  helper_->stream().start_reading();
  const BrokerOptions& broker = setup_.broker;
  output_.add(word::start({broker.url, broker.credentials, broker.ca, broker.certificate,
                           broker.private_key, setup_.name, setup_.epoch, address_}));
  has_new_settings_ = !settings_.empty();
  tell_topics();
  flush();
}

void BrokerFeed::set_topic(std::string_view name, const SubscriptionOptions& options) noexcept {
  guard([&] {
    settings_.insert_or_assign(std::string(name), options);
    has_new_settings_ = true;
    group_.turn_end().want(*this);
  });
}

void BrokerFeed::tell_topics() {
  if (!helper_ || is_stop_said_ || !std::exchange(has_new_settings_, false)) return;
  const auto text = protocol::topic_settings_text(settings_);
  if (text) return output_.add(word::topics(text->size()) + *text);
  if (std::exchange(has_too_many_, true)) return;
  group_.log(LogLevel::warning,
             address_of_broker() +
                 ": edges aren't told what setTopic sets from here on: more than " +
                 std::to_string(protocol::most_topic_settings) +
                 " topics, or 128 KiB; set it for "
                 "patterns such as 'robots/#'");
}

// Its stream may be calling, so it's destroyed at the end of the turn.
void BrokerFeed::end_helper(std::string_view why) noexcept {
  if (!helper_) return restart_later();
  helper_->stream().stop_reading();
  helper_->stream().close();
  ended_helper_ = std::move(helper_);
  group_.turn_end().want(*this);
  output_.clear();
  catch_up_.reset();
  topics_.bulk_desk().forget(*this);
  is_blocked_ = wants_output_ = false;
  probes_->stop();
  if (is_stopped_) return finish();
  try {
    set_state(State::connecting, "the program simws-broker has ended: " + std::string(why), {});
  } catch (...) {
    state_ = State::connecting;
  }
  restart_later();
}

void BrokerFeed::restart_later() noexcept {
  if (is_stopped_) return finish();
  timer_->start(group_.loop().now() + delay_);
  delay_ = std::min(delay_ * 2, longest_delay);
}

void BrokerFeed::on_timer() {
  if (is_stopped_) return end_helper("there was no more time");
  guard([this] { start_helper(); });
}

// What waits is lost.
void BrokerFeed::stop(Time until) noexcept {
  if (std::exchange(is_stopped_, true)) return;
  if (!helper_) return finish();
  timer_->start(until);
  guard([this] {
    if (state_ != State::open) dropped_.add(topics_waiting_.clear());
    produce();
    say_stop_if_done();
    flush();
  });
}

void BrokerFeed::finish() noexcept {
  timer_->stop();
  dropped_.add(topics_waiting_.clear());
  note_queued();
  group_.turn_end().want(*this);
}

void BrokerFeed::end_turn() {
  ended_helper_.reset();
  guard([this] {
    tell_topics();
    produce();
    flush();
  });
  if (is_finished()) on_finished_();
}

void BrokerFeed::publish(const PublicationPtr& publication) noexcept {
  if (is_stopped_ || publication->origin.epoch != setup_.epoch || !may_wait()) return;
  try {
    const SubscriptionRules rules =
        topics_.rules_for(publication->topic, {}, protocol::Subscriber::script);
    if (!passes(*publication, rules)) return keep(publication, rules);
    topics_waiting_.passed(*publication, rules, group_.loop().now());
    send(publication, rules, false);
    set_alarm();
  } catch (...) {
    note_lost(1, publication->topic);
    end_helper("out of memory");
  }
}

// Until the name is this server's nothing is wanted of it, and then all that is retained.
bool BrokerFeed::may_wait() const {
  return state_ != State::held && (state_ != State::error || has_opened_);
}

// What is retained goes at first, and no faster than it can be stored; nothing else waits for it.
bool BrokerFeed::may_store() const {
  return !catch_up_ && (is_stopped_ || storing_.has_room());
}

bool BrokerFeed::passes(const protocol::Publication& publication, const SubscriptionRules& rules) {
  return is_open() && (!publication.retain || may_store()) && output_.has_room() &&
         !topics_waiting_.contains(publication.topic) && has_room(rules);
}

// A server that stops has no time for windows.
bool BrokerFeed::has_room(const SubscriptionRules& rules) {
  return !rules.has_window() || is_stopped_ || window_.has_room(rules.window, group_.loop().now());
}

void BrokerFeed::keep(const PublicationPtr& publication, const SubscriptionRules& rules) {
  const auto lost = topics_waiting_.offer(publication, rules, group_.loop().now());
  conflated_.add(lost.conflated);
  if (lost.dropped > 0) note_lost(lost.dropped, publication->topic);
  note_queued();
  group_.turn_end().want(*this);
}

void BrokerFeed::note_lost(std::size_t count, std::string_view topic) noexcept {
  dropped_.add(count);
  if (std::exchange(is_losing_, true)) return;
  try {
    const std::string which =
        topic.empty() ? "" : ", the first of topic '" + std::string(topic) + "'";
    group_.log(LogLevel::warning, address_of_broker() + " doesn't keep up: messages are dropped" +
                                      which + "; getServerInfo().broker counts them");
  } catch (...) {
    // They're counted.
  }
}

bool BrokerFeed::give_way() noexcept {
  try {
    const std::size_t dropped = topics_waiting_.drop_some(group_.loop().now());
    if (dropped > 0) note_lost(dropped, {});
    note_queued();
    return dropped > 0;
  } catch (...) {
    return false;
  }
}

// Hands on what waits, as far as the helper and the windows have room.
void BrokerFeed::produce() {
  if (!is_open()) return;
  bool holds_back = false;
  protocol::DeliveryWindow::Seconds window{};
  topics_waiting_.hand_on(
      group_.loop().now(),
      [&](const SubscriptionRules& rules, bool has_retained) {
        wants_output_ = !output_.has_room();
        if (wants_output_ || (has_retained && !may_store())) return false;
        if (has_room(rules)) return true;
        holds_back = true;
        window = rules.window;
        return false;
      },
      [&](const PublicationPtr& publication, const SubscriptionRules& rules, bool are_more) {
        send(publication, rules, are_more);
        wants_output_ = !output_.has_room();
        return !wants_output_;
      });
  if (holds_back) mark(true, window);
  if (topics_waiting_.bytes() == 0) is_losing_ = false;
  note_queued();
  set_alarm();
  say_stop_if_done();
}

void BrokerFeed::send(const PublicationPtr& publication, const SubscriptionRules& rules,
                      bool are_more) {
  const protocol::MessageView message = publication->message->view();
  output_.add(word::message(publication->topic, publication->key,
                            static_cast<Opcode>(message.opcode()), publication->origin.sequence,
                            publication->time, publication->retain, publication->size()),
              publication);
  published_.add(1);
  if (publication->retain) note_stored(publication->size());
  group_.turn_end().want(*this);
  if (!rules.has_window()) return;
  window_.sent(publication->size(), group_.loop().now());
  mark(are_more, rules.window);
}

void BrokerFeed::send_retained(const PublicationPtr& publication) {
  const protocol::MessageView message = publication->message->view();
  output_.add(
      word::retained(publication->topic, publication->key, static_cast<Opcode>(message.opcode()),
                     publication->origin.sequence, publication->time, publication->size()),
      publication);
  note_stored(publication->size());
}

void BrokerFeed::note_stored(std::size_t bytes) {
  storing_.sent(bytes);
  if (storing_.wants_mark()) output_.add(word::mark(storing_.mark(), true));
}

void BrokerFeed::mark(bool holds_back, protocol::DeliveryWindow::Seconds window) {
  const Time now = group_.loop().now();
  if (!window_.wants_mark(holds_back, window, now)) return;
  output_.add(word::mark(window_number_ << 32U | window_.mark(now)));
  group_.turn_end().want(*this);
}

// What is retained goes bit by bit: others' shares of a turn are theirs.
std::size_t BrokerFeed::send_piece() noexcept {
  std::size_t sent = 0;
  guard([&] {
    const auto by_nobody_else = [](const std::string&) { return false; };
    const auto has_room = [&] { return output_.has_room() && storing_.has_room(); };
    while (catch_up_ && sent < retained_at_once && has_room()) {
      const PublicationPtr next = topics_.next_retained(*catch_up_, "#", by_nobody_else);
      if (!next) {
        catch_up_.reset();
        break;
      }
      if (next->origin.epoch == setup_.epoch) send_retained(next);
      ++sent;
    }
    wants_output_ = catch_up_ && !output_.has_room();
    if (catch_up_ && has_room()) topics_.bulk_desk().add_again(*this);
    group_.turn_end().want(*this);
  });
  return sent * retained_cost;
}

void BrokerFeed::flush() {
  if (!helper_ || is_blocked_) return;
  is_blocked_ = !output_.flush(helper_->stream());
  if (is_blocked_) return;
  if (is_stop_said_) helper_->stream().finish_writing();
  if (!std::exchange(wants_output_, false)) return;
  if (catch_up_) topics_.bulk_desk().add(*this);
  group_.turn_end().want(*this);
}

void BrokerFeed::on_writable() {
  guard([this] {
    is_blocked_ = false;
    flush();
  });
}

void BrokerFeed::say_stop_if_done() {
  if (!is_stopped_ || is_stop_said_ || !helper_ || catch_up_) return;
  if (!topics_waiting_.empty() && is_open()) return;
  output_.add(word::stop());
  is_stop_said_ = true;
}

// It comes no later than for what waits.
void BrokerFeed::set_alarm() {
  const auto next = topics_waiting_.next_time();
  if (!next || (alarm_at_ && *alarm_at_ <= *next)) return;
  alarm_at_ = *next;
  pauses_->start(*next);
}

void BrokerFeed::probe() {
  if (!is_open()) return;
  if (!probe_) {
    probe_ = first_probe + ++probes_made_;
    probed_at_ = group_.loop().now();
    output_.add(word::mark(*probe_));
    flush();
  } else if (group_.loop().now() - probed_at_ > longest_round_trip) {
    const std::lock_guard lock(mutex_);
    shown_.round_trip.reset();
  }
  probes_->start(group_.loop().now() + probe_interval);
}

}  // namespace simws::endpoint
