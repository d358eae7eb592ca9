// What goes to and fro in the subprotocol simws.topics.1 (docs/topics.md): a header line, which is
// a JSON array, a line feed, and the payload.
#pragma once

#include <simws/topics.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace simws::protocol {

constexpr std::string_view topics_subprotocol = "simws.topics.1";

// In quotes; bytes that are no UTF-8 become U+FFFD.
std::string as_json(std::string_view text);

// Header lines of a server, with the line feed.
namespace topic_message {
constexpr std::size_t max_header_size = 4096;  // without it

// With the origin, where there's one.
std::string message(std::string_view topic, std::string_view key, double time,
                    const Origin& origin = {});
std::string part(std::string_view topic, std::string_view key, double time, std::size_t index,
                 std::size_t count, const Origin& origin = {});
std::string mark(std::uint32_t number, std::optional<std::chrono::duration<double>> round_trip);
// REQUIRES: all options are given.
std::string subscribed(std::string_view topic, const SubscriptionOptions& options);
// The answer to a `ping`, with the server's time.
std::string pong(std::uint32_t number, double time);
std::string refused(std::string_view word, std::string_view topic, std::string_view reason);
// What comes may be old from here on, or isn't any more; why, in words.
std::string stale(bool is_stale, std::string_view reason);
}  // namespace topic_message

// What a client says. Views into its message, but for names that JSON has escaped.
namespace topic_request {
struct Send {};
struct Subscribe {
  std::string topic;
  SubscriptionOptions options;  // as they were asked for
  std::string fault = {};       // why they can't be; empty: they can
};
struct Unsubscribe {
  std::string topic;
};
struct Publish {
  std::string topic;
};
struct Acknowledge {
  std::uint32_t number = 0;
};
struct Ping {
  std::uint32_t number = 0;
};
struct Unknown {};  // a word of a later version
// It doesn't speak simws.topics.1: why.
struct Malformed {
  std::string reason;
};
}  // namespace topic_request

using TopicWord =
    std::variant<topic_request::Malformed, topic_request::Send, topic_request::Subscribe,
                 topic_request::Unsubscribe, topic_request::Publish, topic_request::Acknowledge,
                 topic_request::Ping, topic_request::Unknown>;

struct TopicRequest {
  TopicWord word;
  std::string_view payload;
};

TopicRequest parse_topic_request(std::string_view message);

// "latest", ...; nothing: there's no such policy.
std::string_view name_of(TopicPolicy policy);
std::optional<TopicPolicy> policy_of(std::string_view name);
// What is wrong with them: a value out of range; nothing: they can be. A page may ask for less.
enum class Subscriber : std::uint8_t { script, page };
std::optional<std::string> fault_of(const SubscriptionOptions& options, Subscriber by);

}  // namespace simws::protocol
