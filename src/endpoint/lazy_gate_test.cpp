#include "endpoint/lazy_gate.h"

#include "transport/memory.h"

#include <gtest/gtest.h>

#include <memory>

namespace simws::endpoint {
namespace {

class Source final : public ReadSource {
 public:
  bool is_over_share = false;

 private:
  void set_over_share(bool over) override { is_over_share = over; }
  void set_behind_gate(bool) override {}
  bool has_sent(std::size_t) const override { return false; }
  void give_up_message() override {}
};

class LazyGateTest : public testing::Test {
 protected:
  const std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  const ReadingLimits limits{3200, std::chrono::seconds(5), *loop};
  LazyGate gate{limits};
  Source source;
};

TEST_F(LazyGateTest, WhereNothingIsHeldNothingHappens) {
  gate.set_unfinished(source, false, 0);
  gate.end_message(source);
  gate.release(source, 10);
  gate.end(source);
  gate.release_ended(10);
  EXPECT_EQ(gate.total(), 0u);
  EXPECT_FALSE(gate.is_closed());
}

TEST_F(LazyGateTest, WhatIsHeldCounts) {
  gate.set_unfinished(source, true, 50);
  EXPECT_EQ(gate.total(), 50u);
  gate.set_unfinished(source, false, 0);
  gate.hold(source, 101);
  EXPECT_EQ(gate.total(), 101u);
  EXPECT_TRUE(source.is_over_share);
  gate.release(source, 100);
  EXPECT_FALSE(source.is_over_share);
  gate.end(source);
  EXPECT_EQ(gate.total(), 1u);
  gate.release_ended(1);
  EXPECT_EQ(gate.total(), 0u);
}

TEST_F(LazyGateTest, AfterItsStopNothingCountsThatDidNotBefore) {
  gate.stop();
  gate.hold(source, 101);
  EXPECT_EQ(gate.total(), 0u);
  EXPECT_FALSE(source.is_over_share);
}

TEST_F(LazyGateTest, WhatWasHeldAtItsStopGoesWithItsSource) {
  gate.hold(source, 101);
  gate.stop();
  EXPECT_EQ(gate.total(), 101u);
  gate.end(source);
  EXPECT_EQ(gate.total(), 0u);
}

}  // namespace
}  // namespace simws::endpoint
