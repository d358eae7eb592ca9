#include "host/commands/edge/simulation_clock.h"

#include <gtest/gtest.h>

namespace simws::host {
namespace {

using Milliseconds = SimulationClock::Milliseconds;

constexpr double minute = 60'000;

bool note(SimulationClock& clock, double sent, double now) {
  return clock.note(Milliseconds(sent), Milliseconds(now));
}

TEST(SimulationClock, TheFastestMessageTellsTheDifference) {
  SimulationClock clock;
  EXPECT_EQ(clock.lead().count(), 0);
  EXPECT_TRUE(note(clock, 11'000, 1'050));
  EXPECT_EQ(clock.lead().count(), 9'950);
  EXPECT_TRUE(note(clock, 11'100, 1'101));
  EXPECT_EQ(clock.lead().count(), 9'999);
  EXPECT_FALSE(note(clock, 11'200, 1'290)) << "took longer";
  EXPECT_EQ(clock.lead().count(), 9'999);
}

TEST(SimulationClock, AClockThatWasSetIsFollowed) {
  SimulationClock clock;
  note(clock, 10'000, 0);
  note(clock, 11 * minute, 11 * minute);
  EXPECT_EQ(clock.lead().count(), 10'000) << "not at once";
  note(clock, 22 * minute, 22 * minute);
  EXPECT_EQ(clock.lead().count(), 0);
}

TEST(SimulationClock, OursMayBeSetBackToo) {
  SimulationClock clock;
  note(clock, 30 * minute, 30 * minute);
  note(clock, 30 * minute, 20 * minute);
  EXPECT_EQ(clock.lead().count(), 10 * minute);
}

TEST(SimulationClock, AnotherMachineHasAnotherClock) {
  SimulationClock clock;
  note(clock, 10'000, 0);
  clock.reset();
  EXPECT_EQ(clock.lead().count(), 0);
}

}  // namespace
}  // namespace simws::host
