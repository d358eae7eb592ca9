#include "base/duration_counter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace simws {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// The bound up to which it counts; `bounds`: it's over all of them.
std::size_t place_of(Duration took) {
  DurationCounter counter;
  counter.observe(took);
  const Histogram histogram = counter.histogram();
  EXPECT_EQ(histogram.count(), 1u);
  std::size_t place = 0;
  while (histogram.counts[place] == 0) ++place;
  return place;
}

TEST(DurationCounter, EachCountsUpToTheFirstBoundThatItDoesNotPass) {
  EXPECT_EQ(place_of(nanoseconds(0)), 0u);
  EXPECT_EQ(place_of(nanoseconds(1)), 0u);
  EXPECT_EQ(place_of(microseconds(1)), 0u);
  EXPECT_EQ(place_of(nanoseconds(1001)), 1u);
  EXPECT_EQ(place_of(microseconds(2)), 1u);
  EXPECT_EQ(place_of(nanoseconds(2001)), 2u);
  EXPECT_EQ(place_of(milliseconds(1)), 10u);  // 1,024 µs
  EXPECT_EQ(place_of(seconds(1)), 20u);
  EXPECT_EQ(place_of(hours(1)), Histogram::bounds);
  for (std::size_t i = 0; i < Histogram::bounds; ++i) {
    const auto bound = microseconds(std::uint64_t{1} << i);
    EXPECT_EQ(place_of(bound), i);
    EXPECT_EQ(place_of(bound + nanoseconds(1)), i + 1);
    EXPECT_DOUBLE_EQ(Histogram::bound(i), std::chrono::duration<double>(bound).count());
  }
}

TEST(DurationCounter, LessThanNothingIsNothing) {
  DurationCounter counter;
  counter.observe(-seconds(5));
  const Histogram histogram = counter.histogram();
  EXPECT_EQ(histogram.counts[0], 1u);
  EXPECT_EQ(histogram.sum.count(), 0);
  EXPECT_EQ(histogram.longest.count(), 0);
}

TEST(DurationCounter, KnowsTheSumAndTheLongest) {
  DurationCounter counter;
  for (const int milli : {3, 40, 7}) counter.observe(milliseconds(milli));
  const Histogram histogram = counter.histogram();
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_DOUBLE_EQ(histogram.sum.count(), 0.05);
  EXPECT_DOUBLE_EQ(histogram.longest.count(), 0.04);
}

TEST(DurationCounter, OneMayStandForSeveral) {
  DurationCounter counter;
  counter.observe(milliseconds(2), 16);
  const Histogram histogram = counter.histogram();
  EXPECT_EQ(histogram.count(), 16u);
  EXPECT_DOUBLE_EQ(histogram.sum.count(), 0.032);
  EXPECT_DOUBLE_EQ(histogram.longest.count(), 0.002);
}

TEST(Histogram, QuantilesLieBetweenTheirBounds) {
  DurationCounter counter;
  for (int i = 0; i < 90; ++i) counter.observe(microseconds(100));
  for (int i = 0; i < 10; ++i) counter.observe(milliseconds(30));
  const Histogram histogram = counter.histogram();
  for (const double share : {0.0, 0.01, 0.5, 0.9}) {
    EXPECT_GE(histogram.quantile(share).count(), 64e-6) << share;
    EXPECT_LE(histogram.quantile(share).count(), 128e-6) << share;
  }
  for (const double share : {0.91, 0.99, 1.0}) {
    EXPECT_GE(histogram.quantile(share).count(), 0.016) << share;
    EXPECT_LE(histogram.quantile(share).count(), 0.030) << share;
  }
}

TEST(Histogram, NoQuantileIsLongerThanTheLongest) {
  DurationCounter counter;
  counter.observe(hours(2));
  EXPECT_DOUBLE_EQ(counter.histogram().quantile(1).count(), 7200);
  EXPECT_EQ(Histogram().quantile(0.99).count(), 0);
  EXPECT_EQ(Histogram().count(), 0u);
}

// The one test here with two threads.
TEST(DurationCounter, AnyThreadMayAskMeanwhile) {
  constexpr std::uint64_t count = 20000;
  DurationCounter counter;
  std::atomic<bool> is_done{false};
  std::thread writer([&] {
    for (std::uint64_t i = 0; i < count; ++i) counter.observe(microseconds(i));
    is_done = true;
  });
  std::uint64_t seen = 0;
  while (!is_done) {
    const std::uint64_t now = counter.histogram().count();
    EXPECT_GE(now, seen);
    seen = now;
  }
  writer.join();
  EXPECT_EQ(counter.histogram().count(), count);
}

}  // namespace
}  // namespace simws
