#include "host/commands/edge/edge_state.h"

#include <gtest/gtest.h>

#include <chrono>

namespace simws::host {
namespace {

using Seconds = std::chrono::duration<double>;

broker::EdgeStatus well() {
  broker::EdgeStatus status;
  status.is_connected = true;
  status.server = "n1 at 10.0.0.1:4222";
  status.is_held = true;
  status.holder = "10.0.0.2:9000";
  status.round_trip = Seconds(0.001);
  return status;
}

TEST(EdgeState, WhatIsAsNewAsItComes) {
  EXPECT_EQ(why_stale(well(), true), "");
  EXPECT_EQ(describe(well(), "arm", true),
            "viewers get 'arm' (10.0.0.2:9000) as it comes by the broker n1 at 10.0.0.1:4222");
}

TEST(EdgeState, WhatIsOldAndWhy) {
  broker::EdgeStatus status = well();
  EXPECT_EQ(why_stale(status, false), "what is retained is on its way");
  status.is_held = false;
  EXPECT_EQ(why_stale(status, true), "the simulation isn't there");
  status = well();
  status.round_trip = Seconds(2.5);
  EXPECT_EQ(why_stale(status, true), "the broker answers too slowly");
  status.round_trip.reset();
  EXPECT_EQ(why_stale(status, true), "the broker doesn't answer");
  status.is_connected = false;
  EXPECT_EQ(why_stale(status, true), "no connection to the broker");
}

TEST(EdgeState, TheLogHasTheProblemToo) {
  broker::EdgeStatus status;
  EXPECT_EQ(describe(status, "arm", false),
            "what viewers get of 'arm' may be old: no connection to the broker");
  status.problem = "nobody answers at 10.0.0.1:4222";
  EXPECT_EQ(describe(status, "arm", false),
            "what viewers get of 'arm' may be old: nobody answers at 10.0.0.1:4222");
  status = well();
  status.is_held = false;
  status.problem = "JetStream isn't enabled";
  EXPECT_EQ(
      describe(status, "arm", true),
      "what viewers get of 'arm' may be old: the simulation isn't there: JetStream isn't enabled");
  status = well();
  status.holder.clear();
  status.problem = "nothing is retained";
  EXPECT_EQ(describe(status, "arm", true),
            "viewers get 'arm' as it comes by the broker n1 at 10.0.0.1:4222: nothing is retained");
}

}  // namespace
}  // namespace simws::host
