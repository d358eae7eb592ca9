// Runs something over and over, with each of its allocations, or operations, failing once.
#pragma once

#include "base/kept_memory.h"
#include "failing_memory.h"
#include "sparing_loop.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace simws::faults {

inline std::size_t failing_at = 0;  // counted from `begin_failing`
inline Outage failing_for = Outage::once;

inline void begin_failing() {
  fail_allocation(failing_at, failing_for);
}
inline bool has_ended_failing = false;  // with a failure
inline void end_failing() {
  has_ended_failing = has_failed();
  fail_allocation(0);
}

// The first time counts what nobody needs from then on.
inline void forget_kept_memory() {
  trim_kept_memory();
  trim_kept_memory();
}

// `run` calls `begin_failing` and `end_failing`. Nothing is thrown into the loop, and nothing
// leaks.
template <typename Run>
void fail_every_allocation(const Run& run) {
  for (const Outage outage : {Outage::once, Outage::rest_of_call}) {
    failing_for = outage;
    failing_at = 0;
    run();  // what lives as long as the process is made
    forget_kept_memory();
    do {
      ++failing_at;
      thrown_into_loop = 0;
      const std::size_t before = live_allocations();
      run();
      forget_kept_memory();
      EXPECT_EQ(live_allocations(), before);
      EXPECT_EQ(thrown_into_loop, 0U);
      if (testing::Test::HasFailure()) {
        ADD_FAILURE() << "at allocation " << failing_at
                      << (outage == Outage::once ? "" : ", and on");
        return;
      }
    } while (has_ended_failing);
  }
}

// The same for operations of the network: `run` gets which one fails (1: the first), and returns
// how many there were.
template <typename Run>
void fail_every_operation(const Run& run) {
  fail_allocation(0);
  failing_for = Outage::once;
  for (std::size_t failing = 1; run(failing) >= failing; ++failing) {
    if (!testing::Test::HasFailure()) continue;
    ADD_FAILURE() << "at operation " << failing;
    return;
  }
}

}  // namespace simws::faults
