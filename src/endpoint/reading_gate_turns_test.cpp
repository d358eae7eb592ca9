// Whose turn it is, with sources that the test plays.
#include "endpoint/reading_gate.h"
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>

namespace simws::endpoint {
namespace {

class Source final : public ReadSource {
 public:
  bool is_read() const { return !over_ && !behind_; }

  std::size_t readable = 0;
  std::size_t missing = 1 << 30;
  bool given_up = false;

 private:
  void set_over_share(bool over) override { over_ = over; }
  void set_behind_gate(bool behind) override { behind_ = behind; }
  bool has_sent(std::size_t bytes) const override {
    return readable >= bytes || readable >= missing;
  }
  void give_up_message() override { given_up = true; }

  bool over_ = false;
  bool behind_ = false;
};

constexpr std::size_t bound = 320 * 1024;
constexpr std::size_t little = bound / 32;

class ReadingGateTurnsTest : public testing::Test {
 protected:
  Source& add() { return sources.emplace_back(); }
  Source& begin_message(std::size_t bytes) {
    Source& source = add();
    gate.set_unfinished(source, true, bytes);
    return source;
  }
  // Each holds little, which is always read, and all together more than the bound.
  void hold_little_by_many() {
    for (std::size_t held = 0; held < bound + little; held += little) gate.hold(add(), little);
  }
  void wait(int seconds) { loop->advance(std::chrono::seconds(seconds)); }

  const std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  ReadingGate gate{ReadingLimits{bound, std::chrono::seconds(5), *loop}};
  std::deque<Source> sources;
};

TEST_F(ReadingGateTurnsTest, GoOnThoughManyHoldLittle) {
  hold_little_by_many();
  Source& first = begin_message(2 * little);
  Source& second = begin_message(2 * little);
  EXPECT_TRUE(gate.is_closed());
  EXPECT_TRUE(first.is_read()) << "those are always read: a turn can't wait for them";
  EXPECT_FALSE(second.is_read());
  gate.end_message(first);
  gate.set_unfinished(first, false, 0);
  EXPECT_TRUE(second.is_read());
}

TEST_F(ReadingGateTurnsTest, WaitForWhatTheApplicationHoldsOfBigOnes) {
  for (int i = 0; i < 32; ++i) gate.hold(add(), little + 1);
  Source& waiting = begin_message(2 * little);
  EXPECT_FALSE(waiting.is_read());
  for (int i = 0; i < 25; ++i) gate.release(sources[static_cast<std::size_t>(i)], little + 1);
  EXPECT_TRUE(waiting.is_read());
}

TEST_F(ReadingGateTurnsTest, DoNotFlapAsLittleComesAndGoes) {
  Source& first = begin_message(bound);
  Source& second = begin_message(bound);
  Source& third = begin_message(bound);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(first.is_read());
    EXPECT_FALSE(second.is_read());
    EXPECT_FALSE(third.is_read());
    if (i % 2 == 0) gate.hold(add(), little / 2);
    if (i % 2 == 1) gate.release(sources.back(), little / 2);
  }
}

TEST_F(ReadingGateTurnsTest, AMessageThatEndedWhileOthersWereReleasedHoldsNothing) {
  Source& other = add();
  gate.hold(other, 100);
  Source& big = begin_message(2 * little);
  gate.end_message(big);
  gate.release(other, 100);  // by the handler of the big one
  gate.set_unfinished(big, false, 0);
  hold_little_by_many();
  EXPECT_TRUE(gate.is_closed());
  EXPECT_TRUE(big.is_read());
}

TEST_F(ReadingGateTurnsTest, OneWhoseTurnIsOverWaitsAsTheOthersDo) {
  constexpr std::size_t share = 256 * 1024;  // of which a quarter is little
  ReadingGate wide(ReadingLimits{32 * share, std::chrono::seconds(5), *loop});
  Source first, second;
  std::deque<Source> holders(12);
  wide.set_unfinished(first, true, 33 * share);
  wide.set_unfinished(second, true, 33 * share);
  for (Source& holder : holders) wide.hold(holder, share - 1);
  EXPECT_TRUE(first.is_read());
  wide.end_message(first);
  wide.hold(first, share / 2);
  wide.set_unfinished(first, false, 0);
  EXPECT_FALSE(first.is_read()) << "it holds much, and the gate is closed";
  EXPECT_FALSE(second.is_read()) << "the application is behind";
  for (Source& holder : holders) wide.release(holder, share - 1);
  EXPECT_TRUE(second.is_read());
  EXPECT_FALSE(wide.is_closed());
}

TEST_F(ReadingGateTurnsTest, APeerThatHasSentAllIsNotBlamedForWhatWeDoNotRead) {
  begin_message(bound);
  Source& stuck = begin_message(bound);
  Source& complete = begin_message(bound);
  complete.readable = complete.missing = 100;
  wait(6);
  EXPECT_TRUE(stuck.given_up);
  EXPECT_FALSE(complete.given_up);
}

TEST_F(ReadingGateTurnsTest, APeerGainsWhatCameAndWhatWaits) {
  begin_message(bound);
  Source& enough = begin_message(bound);
  Source& too_little = begin_message(bound);
  gate.set_unfinished(enough, true, bound + little / 2);
  enough.readable = little / 2;
  gate.set_unfinished(too_little, true, bound + little / 2);
  too_little.readable = little / 2 - 1;
  wait(6);
  EXPECT_FALSE(enough.given_up);
  EXPECT_TRUE(too_little.given_up);
}

TEST_F(ReadingGateTurnsTest, TinyBoundsBoundToo) {
  for (const std::size_t tiny : {1u, 2u, 31u, 33u, 100u}) {
    SCOPED_TRACE(tiny);
    ReadingGate small(ReadingLimits{tiny, std::chrono::seconds(5), *loop});
    Source first, second, third;
    small.set_unfinished(first, true, 200);
    small.set_unfinished(second, true, 200);
    EXPECT_TRUE(first.is_read());
    EXPECT_FALSE(second.is_read());
    wait(6);
    EXPECT_TRUE(first.given_up) << "it gains nothing, and another waits";
    small.set_unfinished(first, false, 0);
    EXPECT_TRUE(second.is_read());
    small.set_unfinished(second, false, 0);
    small.hold(third, 200);
    EXPECT_FALSE(third.is_read());
    small.release(third, 200);
    EXPECT_TRUE(third.is_read());
    EXPECT_EQ(small.total(), 0u);
    EXPECT_FALSE(small.is_closed());
  }
}

}  // namespace
}  // namespace simws::endpoint
