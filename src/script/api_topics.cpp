// What is published, and who is subscribed to it.
#include "script/api.h"
#include "script/endpoint_options.h"
#include "script/handle_arguments.h"
#include "script/opcode_argument.h"

#include <string>

namespace simws::script {

Result<Value> Api::subscribe(const Arguments& arguments) {
  const auto target = target_of(arguments.text(0), arguments.text(1));
  if (!target) return target.error();
  const auto subscribed =
      dispatcher_.subscribe(target.value().endpoint, target.value().connection, arguments.text(2),
                            make_subscription_options(arguments[3]));
  if (!subscribed) return explain(subscribed.error(), *target);
  return Value{*subscribed};
}

Result<Value> Api::unsubscribe(const Arguments& arguments) {
  const auto target = target_of(arguments.text(0), arguments.text(1));
  if (!target) return target.error();
  const auto unsubscribed = dispatcher_.unsubscribe(target.value().endpoint,
                                                    target.value().connection, arguments.text(2));
  if (!unsubscribed) return explain(unsubscribed.error(), *target);
  return Value{*unsubscribed};
}

Result<Value> Api::publish(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const Data data = arguments.data(2);
  const auto opcode = whole_opcode_argument(arguments, 3, data, "publication");
  if (!opcode) return opcode.error();
  const auto count = dispatcher_.publish(*server, arguments.text(1), data.bytes, *opcode,
                                         make_publish_options(arguments[4]));
  if (!count) return explain(count.error(), *server);
  return integer_value(*count);
}

Result<Value> Api::set_topic(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto set =
      dispatcher_.set_topic(*server, arguments.text(1), make_topic_options(arguments[2]));
  if (!set) return explain(set.error(), *server);
  return Value{};
}

Result<Value> Api::get_topics(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto topics = dispatcher_.topics(*server);
  if (!topics) return explain(topics.error(), *server);
  Map map;
  map.reserve(topics->size());
  for (const TopicInfo& topic : *topics) map.push_back({topic.name, {topic_map(topic)}});
  return Value{std::move(map)};
}

}  // namespace simws::script
