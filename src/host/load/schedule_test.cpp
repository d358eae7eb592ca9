#include "host/load/schedule.h"

#include <gtest/gtest.h>

namespace simws::load {
namespace {

TEST(Schedule, HasTheFirstMessageAtItsStart) {
  const Schedule schedule(10, 4);
  EXPECT_EQ(schedule.due(9.99), 0u);
  EXPECT_EQ(schedule.due(10), 1u);
  EXPECT_EQ(schedule.due(10.24), 1u);
  EXPECT_EQ(schedule.due(10.25), 2u);
}

// A stall of two seconds makes eight messages due at once: each counts from its own time.
TEST(Schedule, GoesOnWhileTheServerStalls) {
  const Schedule schedule(10, 4);
  EXPECT_EQ(schedule.due(12), 9u);
  EXPECT_EQ(schedule.time_of(8), 12);
  EXPECT_EQ(12 - schedule.time_of(1), 1.75);
}

TEST(Schedule, AgreesWithItselfWhateverTheRate) {
  for (const double rate : {3.0, 60.0, 999.0, 30'000.0}) {
    const Schedule schedule(123456.789, rate);
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      const double time = schedule.time_of(i);
      ASSERT_EQ(schedule.due(time), i + 1) << "rate " << rate;
    }
  }
}

}  // namespace
}  // namespace simws::load
