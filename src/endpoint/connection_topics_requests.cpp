// What a peer asks that speaks simws.topics.1 (docs/topics.md).
#include "base/clock.h"
#include "endpoint/accepted_connection.h"
#include "endpoint/connection_topics.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace simws::endpoint {

namespace request = protocol::topic_request;

namespace {

// A peer that asks without reading the answers is not read on.
constexpr std::size_t most_answers = 64u << 10;

bool covers(const std::vector<std::string>& allowed, std::string_view name) {
  return std::ranges::any_of(allowed,
                             [&](const std::string& each) { return protocol::covers(each, name); });
}

}  // namespace

void ConnectionTopics::on_message(Opcode opcode, Bytes message) {
  const protocol::TopicRequest asked = protocol::parse_topic_request(as_text(message));
  std::visit([&](const auto& word) { handle(word, asked.payload, opcode); }, asked.word);
}

void ConnectionTopics::handle(const request::Send&, std::string_view data, Opcode opcode) {
  channel_.note_message(true, opcode, as_bytes(data));
  connection_.on_sent(data, opcode);
}

void ConnectionTopics::handle(const request::Malformed& malformed, std::string_view, Opcode) {
  end_.refuse_message(malformed.reason);
}

void ConnectionTopics::handle(const request::Acknowledge& ack, std::string_view, Opcode) {
  on_acknowledged(ack.number);
}

void ConnectionTopics::handle(const request::Ping& ping, std::string_view, Opcode) {
  const double lead = topics_.clock_lead().count() * 1000;
  answer(protocol::topic_message::pong(ping.number, unix_milliseconds() + lead));
}

void ConnectionTopics::handle(const request::Unsubscribe& asked, std::string_view, Opcode) {
  unsubscribe(asked.topic);
}

void ConnectionTopics::handle(const request::Subscribe& asked, std::string_view, Opcode) {
  std::string fault = asked.fault.empty() ? why_not_readable(asked.topic) : asked.fault;
  if (fault.empty()) return subscribe(asked.topic, asked.options, protocol::Subscriber::page);
  answer(protocol::topic_message::refused("subscribe", asked.topic, fault));
}

void ConnectionTopics::follow_settings(Subscription& subscription) noexcept {
  if (is_closing_ || !subscription.asked) return;
  try {
    const protocol::SubscriptionRules rules =
        topics_.rules_for(subscription.name, *subscription.asked, protocol::Subscriber::page);
    if (rules == subscription.waiting.rules()) return;
    if (rules.has_window()) channel_.keep_unsent_short();
    const bool had_ceased = subscription.waiting.has_ceased();
    set_rules(subscription, rules);
    if (had_ceased) begin_catch_up(subscription);
    want(subscription);
  } catch (...) {
    channel_.give_up();
  }
}

std::string ConnectionTopics::why_not_readable(std::string_view name) const {
  if (auto checked = protocol::check_subscription(name); !checked) return checked.error().message;
  const TopicAccess& access = topics_.access();
  if (!covers(access.readable, name)) {
    return "pages may not read this topic (the server's option topics)";
  }
  const bool is_new = !find(name);
  if (is_new && subscriptions_.size() >= access.max_subscriptions) {
    return "more than maxSubscriptions (" + std::to_string(access.max_subscriptions) +
           ") of one connection";
  }
  return {};
}

void ConnectionTopics::handle(const request::Publish& asked, std::string_view data, Opcode opcode) {
  std::string fault;
  if (auto checked = protocol::check_topic(asked.topic); !checked) {
    fault = checked.error().message;
  } else if (!covers(topics_.access().publishable, asked.topic)) {
    fault = "pages may not publish to this topic (the server's option publishable)";
  }
  if (fault.empty()) {
    channel_.note_message(true, opcode, as_bytes(data), asked.topic);
    return connection_.on_published(asked.topic, data, opcode);
  }
  answer(protocol::topic_message::refused("publish", asked.topic, fault));
}

void ConnectionTopics::answer(std::string line) {
  if (!end_.is_open()) return;
  answers_bytes_ += line.size();
  answers_.push_back(std::move(line));
  if (answers_bytes_ > most_answers) channel_.set_hold(Channel::Hold::answers, true);
  wake();
}

// However often it changes, what holds now is told once.
void ConnectionTopics::tell_staleness() {
  if (!has_envelopes_ || !end_.is_open()) return;
  owes_staleness_ = true;
  wake();
}

bool ConnectionTopics::send_answers() {
  if (answers_.empty()) {
    if (!std::exchange(owes_staleness_, false)) return false;
    const Staleness& staleness = topics_.staleness();
    end_.send_line(protocol::topic_message::stale(staleness.is_stale, staleness.reason));
    return true;
  }
  answers_bytes_ -= answers_.front().size();
  end_.send_line(answers_.front());
  answers_.pop_front();
  if (answers_.empty()) channel_.set_hold(Channel::Hold::answers, false);
  return true;
}

}  // namespace simws::endpoint
