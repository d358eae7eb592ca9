#include "protocol/topics/subscription_rules.h"

#include <algorithm>

namespace simws::protocol {

namespace {

constexpr int most_priority_of_pages = 6;

template <typename Value>
void fill(std::optional<Value>& option, const std::optional<Value>& from) {
  if (!option) option = from;
}

template <typename Value>
void cap(std::optional<Value>& option, const std::optional<Value>& limit) {
  if (!option || !limit) return fill(option, limit);
  option = std::min(*option, *limit);
}

}  // namespace

SubscriptionOptions with_defaults(SubscriptionOptions options,
                                  const SubscriptionOptions& defaults) {
  fill(options.policy, defaults.policy);
  fill(options.max_queued, defaults.max_queued);
  fill(options.rate, defaults.rate);
  fill(options.priority, defaults.priority);
  fill(options.window, defaults.window);
  return options;
}

SubscriptionOptions capped(SubscriptionOptions asked, const SubscriptionOptions& limits) {
  const SubscriptionRules usual;
  const bool is_all =
      asked.policy.value_or(limits.policy.value_or(usual.policy)) == TopicPolicy::all;
  if (limits.max_queued || !is_all) {
    cap(asked.max_queued, std::optional(limits.max_queued.value_or(usual.max_queued)));
  }
  cap(asked.window, std::optional(limits.window.value_or(usual.window)));
  const bool is_rate_limited = limits.rate && *limits.rate > 0;
  if (is_rate_limited && asked.rate && *asked.rate == 0) asked.rate = limits.rate;
  if (is_rate_limited) cap(asked.rate, limits.rate);
  if (!asked.priority) asked.priority = limits.priority;
  if (asked.priority) asked.priority = std::min(*asked.priority, most_priority_of_pages);
  return with_defaults(asked, limits);
}

SubscriptionRules settle(const SubscriptionOptions& options, std::size_t max_queued_bytes) {
  SubscriptionRules rules;
  rules.policy = options.policy.value_or(rules.policy);
  const bool is_all = rules.policy == TopicPolicy::all;
  rules.max_queued = options.max_queued.value_or(is_all ? max_queued_bytes : rules.max_queued);
  if (is_all) rules.max_queued = std::min(rules.max_queued, max_queued_bytes);
  rules.rate = options.rate.value_or(rules.rate);
  rules.priority = options.priority.value_or(rules.priority);
  rules.window = options.window.value_or(rules.window);
  return rules;
}

SubscriptionOptions options_of(const SubscriptionRules& rules) {
  return {rules.policy, rules.max_queued, rules.rate, rules.priority, rules.window};
}

}  // namespace simws::protocol
