// The rows of options of topics, subscriptions and publications.
#include "script/function_table.h"

#include <algorithm>

namespace simws::script {

namespace {

constexpr std::string_view since_1_0 = "1.0";

constexpr double GiB = 1024.0 * 1024.0 * 1024.0;
constexpr Range bytes{1, 1024 * GiB};

// Of a subscription, and of a topic for all its subscriptions.
constexpr OptionRow policy{
    "policy",
    Type::text,
    "'all'",
    {},
    &SubscriptionOptions::policy,
    since_1_0,
    "What becomes of messages that a viewer can't take yet. `'all'`: all wait, up to "
    "`maxQueuedBytes`, then the connection is closed with 1013. `'latest'`: of each key only the "
    "newest waits. `'oldest'`: the oldest give way. `'newest'`: what comes is dropped. `'resync'`: "
    "all that waits is dropped, the drop handler is told, and nothing more of the topic is queued "
    "until the script subscribes the connection again.",
    nullptr,
    false,
    topic_policy_names};
constexpr OptionRow max_queued{
    "maxQueued",
    Type::integer,
    "4194304",
    bytes,
    &SubscriptionOptions::max_queued,
    since_1_0,
    "Bytes of messages that may wait (4 MiB; with `'all'` `maxQueuedBytes`). A single message may "
    "always wait."};
constexpr OptionRow rate{
    "rate",
    Type::number,
    "0",
    {0, 1e9},
    &SubscriptionOptions::rate,
    since_1_0,
    "Messages of one key in a second at most. What comes in between is left out, but never the "
    "last. 0: all of them."};
constexpr OptionRow priority{
    "priority",
    Type::integer,
    "4",
    {0, 7},
    &SubscriptionOptions::priority,
    since_1_0,
    "Which of the subscriptions of a connection go first, 0 to 7; what `simWS.send` sends goes "
    "with 7. Equal ones take turns."};
constexpr OptionRow window{
    "window",
    Type::number,
    "0.1",
    {0, 1e9},
    &SubscriptionOptions::window,
    since_1_0,
    "Seconds, with all policies but `'all'`: no more is under way to a viewer than it has "
    "acknowledged lately in its least round trip and this time. So what it gets is that old at the "
    "most, and two messages' time."};

constexpr OptionRow subscription_rows[] = {policy, max_queued, rate, priority, window};

constexpr OptionRow topic_rows[] = {
    policy,
    max_queued,
    rate,
    priority,
    window,
    {"maxRetainedBytes", Type::integer, "67108864", bytes, &TopicOptions::max_retained_bytes,
     since_1_0, "Of data and keys that are retained of each topic (64 MiB)."},
    {"maxKeys",
     Type::integer,
     "100000",
     {1, 1e9},
     &TopicOptions::max_keys,
     since_1_0,
     "Of which messages are retained, of each topic."},
};

constexpr OptionRow publish_rows[] = {
    {"key",
     Type::text,
     "''",
     {},
     &PublishOptions::key,
     since_1_0,
     "What the message is the newest of: the name of a joint, say. With the policy `'latest'`, a "
     "`rate`, and `retain` each key counts by itself. Up to 1,024 bytes of UTF-8 without control "
     "characters."},
    {"retain",
     Type::boolean,
     "false",
     {},
     &PublishOptions::retain,
     since_1_0,
     "True: the last message of the key is kept for those who subscribe later. Empty data forgets "
     "the key."},
    {"compress",
     Type::boolean,
     "true",
     {},
     &PublishOptions::compress,
     since_1_0,
     "False: the message isn't compressed for anybody."},
};

constexpr bool is_documented(const OptionRow& row) {
  return !row.doc.empty() && !row.since.empty() && !row.default_value.empty();
}
static_assert(std::ranges::all_of(topic_rows, is_documented));
static_assert(std::ranges::all_of(publish_rows, is_documented));

}  // namespace

std::span<const OptionRow> subscription_options() {
  return subscription_rows;
}
std::span<const OptionRow> topic_options() {
  return topic_rows;
}
std::span<const OptionRow> publish_options() {
  return publish_rows;
}

}  // namespace simws::script
