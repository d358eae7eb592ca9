// Whether more comes for an edge than its way from the broker takes: then all that comes queues at
// the broker, and is older with each second.
#pragma once

#include "base/clock.h"

#include <chrono>
#include <optional>

namespace simws::host {

// Of what is queued nothing needs to come where newer state follows it: a new connection begins
// without it. Where messages of policy `all` are among it, it's waited for.
class Backlog {
 public:
  using Milliseconds = std::chrono::duration<double, std::milli>;

  static constexpr Milliseconds most_age{1000};
  static constexpr int most_late = 2;  // a single one may just be large
  static constexpr std::chrono::seconds remembered{10};

  // A message came that nothing replaces.
  void need(Time now) { needed_at_ = now; }
  // One came, of that age. True: what is queued behind it is better left out.
  bool note(Milliseconds age, Time now) {
    late_ = age > most_age ? late_ + 1 : 0;
    const bool is_needed = needed_at_ && now - *needed_at_ < remembered;
    return late_ >= most_late && !is_needed;
  }
  // A connection begins.
  void reset() { late_ = 0; }

 private:
  int late_ = 0;  // one after the other
  std::optional<Time> needed_at_;
};

}  // namespace simws::host
