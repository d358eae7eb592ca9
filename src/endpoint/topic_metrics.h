// Figures of topics as metrics: of the busiest ones each, of all others together.
#pragma once

#include "endpoint/topics.h"
#include "protocol/http/metrics_text.h"

#include <simws/topics.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace simws::endpoint {

// What topics have in common that aren't listed, once there have been more than are. Its counters
// only go on, whichever those are.
class OtherTopics {
 public:
  // `listed`: those that are, of `known` ones. Nothing: there have never been others.
  std::optional<TopicInfo> note(const TopicInfo& totals, const std::vector<TopicInfo>& listed,
                                std::size_t known);

 private:
  void count(const TopicInfo& totals, const std::vector<TopicInfo>& listed);

  std::optional<TopicInfo> others_;
  TopicInfo totals_;  // as of the latest note, like what follows
  std::map<std::string, TopicInfo> listed_;
};

class TopicMetrics {
 public:
  static constexpr std::size_t most_listed = 100;
  // Their label; no topic has such a name.
  static constexpr std::string_view others_name = "/others";

  void write(protocol::http::MetricsText& text, const Topics& topics);

 private:
  OtherTopics others_;
};

}  // namespace simws::endpoint
