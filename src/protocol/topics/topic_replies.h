// simws.topics.1 as a client hears and speaks it (docs/topics.md).
#pragma once

#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace simws::protocol {

// What a server says.
namespace topic_reply {
struct Sent {};  // a message of its application's own
struct Message {
  std::string topic;
  std::string key;
  Origin origin = {};  // without an epoch: none
};
struct Part {
  std::string topic;
  std::string key;
  std::size_t index = 0;
  std::size_t count = 0;  // more than `index`
  Origin origin = {};
};
struct Mark {
  std::uint32_t number = 0;
};
struct Refused {
  std::string topic;
  std::string reason;
};
struct Stale {
  bool is_stale = false;
  std::string reason;  // for people; may be empty
};
struct Other {};  // an answer without news, or a word of a later version
// It doesn't speak simws.topics.1: why.
struct Malformed {
  std::string reason;
};
}  // namespace topic_reply

using TopicReplyWord =
    std::variant<topic_reply::Malformed, topic_reply::Sent, topic_reply::Message, topic_reply::Part,
                 topic_reply::Mark, topic_reply::Refused, topic_reply::Stale, topic_reply::Other>;

struct TopicReply {
  TopicReplyWord word;
  std::string_view payload;  // a view into the message
};

TopicReply parse_topic_reply(std::string_view message);

// Messages of a client.
namespace topic_request {
// All of it, in order.
std::string subscribe_to_all_of(std::string_view topic);
std::string acknowledge(std::uint32_t number);
}  // namespace topic_request

}  // namespace simws::protocol
