// The door through which publications leave: here, and only here, what is published is checked,
// encoded and counted against what may be retained, by the thread that publishes. Belongs to that
// thread.
#pragma once

#include "base/counter.h"
#include "protocol/output_budget.h"
#include "protocol/topics/publication.h"
#include "protocol/topics/topic_tallies.h"

#include <simws/opcode.h>
#include <simws/result.h>
#include <simws/topics.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace simws::protocol {

class TopicDoor {
 public:
  struct Limits {
    std::size_t max_message = 0;         // in bytes
    std::size_t max_total_retained = 0;  // of all topics, in bytes of data and keys
    // Publications get it as their origin's, and rising sequences from 1; empty: no origin.
    std::string epoch = {};
  };

  // What is retained counts in `retained`, the rest in `queued`.
  TopicDoor(std::shared_ptr<OutputBudget> queued, const Limits& limits);

  // `time`: as Publication's. Errors, and nothing is published: a name, key or opcode that can't
  // be, text that isn't UTF-8, more bytes than a message may have, more than may be retained. Null:
  // by its origin it's older than what is retained of its key.
  Result<PublicationPtr> publish(std::string_view topic, std::string_view data, Opcode opcode,
                                 const PublishOptions& options, double time);
  Result<void> set_topic(std::string_view name, const TopicOptions& options);

  // How many subscriptions take what is published to `topic`. REQUIRES: it's valid.
  std::size_t subscriptions(std::string_view topic);
  // A subscription is on its way to the network, which takes one off when it has arrived. Null: it
  // isn't counted.
  TopicTallyPtr announce(std::string_view subscription);

  // Of data and keys that are retained. From any thread.
  std::size_t retained_bytes() const { return retained_bytes_.get(); }

  // Of which it knows more than their options.
  std::size_t known_topics() const { return topics_.size(); }

  // For the network's thread.
  const std::shared_ptr<TopicTallies>& tallies() const { return tallies_; }
  const std::shared_ptr<OutputBudget>& queued() const { return queued_; }

 private:
  struct Retained {
    std::size_t bytes = 0;
    Origin origin = {};
  };
  struct Topic {
    std::unordered_map<std::string, Retained> retained;  // by key
    std::size_t retained_bytes = 0;
    std::vector<TopicTallyPtr> tallies;  // of its own name, and of patterns; empty: not found yet
  };
  struct RetainLimits {
    std::size_t max_bytes = 64u << 20;
    std::size_t max_keys = 100000;
  };
  using Topics = std::map<std::string, Topic, std::less<>>;

  Topic& topic_of(std::string_view name);
  void forget_idle();
  RetainLimits limits_of(std::string_view topic) const;
  Result<void> check_retained(std::string_view name, const Topic& topic, std::string_view data,
                              const std::string& key) const;
  static bool is_older(const Topic& topic, const PublishOptions& than);
  void note_retained(Topic& topic, const Publication& publication);
  Origin next_origin(const PublishOptions& options);
  static bool find_tallies(TopicTallies& in, const std::string& name, Topic& topic);

  const std::shared_ptr<OutputBudget> queued_;
  const std::shared_ptr<OutputBudget> retained_;
  const Limits limits_;
  // What isn't retained, so that what is published in a row leaves together.
  SharedMessages messages_{16u << 10};
  const std::shared_ptr<TopicTallies> tallies_ = std::make_shared<TopicTallies>();
  std::map<std::string, TopicOptions, std::less<>> options_;  // as they were set
  Topics topics_;
  std::size_t idle_ = 0;  // of these, those in which nothing is retained
  Counter<std::size_t> retained_bytes_;
  std::uint64_t sequence_ = 0;  // of the latest publication without an origin of its own
};

}  // namespace simws::protocol
