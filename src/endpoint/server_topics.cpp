// What a server's application does with topics.
#include "base/clock.h"
#include "base/cut_text.h"
#include "endpoint/server_core.h"
#include "protocol/topics/topic_name.h"

#include <string>
#include <vector>

namespace simws::endpoint {

namespace {

Error out_of_memory() {
  return {ErrorCode::unavailable, "out of memory"};
}

}  // namespace

Result<bool> ServerCore::subscribe(Connection& connection, std::string_view topic,
                                   const SubscriptionOptions& options) {
  if (auto checked = protocol::check_subscription(topic); !checked) {
    return std::move(checked).error();
  }
  if (const auto fault = protocol::fault_of(options, protocol::Subscriber::script)) {
    return Error{ErrorCode::invalid_argument, *fault};
  }
  return static_cast<AcceptedConnection&>(connection).subscribe(topic, options);
}

Result<bool> ServerCore::unsubscribe(Connection& connection, std::string_view topic) {
  if (auto checked = protocol::check_subscription(topic); !checked) {
    return std::move(checked).error();
  }
  return static_cast<AcceptedConnection&>(connection).unsubscribe(topic);
}

Result<std::size_t> ServerCore::publish(std::string_view topic, std::string_view data,
                                        Opcode opcode, const PublishOptions& options) {
  const auto& budget = group_.output_budget();
  if (!budget->has_room_for(data.size()) && !make_room(data.size())) return std::size_t{0};
  try {
    protocol::TopicDoor& door = *topics_.door();
    auto publication = door.publish(topic, data, opcode, options, unix_milliseconds());
    if (!publication) return std::move(publication).error();
    if (!*publication) return std::size_t{0};
    if (recordings_.active()) recordings_.active()->published(**publication);
    topics_.publish(*publication);
    if (broker_) broker_->publish(*publication);
    return door.subscriptions(topic);
  } catch (...) {
    return out_of_memory();
  }
}

void ServerCore::publish(const protocol::PublicationPtr& publication) noexcept {
  try {
    if (is_stopped()) return;
    if (recordings_.active()) recordings_.active()->published(*publication);
    topics_.publish(publication);
    if (broker_) broker_->publish(publication);
  } catch (...) {
    log(LogLevel::error, "a publication could not be handed on: out of memory");
  }
}

Result<void> ServerCore::set_topic(std::string_view topic, const TopicOptions& options) {
  try {
    if (auto set = topics_.door()->set_topic(topic, options); !set) return set;
    topics_.set_topic(topic, options);
    if (broker_) broker_->set_topic(topic, options.subscriptions);
    return {};
  } catch (...) {
    return out_of_memory();
  }
}

Result<void> ServerCore::forget_retained(std::string_view epoch,
                                         const std::function<bool(const RetainedInfo&)>& is_over) {
  try {
    std::vector<protocol::PublicationPtr> over;
    topics_.for_each_retained([&](const protocol::PublicationPtr& retained) {
      if (is_over({retained->topic, retained->key, retained->origin})) over.push_back(retained);
    });
    for (const protocol::PublicationPtr& each : over) {
      PublishOptions options{each->key, true, true};
      options.origin = {std::string(epoch),
                        each->origin.epoch == epoch ? each->origin.sequence : 1};
      const auto opcode = static_cast<Opcode>(each->message->view().opcode());
      if (auto forgotten = publish(each->topic, {}, opcode, options); !forgotten) {
        return std::move(forgotten).error();
      }
    }
    return {};
  } catch (...) {
    return out_of_memory();
  }
}

void ServerCore::set_stale(bool is_stale, std::string_view reason) {
  constexpr std::size_t most = 500;  // which a header line holds, whatever is in it
  if (!topics_.set_staleness({is_stale, std::string(cut_text(reason, most))})) return;
  for (AcceptedConnection& connection : open_) connection.tell_staleness();
}

void ServerCore::apply_topic(std::string_view topic, const TopicOptions& options) noexcept {
  try {
    topics_.set_topic(topic, options);
    if (broker_) broker_->set_topic(topic, options.subscriptions);
  } catch (...) {
    log(LogLevel::error, "a topic's options could not be set: out of memory");
  }
}

}  // namespace simws::endpoint
