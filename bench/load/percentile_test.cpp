#include "load/percentile.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bench {
namespace {

TEST(Percentile, IsTheNearestRank) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  EXPECT_EQ(percentile(values, 0.5), 50);
  EXPECT_EQ(percentile(values, 0.99), 99);
  EXPECT_EQ(percentile(values, 0.991), 100);
  EXPECT_EQ(percentile(values, 0), 1);
  EXPECT_EQ(percentile(values, 1), 100);
}

TEST(Percentile, OfOneValueIsThatValue) {
  std::vector<double> values{7};
  EXPECT_EQ(percentile(values, 0), 7);
  EXPECT_EQ(percentile(values, 0.999), 7);
}

TEST(Percentile, OfNothingIsNoNumber) {
  std::vector<double> values;
  EXPECT_TRUE(std::isnan(percentile(values, 0.5)));
}

}  // namespace
}  // namespace bench
