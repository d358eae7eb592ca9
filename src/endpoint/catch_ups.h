// What of what is retained a subscription is still to be given.
#pragma once

#include "protocol/topics/publication.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint {

class Topics;

// How far somebody has got with what was retained when it began.
struct CatchUp {
  std::string topic;        // of which it's given now; empty: the first
  std::uint64_t after = 0;  // in that topic: what it was given last
  std::uint64_t last = 0;   // what was published later came by itself
};

// A subscription's own, and those of subscriptions that have ended and whose topics it takes.
class CatchUps {
 public:
  // Those of more subscriptions aren't told apart.
  static constexpr std::size_t most_taken_over = 16;

  // Nothing is left.
  bool empty() const { return parts_.empty(); }
  // With all that the subscription of this name takes, from `start` on; what was before is
  // forgotten.
  void begin(std::string_view name, const CatchUp& start);
  // It goes on where a subscription that has ended was: what that one was given doesn't come again.
  // Where there were too many of these, all of its own comes from `start` on.
  void take_over(std::string_view own_name, const CatchUp& start, std::string_view ended_name,
                 const CatchUps& ended);
  // Null: there was none left. `is_taken`: another subscription of the connection takes that topic.
  protocol::PublicationPtr next(const Topics& topics,
                                const std::function<bool(const std::string&)>& is_taken);

 private:
  struct Part {
    std::string name;  // of the subscription that had it
    CatchUp at;
    bool is_done = false;
  };

  // The topics of one are none of those behind it.
  std::vector<Part> parts_;
};

}  // namespace simws::endpoint
