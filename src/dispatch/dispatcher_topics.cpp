// Topics: what the script publishes, and whom it subscribes.
#include "dispatch/dispatcher.h"

#include "protocol/topics/topic_messages.h"
#include "protocol/topics/topic_name.h"

#include <string>
#include <utility>

namespace simws::dispatch {

Result<bool> Dispatcher::subscribe(EndpointId server, ConnectionId connection,
                                   std::string_view topic, const SubscriptionOptions& options) {
  if (const auto fault = protocol::fault_of(options, protocol::Subscriber::script)) {
    return Error{ErrorCode::invalid_argument, *fault};
  }
  return change_subscription(server, connection, topic, options);
}

Result<bool> Dispatcher::unsubscribe(EndpointId server, ConnectionId connection,
                                     std::string_view topic) {
  return change_subscription(server, connection, topic, std::nullopt);
}

Result<bool> Dispatcher::change_subscription(EndpointId server, ConnectionId connection,
                                             std::string_view topic,
                                             std::optional<SubscriptionOptions> options) {
  const auto owner = find_server(server);
  if (!owner) return owner.error();
  const auto target = find(server, connection);
  if (!target) return target.error();
  if (auto checked = protocol::check_subscription(topic); !checked) {
    return std::move(checked).error();
  }
  const RecordPtr& record = target->record;
  const bool is_open =
      record && record->open_told && !record->closing && !record->outlet->is_closed();
  if (!is_open || (*owner)->stopped) return false;
  const std::shared_ptr<ServerLink>& link = (*owner)->server;
  auto announced = options ? link->door().announce(topic) : nullptr;
  command(SubscribeCommand{
      record, std::make_unique<Subscribing>(Subscribing{
                  link, std::string(topic), std::move(options), std::move(announced)})});
  return true;
}

Result<std::size_t> Dispatcher::publish(EndpointId server, std::string_view topic,
                                        std::string_view data, Opcode opcode,
                                        const PublishOptions& options) {
  const auto owner = find_server(server);
  if (!owner) return owner.error();
  if ((*owner)->stopped) return std::size_t{0};
  const std::shared_ptr<ServerLink>& link = (*owner)->server;
  protocol::TopicDoor& door = link->door();
  if (!door.queued()->has_room_for(data.size()) && !make_room(**owner, data.size())) {
    return std::size_t{0};
  }
  auto publication = door.publish(topic, data, opcode, options, unix_milliseconds());
  if (!publication) return std::move(publication).error();
  if (!*publication) return std::size_t{0};
  const std::size_t count = door.subscriptions(topic);
  command(PublishCommand{link, std::move(publication).value()});
  return count;
}

Result<void> Dispatcher::set_topic(EndpointId server, std::string_view topic,
                                   const TopicOptions& options) {
  const auto owner = find_server(server);
  if (!owner) return owner.error();
  if ((*owner)->stopped) return {};
  const std::shared_ptr<ServerLink>& link = (*owner)->server;
  if (auto set = link->door().set_topic(topic, options); !set) return set;
  command(SetTopicCommand{
      std::make_unique<TopicSetting>(TopicSetting{link, std::string(topic), options})});
  return {};
}

// The network's thread has the figures.
Result<std::vector<TopicInfo>> Dispatcher::topics(EndpointId server) const {
  const auto owner = find_server(server);
  if (!owner) return owner.error();
  std::vector<TopicInfo> topics;
  const auto called = network_.call([&] {
    outbox_->execute_all();
    if (const Server* const running = (*owner)->server->server()) topics = running->topics();
  });
  if (!called) return called.error();
  return topics;
}

}  // namespace simws::dispatch
