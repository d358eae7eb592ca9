#include "host/commands/edge/edge_topics.h"

#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <optional>

namespace simws::host {

EdgeTopics::Options EdgeTopics::options_for(const protocol::TopicSettings& settings) const {
  Options options;
  for (const auto& [topic, set] : settings) {
    const auto is_ours = [&name = topic](const auto& policy) {
      return protocol::covers(policy.first, name);
    };
    SubscriptionOptions& subscriptions = options[topic].subscriptions;
    subscriptions = set;
    if (std::ranges::any_of(policies_, is_ours)) subscriptions.policy.reset();
  }
  for (const auto& [topic, policy] : policies_) options[topic].subscriptions.policy = policy;
  TopicOptions& all = options["#"];
  all.max_retained_bytes = all_.max_retained_bytes;
  all.max_keys = all_.max_keys;
  return options;
}

Result<void> EdgeTopics::apply(Server& server, const protocol::TopicSettings& settings) {
  Options options = options_for(settings);
  for (const auto& [topic, before] : set_) options.try_emplace(topic);
  Result<void> outcome;
  for (const auto& [topic, each] : options) {
    if (auto set = server.set_topic(topic, each); !set) outcome = std::move(set);
  }
  set_ = std::move(options);
  return outcome;
}

TopicPolicy EdgeTopics::policy_of(std::string_view topic) const {
  std::optional<TopicPolicy> policy;
  const auto look = [&](std::string_view name) {
    const auto found = set_.find(name);
    if (!policy && found != set_.end()) policy = found->second.subscriptions.policy;
  };
  look(topic);
  protocol::for_each_pattern(topic, look);
  return policy.value_or(TopicPolicy::all);
}

}  // namespace simws::host
