// What an edge's viewers get of topics where they ask for nothing else: as the simulation has set
// it, and as the edge's own options say.
#pragma once

#include "protocol/broker/topic_settings.h"

#include <simws/result.h>
#include <simws/server.h>
#include <simws/topics.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::host {

class EdgeTopics {
 public:
  using Policies = std::vector<std::pair<std::string, TopicPolicy>>;

  EdgeTopics() = default;
  // `policies`: by topic or pattern; of what these cover no policy of the simulation's counts.
  // `all`: of all topics, beside what the simulation sets.
  EdgeTopics(Policies policies, TopicOptions all)
      : policies_(std::move(policies)), all_(std::move(all)) {}

  // What was set before, and isn't any more, is as if it had never been. Error: why a topic's
  // options can't be; others are set all the same.
  Result<void> apply(Server& server, const protocol::TopicSettings& settings);
  // What a topic's subscriptions have that say nothing themselves.
  TopicPolicy policy_of(std::string_view topic) const;

 private:
  using Options = std::map<std::string, TopicOptions, std::less<>>;
  Options options_for(const protocol::TopicSettings& settings) const;

  Policies policies_;
  TopicOptions all_;
  Options set_;
};

}  // namespace simws::host
