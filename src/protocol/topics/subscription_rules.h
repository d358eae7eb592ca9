// How a subscription is served: its options, all of them settled.
#pragma once

#include "base/clock.h"

#include <simws/topics.h>

#include <algorithm>
#include <cstddef>

namespace simws::protocol {

struct SubscriptionRules {
  TopicPolicy policy = TopicPolicy::all;
  std::size_t max_queued = 4u << 20;
  double rate = 0;  // 0: no limit
  int priority = 4;
  std::chrono::duration<double> window{0.1};

  // Between messages of one key.
  Duration period() const {
    if (rate <= 0) return Duration::zero();
    constexpr double longest = 1e9;  // seconds: more than a Duration holds needn't be told apart
    const std::chrono::duration<double> seconds(std::min(1 / rate, longest));
    return std::chrono::duration_cast<Duration>(seconds);
  }
  // At most one message of each key waits.
  bool keeps_one_of_a_key() const { return policy == TopicPolicy::latest || rate > 0; }
  bool has_window() const { return policy != TopicPolicy::all; }

  friend bool operator==(const SubscriptionRules&, const SubscriptionRules&) = default;
};

// What isn't given is taken from `defaults`.
SubscriptionOptions with_defaults(SubscriptionOptions options, const SubscriptionOptions& defaults);
// What a page asks for, within what the topic's options allow.
SubscriptionOptions capped(SubscriptionOptions asked, const SubscriptionOptions& limits);

SubscriptionRules settle(const SubscriptionOptions& options, std::size_t max_queued_bytes);
SubscriptionOptions options_of(const SubscriptionRules& rules);

}  // namespace simws::protocol
