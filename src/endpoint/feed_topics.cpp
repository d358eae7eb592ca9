#include "endpoint/feed_topics.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace simws::endpoint {

using protocol::PublicationPtr;
using protocol::SubscriptionRules;

namespace {

// Of messages that forget a key no more are kept: past it the key may live on at edges.
constexpr std::size_t most_kept_keys = 1u << 18;

SubscriptionRules kept_rules(SubscriptionRules rules) {
  if (rules.policy == TopicPolicy::all) rules.policy = TopicPolicy::oldest;
  return rules;
}

}  // namespace

FeedTopics::Topic::Topic(std::string of, const SubscriptionRules& as_set)
    : name(std::move(of)), rules(as_set), waiting(kept_rules(as_set)) {}

FeedTopics::Topic& FeedTopics::topic_of(const std::string& name, const SubscriptionRules& rules) {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return *found->second;
  topics_.emplace_back(name, rules);
  const auto added = std::prev(topics_.end());
  try {
    by_name_.emplace(added->name, added);
  } catch (...) {
    topics_.erase(added);
    throw;
  }
  return *added;
}

void FeedTopics::erase(Topics::iterator at) {
  by_name_.erase(at->name);
  topics_.erase(at);
}

void FeedTopics::keep_retained(Topic& topic, const PublicationPtr& publication) {
  const bool is_full = kept_keys_ >= most_kept_keys && publication->forgets();
  const auto found = topic.retained.find(publication->key);
  if (found != topic.retained.end()) {
    found->second = publication;
  } else if (!is_full) {
    topic.retained.emplace(publication->key, publication);
    ++kept_keys_;
  }
}

FeedTopics::Lost FeedTopics::offer(const PublicationPtr& publication,
                                   const SubscriptionRules& rules, Time now) {
  Topic& topic = topic_of(publication->topic, rules);
  if (publication->retain) keep_retained(topic, publication);
  const std::size_t before = topic.waiting.bytes();
  const auto offered = topic.waiting.offer(publication, now);
  // Of `resync` what comes next is taken again: edges get what is retained.
  if (offered.ceases) topic.waiting.set_rules(kept_rules(topic.rules), now);
  account(before, topic);
  Lost lost{offered.dropped, offered.conflated};
  while (bytes_ > max_bytes_) {
    const bool is_alone = topics_.size() == 1 && topic.waiting.count() <= 1;
    const std::size_t dropped = is_alone ? 0 : drop_some(now);
    if (dropped == 0) break;
    lost.dropped += dropped;
  }
  return lost;
}

void FeedTopics::passed(const protocol::Publication& publication, const SubscriptionRules& rules,
                        Time now) {
  if (rules.rate > 0) topic_of(publication.topic, rules).waiting.passed(publication, now);
}

PublicationPtr FeedTopics::take(Topic& topic, Time now) {
  PublicationPtr taken;
  if (topic.waiting.has_ready(now)) {
    const std::size_t before = topic.waiting.bytes();
    taken = topic.waiting.take(now);
    account(before, topic);
    const auto kept = topic.retained.find(taken->key);
    if (kept == topic.retained.end() || kept->second != taken) return taken;
    topic.retained.erase(kept);
    --kept_keys_;
  } else if (topic.waiting.empty() && !topic.retained.empty()) {
    taken = std::move(topic.retained.begin()->second);
    topic.retained.erase(topic.retained.begin());
    --kept_keys_;
  }
  return taken;
}

bool FeedTopics::empty() const {
  return std::ranges::all_of(
      topics_, [](const Topic& topic) { return topic.waiting.empty() && topic.retained.empty(); });
}

std::optional<Time> FeedTopics::next_time() const {
  std::optional<Time> first;
  for (const Topic& topic : topics_) {
    const auto next = topic.waiting.next_time();
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

std::size_t FeedTopics::drop_some(Time now) {
  for (std::size_t left = topics_.size(); left > 0; --left) {
    const auto at = topics_.begin();
    topics_.splice(topics_.end(), topics_, at);
    const std::size_t before = at->waiting.bytes();
    std::size_t dropped = 0;
    if (at->waiting.has_ready(now)) {
      at->waiting.take(now);
      dropped = 1;
    } else {
      dropped = at->waiting.clear();
    }
    account(before, *at);
    if (dropped > 0) return dropped;
  }
  return 0;
}

std::size_t FeedTopics::clear() {
  std::size_t count = 0;
  for (const Topic& topic : topics_) count += topic.waiting.count();
  by_name_.clear();
  topics_.clear();
  bytes_ = kept_keys_ = 0;
  return count;
}

}  // namespace simws::endpoint
