// What one subscription has been given and its connection can't take yet: which of it waits, and
// what gives way, is its policy's to say. Time is passed in.
#pragma once

#include "base/clock.h"
#include "protocol/topics/publication.h"
#include "protocol/topics/subscription_rules.h"

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace simws::protocol {

class WaitingPublications {
 public:
  explicit WaitingPublications(const SubscriptionRules& rules) : rules_(rules) {}

  // What became of what was offered, and of what waited.
  struct Offered {
    std::size_t conflated = 0;  // a newer one of their key took their place
    std::size_t dropped = 0;
    bool overflows = false;  // of `all`: more would wait than may
    bool ceases = false;     // of `resync`: all that waited was dropped, and nothing more is taken
  };
  // A single message may always wait, however large. Throws std::bad_alloc, and nothing changes.
  Offered offer(PublicationPtr publication, Time now);

  // Nothing waits, and its key may be sent at once.
  bool passes(const Publication& publication, Time now);
  // It was sent at once. REQUIRES: passes().
  void passed(const Publication& publication, Time now);

  // Some may be sent now.
  bool has_ready(Time now);
  // The next to be sent. REQUIRES: has_ready().
  const PublicationPtr& next() const { return ready_.front(); }
  PublicationPtr take(Time now);
  // When the next of those that wait for their time may be sent.
  std::optional<Time> next_time() const;

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  std::size_t bytes() const { return bytes_; }  // of their data
  bool has_ceased() const { return ceased_; }

  const SubscriptionRules& rules() const { return rules_; }
  // What waits is offered anew. It takes messages again.
  Offered set_rules(const SubscriptionRules& rules, Time now);
  // What waits, in the order in which it would be sent.
  std::vector<PublicationPtr> all() const;
  // Returns how many.
  std::size_t clear();

 private:
  using Ready = std::list<PublicationPtr>;
  // A key whose last message was sent less than a period ago.
  struct Pause;
  using Pauses = std::unordered_map<std::string, Pause>;
  using Ends = std::multimap<Time, Pauses::iterator>;
  struct Pause {
    PublicationPtr waiting;  // null: nothing
    Ends::iterator end;
  };

  // Where a message of this key waits, or may wait; null: behind all that does.
  PublicationPtr* place_of(const std::string& key);
  bool exceeds(const Publication& publication, const PublicationPtr& replaced) const;
  Offered give_way();
  void put(PublicationPtr& place, PublicationPtr publication);
  void push_ready(PublicationPtr publication);
  std::size_t make_room_beside(const Publication& kept);
  bool drop_oldest_but(const Publication& kept);
  PublicationPtr take_ready(Ready::iterator at);
  void count_in(const Publication& publication);
  void count_out(const Publication& publication);
  void pause(const std::string& key, Time now);
  void end_pauses(Time now);
  void set_pauses_by(Duration longer) noexcept;

  SubscriptionRules rules_;
  Ready ready_;
  std::unordered_map<std::string_view, Ready::iterator> by_key_;  // of these, where keys matter
  Pauses pauses_;
  Ends ends_;  // of these
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  bool ceased_ = false;
};

}  // namespace simws::protocol
