#include "host/load/histogram.h"

#include <gtest/gtest.h>

#include <cmath>

namespace simws::load {
namespace {

void expect_near(double value, double wanted) {
  EXPECT_NEAR(value, wanted, wanted / 1000) << wanted;
}

TEST(Histogram, HasTheNearestRanks) {
  Histogram times;
  for (int i = 100; i >= 1; --i) times.add(i);
  EXPECT_EQ(times.count(), 100u);
  expect_near(times.percentile(0.5), 50);
  expect_near(times.percentile(0.99), 99);
  expect_near(times.percentile(0.991), 100);
  expect_near(times.percentile(0), 1);
  EXPECT_EQ(times.percentile(1), 100);
}

TEST(Histogram, IsExactToAThousandthFromNanosecondsToHours) {
  for (double time = 1e-9; time < 14'400; time *= 1.37) {
    Histogram times;
    times.add(time);
    times.add(time * 3);
    EXPECT_NEAR(times.percentile(0.5), time, time / 1000 + 0.6e-9);
  }
}

TEST(Histogram, OfOneTimeIsThatTime) {
  Histogram times;
  times.add(7.123456);
  for (const double share : {0.0, 0.5, 1.0}) EXPECT_EQ(times.percentile(share), 7.123456);
  EXPECT_EQ(times.least(), 7.123456);
  EXPECT_EQ(times.greatest(), 7.123456);
}

TEST(Histogram, KeepsWhatIsBeyond) {
  Histogram times;
  times.add(-1);
  times.add(1e6);
  EXPECT_EQ(times.least(), -1);
  EXPECT_EQ(times.greatest(), 1e6);
  EXPECT_EQ(times.count(), 2u);
}

TEST(Histogram, OfNothingHasNoNumbers) {
  const Histogram times;
  for (const double value : {times.percentile(0.5), times.least(), times.greatest()}) {
    EXPECT_TRUE(std::isnan(value));
  }
}

TEST(Histogram, CountsBetween) {
  Histogram times;
  for (const double time : {0.001, 0.002, 0.003, 0.5}) times.add(time);
  EXPECT_EQ(times.count_between(0.0015, 0.4), 2u);
  EXPECT_EQ(times.count_between(0, 1), 4u);
  EXPECT_EQ(times.count_between(1, 2), 0u);
}

}  // namespace
}  // namespace simws::load
