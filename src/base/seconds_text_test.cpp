#include "base/seconds_text.h"

#include <gtest/gtest.h>

namespace simws {
namespace {

using namespace std::chrono_literals;

TEST(SecondsText, TenthsAreRoundedUp) {
  EXPECT_EQ(in_seconds(2s), "2.0 s");
  EXPECT_EQ(in_seconds(1.01s), "1.1 s");
  EXPECT_EQ(in_seconds(1ms), "0.1 s");
  EXPECT_EQ(in_seconds(-1s), "0.0 s");
}

TEST(SecondsText, WhatIsDueIsDueAtOnce) {
  EXPECT_EQ(when(40ms), "in 0.1 s");
  EXPECT_EQ(when(0s), "at once");
  EXPECT_EQ(when(-1ms), "at once");
}

}  // namespace
}  // namespace simws
