#include "host/commands/edge/backlog.h"

#include <gtest/gtest.h>

namespace simws::host {
namespace {

using namespace std::chrono_literals;

class BacklogTest : public testing::Test {
 protected:
  bool note(Backlog::Milliseconds age) { return backlog.note(age, now); }

  Backlog backlog;
  Time now{1h};
};

TEST_F(BacklogTest, OneLateMessageMayBeLarge) {
  EXPECT_FALSE(note(3000ms));
  EXPECT_FALSE(note(900ms));
  EXPECT_FALSE(note(3000ms));
  EXPECT_TRUE(note(1001ms));
  backlog.begin_reading(now);
  backlog.end_reading(now);
  EXPECT_FALSE(note(3000ms)) << "each connection brings something";
}

TEST_F(BacklogTest, ANewConnectionIsWorthNoMoreThanReadingTakes) {
  backlog.begin_reading(now);
  now += 5s;
  backlog.end_reading(now);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(note(10s));
  EXPECT_FALSE(note(10'001ms));
  EXPECT_TRUE(note(10'001ms));
  backlog.begin_reading(now);
  now += 1h;  // there was no stream
  backlog.end_reading(now);
  EXPECT_FALSE(note(30'001ms));
  EXPECT_TRUE(note(30'001ms));
  backlog.begin_reading(now);
  now += 100ms;
  backlog.end_reading(now);
  EXPECT_FALSE(note(1001ms));
  EXPECT_TRUE(note(1001ms));
}

TEST_F(BacklogTest, WhatHasToComeIsWaitedFor) {
  EXPECT_FALSE(note(2000ms));
  backlog.need(now);
  EXPECT_FALSE(note(2000ms));
  now += 9s;
  EXPECT_FALSE(note(2000ms));
  now += 2s;
  EXPECT_TRUE(note(2000ms));
}

}  // namespace
}  // namespace simws::host
