#include "endpoint/waits.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace simws::endpoint {
namespace {

using namespace std::chrono_literals;

constexpr Time begin{1h};

// How long ago, at `begin + 1s`, what is over by this place began to wait.
std::vector<Duration> pass(Waits& waits, std::uint64_t gone) {
  std::vector<Duration> waited;
  waits.pass(gone, [&](Time since) { waited.push_back(begin + 1s - since); });
  return waited;
}

TEST(Waits, TellEachTurnsRestOnceAllOfItHasGone) {
  Waits waits;
  waits.add(100, begin);
  waits.add(250, begin + 100ms);
  EXPECT_EQ(waits.oldest(), begin);
  EXPECT_EQ(pass(waits, 99), std::vector<Duration>{});
  EXPECT_EQ(pass(waits, 100), std::vector<Duration>{1s});
  EXPECT_EQ(waits.oldest(), begin + 100ms);
  waits.add(300, begin + 200ms);
  EXPECT_EQ(pass(waits, 300), (std::vector<Duration>{900ms, 800ms}));
  EXPECT_TRUE(waits.empty());
  EXPECT_EQ(waits.oldest(), Time{});
}

TEST(Waits, ATurnThatAddsNothingIsNone) {
  Waits waits;
  waits.add(100, begin);
  waits.add(100, begin + 500ms);
  EXPECT_EQ(pass(waits, 100), std::vector<Duration>{1s});
}

TEST(Waits, AreFewHoweverManyTurnsThereAre) {
  Waits waits;
  for (std::uint64_t turn = 1; turn <= 1000; ++turn) {
    waits.add(turn * 10, begin + turn * 1ms);
    EXPECT_EQ(waits.oldest(), begin + 1ms);
  }
  EXPECT_EQ(pass(waits, 10), std::vector<Duration>{999ms}) << "the oldest is the first one's own";
  const std::vector<Duration> rest = pass(waits, 10000);
  EXPECT_GE(rest.size(), 3u);
  EXPECT_LE(rest.size(), 8u);
  for (std::size_t i = 1; i < rest.size(); ++i) EXPECT_LT(rest[i], rest[i - 1]);
  EXPECT_TRUE(waits.empty());
}

// What was dropped waits no more, what is under way still does.
TEST(Waits, AreCutOff) {
  for (const std::uint64_t end : {50u, 100u, 101u, 199u}) {
    Waits waits;
    waits.add(100, begin);
    waits.add(200, begin + 100ms);
    waits.add(300, begin + 200ms);
    waits.cut(end);
    EXPECT_EQ(waits.oldest(), begin) << end;
    EXPECT_EQ(pass(waits, end).size(), end <= 100 ? 1u : 2u) << end;
    EXPECT_TRUE(waits.empty()) << end;
  }
  Waits none;
  none.cut(10);
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace simws::endpoint
