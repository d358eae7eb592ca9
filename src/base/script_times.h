// How long what a script does takes: its thread counts, and any thread may ask.
#pragma once

#include "base/duration_counter.h"

#include <cstdint>

namespace simws {

struct ScriptTimes {
  DurationCounter pass;      // over waiting events
  DurationCounter callback;  // each event's, with what is done around it
  DurationCounter step_lateness;
};

// Which callbacks are measured where no pass reads the clock anyway: the first ones, and then each
// 16th for the 16 until then.
class CallbackSample {
 public:
  // For how many the next one stands; 0: it isn't measured.
  std::uint64_t next() {
    const std::uint64_t place = ++count_;
    if (place <= every) return 1;
    return place % every == 0 ? every : 0;
  }

 private:
  static constexpr std::uint64_t every = 16;

  std::uint64_t count_ = 0;
};

}  // namespace simws
