#include "base/line_limiter.h"

#include <gtest/gtest.h>

#include <chrono>

namespace simws {
namespace {

using std::chrono::milliseconds;

class LineLimiterTest : public testing::Test {
 protected:
  // How many of so many lines are admitted.
  std::size_t admit(std::size_t count) {
    std::size_t admitted = 0;
    for (std::size_t i = 0; i < count; ++i) admitted += limiter_.admit(now_) ? 1 : 0;
    return admitted;
  }

  LineLimiter limiter_;
  Time now_{};
};

TEST_F(LineLimiterTest, AdmitsTenLinesInASecond) {
  EXPECT_EQ(admit(25), 10u);
  now_ += milliseconds(999);
  EXPECT_EQ(admit(1), 0u);
  now_ += milliseconds(1);
  EXPECT_EQ(admit(25), 10u);
}

TEST_F(LineLimiterTest, AdmitsTenInAnySecondWhereverItBegins) {
  EXPECT_EQ(admit(5), 5u);
  now_ += milliseconds(900);
  EXPECT_EQ(admit(25), 5u);
  now_ += milliseconds(100);
  EXPECT_EQ(admit(25), 5u) << "the five of 900 ms count until 1900 ms";
  now_ += milliseconds(900);
  EXPECT_EQ(admit(25), 5u);
}

TEST_F(LineLimiterTest, AdmitsAllThatComeSlowly) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limiter_.admit(now_));
    EXPECT_FALSE(limiter_.take_left_out(now_));
    EXPECT_FALSE(limiter_.tells_at());
    now_ += milliseconds(100);
  }
}

TEST_F(LineLimiterTest, TellsHowManyWereLeftOutOnceLinesAreAdmittedAgain) {
  admit(25);
  now_ += milliseconds(999);
  EXPECT_FALSE(limiter_.take_left_out(now_));
  now_ += milliseconds(1);
  EXPECT_EQ(limiter_.tells_at(), now_);
  EXPECT_EQ(limiter_.take_left_out(now_), 15u);
  EXPECT_FALSE(limiter_.take_left_out(now_));
  EXPECT_FALSE(limiter_.tells_at());
}

TEST_F(LineLimiterTest, TellsOnceASecondHoweverTheLinesAreSpread) {
  std::size_t lines = 0, told = 0, admitted = 0, left_out = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (const auto count = limiter_.take_left_out(now_)) {
      ++told;
      left_out += *count;
    }
    admitted += limiter_.admit(now_) ? 1 : 0;
    ++lines;
    now_ += milliseconds(1);
  }
  EXPECT_EQ(admitted, 100u);
  EXPECT_EQ(told, 9u);
  now_ += milliseconds(1000);
  left_out += limiter_.take_left_out(now_).value_or(0);
  EXPECT_EQ(admitted + left_out, lines);
}

}  // namespace
}  // namespace simws
