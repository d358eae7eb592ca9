// Whether more comes for an edge than its way from the broker takes: then all that comes queues at
// the broker, and is older with each second.
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace simws::host {

// Of what is queued nothing needs to come where newer state follows it: a new connection begins
// without it. Where messages of policy `all` are among it, it's waited for. A new connection reads
// what is retained anew: it's worth that only where what is queued is older than reading takes.
class Backlog {
 public:
  using Milliseconds = std::chrono::duration<double, std::milli>;

  static constexpr Milliseconds most_age{1000};
  static constexpr Milliseconds most_bearable{30'000};
  static constexpr int most_late = 2;  // a single one may just be large
  static constexpr std::chrono::seconds remembered{10};

  // A connection begins, on which all that is retained comes.
  void begin_reading(Time now) {
    late_ = 0;
    reading_since_ = now;
  }
  void end_reading(Time now) {
    bearable_ = std::clamp<Milliseconds>(2 * (now - reading_since_), most_age, most_bearable);
  }

  // A message came that nothing replaces.
  void need(Time now) { needed_at_ = now; }
  // None came that is such by the policies from now on.
  void forget_need() { needed_at_.reset(); }
  // One came, of that age. True: what is queued behind it is better left out.
  bool note(Milliseconds age, Time now) {
    late_ = age > bearable_ ? late_ + 1 : 0;
    const bool is_needed = needed_at_ && now - *needed_at_ < remembered;
    return late_ >= most_late && !is_needed;
  }

 private:
  int late_ = 0;  // one after the other
  Milliseconds bearable_ = most_age;
  Time reading_since_{};
  std::optional<Time> needed_at_;
};

}  // namespace simws::host
