// Topics: what is published to many, and what each subscriber gets when it can't take all of it.
//
// A topic's name is UTF-8 of 1 to 255 bytes, its levels separated by "/", without empty levels,
// control characters and "#". A subscription to "a/#" takes "a" and all below it, "#" takes all; a
// message goes once to a connection, by its most specific subscription.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simws {

enum class TopicPolicy : std::uint8_t {
  all,     // all waits, up to max_queued_bytes; over it the connection is closed with 1013
  latest,  // of each key only the newest waits
  oldest,  // over max_queued the oldest give way
  newest,  // over max_queued what comes is dropped
  resync,  // over max_queued all that waits is dropped, and nothing more of the topic is queued
           // until the connection is subscribed to it again
};

// As scripts and pages write them.
inline constexpr std::array<std::string_view, 5> topic_policy_names = {"all", "latest", "oldest",
                                                                       "newest", "resync"};

// Of a subscription. What isn't given is as the topic's options say, or as here.
struct SubscriptionOptions {
  std::optional<TopicPolicy> policy;      // all
  std::optional<std::size_t> max_queued;  // 4 MiB, of `all` max_queued_bytes
  std::optional<double> rate;             // messages of a key in a second at most; 0: all of them
  std::optional<int> priority;            // 0 to 7, which go first; 4
  // What is under way is bounded by what the viewer has acknowledged lately, in its least round
  // trip and this time more, in seconds; of all policies but `all`. 0.1
  std::optional<std::chrono::duration<double>> window;

  friend bool operator==(const SubscriptionOptions&, const SubscriptionOptions&) = default;
};

// Of a topic, or of all that a name like "a/#" takes; of several the most specific one holds.
struct TopicOptions {
  SubscriptionOptions subscriptions;  // of those that begin after this
  // What may be retained of each topic: bytes of data and keys, and keys.
  std::optional<std::size_t> max_retained_bytes;  // 64 MiB
  std::optional<std::size_t> max_keys;            // 100,000
};

// Where a message stands among all that the server which published it first has published. Of two
// with the same epoch the one with the larger sequence is newer; epochs have no order.
struct Origin {
  std::string epoch;           // of that server's start: 1 to 15 letters and digits; empty: none
  std::uint64_t sequence = 0;  // from 1

  friend bool operator==(const Origin&, const Origin&) = default;
};

// What is retained of a topic's key. Views are valid during the call only.
struct RetainedInfo {
  std::string_view topic;
  std::string_view key;
  const Origin& origin;
};

struct PublishOptions {
  std::string key;      // what the message is the newest of; up to 1,024 bytes of UTF-8
  bool retain = false;  // the last one of each key is kept for those who come later; empty: none is
  bool compress = true;  // false: not even where compression was agreed on
  // Of what another server has published first: where it stands there, and when that was, in
  // milliseconds since 1970. Retained, nothing that is older than what is retained of its key is
  // published.
  std::optional<Origin> origin = {};
  std::optional<double> time = {};  // now
  // Its key is forgotten: subscribers get the message, nothing is kept. Not for a broker.
  bool forget = false;
};

struct TopicInfo {
  std::string name;
  std::size_t subscribers = 0;
  std::uint64_t published = 0;  // messages of the topic
  std::uint64_t delivered = 0;  // handed to connections by its subscriptions
  std::uint64_t conflated = 0;  // not delivered, for a newer one of their key came
  std::uint64_t dropped = 0;    // not delivered at all
  std::size_t queued_bytes = 0;
  std::size_t retained_keys = 0;
  std::size_t retained_bytes = 0;
};

}  // namespace simws
