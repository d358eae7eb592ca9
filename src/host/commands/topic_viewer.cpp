#include "host/commands/topic_viewer.h"

#include "protocol/topics/topic_messages.h"
#include "protocol/topics/topic_replies.h"

#include <variant>

namespace simws::host {

namespace reply = protocol::topic_reply;

TopicViewer::TopicViewer(std::vector<std::string> topics, std::size_t most, Handlers handlers)
    : topics_(std::move(topics)), most_(most), handlers_(std::move(handlers)) {}

void TopicViewer::open(std::string_view subprotocol) {
  parts_.clear();
  size_ = 0;
  if (subprotocol != protocol::topics_subprotocol) {
    return handlers_.problem("the server doesn't speak " +
                             std::string(protocol::topics_subprotocol) +
                             ": it must be started with the option topics");
  }
  for (const std::string& topic : topics_) {
    handlers_.answer(protocol::topic_request::subscribe_to_all_of(topic));
  }
}

// What a header line leads to.
struct TopicViewer::Take {
  TopicViewer& viewer;
  std::string_view payload;

  void operator()(const reply::Sent&) const { viewer.handlers_.message({{}, {}, payload}); }
  void operator()(const reply::Message& message) const {
    viewer.handlers_.message({message.topic, message.key, payload});
  }
  void operator()(const reply::Part& part) const {
    viewer.add_part({part.topic, part.key}, part.index, part.count, payload);
  }
  void operator()(const reply::Mark& mark) const {
    viewer.handlers_.answer(protocol::topic_request::acknowledge(mark.number));
  }
  void operator()(const reply::Refused& refused) const {
    viewer.handlers_.problem("the server refuses the topic '" + refused.topic +
                             "': " + refused.reason);
  }
  void operator()(const reply::Stale& stale) const {
    const std::string reason = stale.reason.empty() ? "" : ": " + stale.reason;
    viewer.handlers_.stale((stale.is_stale ? "what comes may be old" : "what comes is new again") +
                           reason);
  }
  void operator()(const reply::Malformed& malformed) const {
    viewer.handlers_.problem("the server doesn't keep to its subprotocol: " + malformed.reason);
  }
  void operator()(const reply::Other&) const {}
};

void TopicViewer::receive(std::string_view message) {
  const protocol::TopicReply parsed = protocol::parse_topic_reply(message);
  std::visit(Take{*this, parsed.payload}, parsed.word);
}

// A part that doesn't follow the one before ends what was there: the first one begins anew.
void TopicViewer::add_part(const Name& name, std::size_t index, std::size_t count,
                           std::string_view data) {
  auto place = parts_.find(name);
  if (place != parts_.end() && (index == 0 || place->second.next != index)) {
    forget(place);
    place = parts_.end();
  }
  if (place == parts_.end() && index > 0) return;
  if (data.size() > most_ - size_) {
    return handlers_.problem("the server begins more large messages than fit into " +
                             std::to_string(most_ >> 20) + " MiB, and ends none");
  }
  if (place == parts_.end()) place = parts_.emplace(name, Parts()).first;
  Parts& parts = place->second;
  parts.data += data;
  size_ += data.size();
  if (++parts.next < count) return;
  const std::string whole = std::exchange(parts.data, {});
  size_ -= whole.size();
  parts_.erase(place);
  handlers_.message({name.first, name.second, whole});
}

void TopicViewer::forget(std::map<Name, Parts>::iterator place) {
  size_ -= place->second.data.size();
  parts_.erase(place);
}

}  // namespace simws::host
