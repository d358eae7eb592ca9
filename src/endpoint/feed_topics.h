// What of each topic waits to go to the broker, as the topic's options say. Nobody is closed for
// what it can't take, so where those of a connection would be, the oldest give way.
#pragma once

#include "base/clock.h"
#include "protocol/topics/waiting_publications.h"

#include <cstddef>
#include <iterator>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace simws::endpoint {

class FeedTopics {
 public:
  // Of all topics, in bytes of data.
  explicit FeedTopics(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  struct Lost {
    std::size_t dropped = 0;
    std::size_t conflated = 0;
  };
  // `rules`: the topic's. What is retained of a key isn't lost: the newest goes at last, whatever
  // was dropped. Throws std::bad_alloc.
  Lost offer(const protocol::PublicationPtr& publication, const protocol::SubscriptionRules& rules,
             Time now);
  // Something of the topic waits, or has to wait.
  bool contains(std::string_view topic) const { return by_name_.contains(topic); }
  // It has been handed on without waiting, and its key may have to wait now.
  void passed(const protocol::Publication& publication, const protocol::SubscriptionRules& rules,
              Time now);

  // Hands on a message of each topic in turn while there are any. `may_send(rules, has_retained)`:
  // now, of such a topic, of which something waits that is retained; `send(publication, rules,
  // are_more)`: false ends it.
  template <typename MaySend, typename Send>
  void hand_on(Time now, const MaySend& may_send, const Send& send);

  std::size_t bytes() const { return bytes_; }
  std::size_t topics() const { return topics_.size(); }
  // Nothing waits, but for a time in which a key may not go.
  bool empty() const;
  // When the next of those that wait for their time may go.
  std::optional<Time> next_time() const;
  // The oldest of a topic goes, or all that waits for its time. Returns how many; 0: nothing waits.
  std::size_t drop_some(Time now);
  // Returns how many.
  std::size_t clear();

 private:
  struct Topic {
    Topic(std::string of, const protocol::SubscriptionRules& as_set);

    const std::string name;
    const protocol::SubscriptionRules rules;  // as they were set
    protocol::WaitingPublications waiting;
    // Of each key the newest retained message that hasn't gone, should it be dropped.
    std::unordered_map<std::string, protocol::PublicationPtr> retained;

    bool is_idle() const { return waiting.empty() && retained.empty() && !waiting.next_time(); }
  };
  using Topics = std::list<Topic>;

  Topic& topic_of(const std::string& name, const protocol::SubscriptionRules& rules);
  void keep_retained(Topic& topic, const protocol::PublicationPtr& publication);
  protocol::PublicationPtr take(Topic& topic, Time now);
  void account(std::size_t before, const Topic& topic) { bytes_ += topic.waiting.bytes() - before; }
  void erase(Topics::iterator at);

  const std::size_t max_bytes_;
  Topics topics_;  // whose turn comes first is first
  std::unordered_map<std::string_view, Topics::iterator> by_name_;
  std::size_t bytes_ = 0;
  std::size_t kept_keys_ = 0;  // of all topics' `retained`
};

template <typename MaySend, typename Send>
void FeedTopics::hand_on(Time now, const MaySend& may_send, const Send& send) {
  for (bool any = true; any;) {
    any = false;
    for (std::size_t left = topics_.size(); left > 0; --left) {
      const auto at = topics_.begin();
      topics_.splice(topics_.end(), topics_, at);
      const protocol::PublicationPtr next =
          may_send(at->rules, !at->retained.empty()) ? take(*at, now) : nullptr;
      const bool goes_on = !next || send(next, at->rules, !at->waiting.empty());
      if (at->is_idle()) erase(at);
      if (!goes_on) return;
      any |= next != nullptr;
    }
  }
}

}  // namespace simws::endpoint
