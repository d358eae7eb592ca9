#include "protocol/broker/freshness.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

using Verdict = Freshness::Verdict;

Verdict judge(Freshness& freshness, const char* epoch, std::uint64_t sequence,
              std::string_view topic = "a", std::string_view key = "k") {
  return freshness.judge(topic, key, {epoch, sequence});
}

TEST(Freshness, OfAKeyNothingOlderFollowsAndNothingTwice) {
  Freshness freshness;
  EXPECT_EQ(judge(freshness, "e1", 5), Verdict::begins_epoch);
  EXPECT_EQ(judge(freshness, "e1", 4), Verdict::old);
  EXPECT_EQ(judge(freshness, "e1", 5), Verdict::old);
  EXPECT_EQ(judge(freshness, "e1", 6), Verdict::fresh);
}

TEST(Freshness, EachKeyOfEachTopicIsJudgedByItself) {
  Freshness freshness;
  judge(freshness, "e1", 9);
  EXPECT_EQ(judge(freshness, "e1", 3, "a", "l"), Verdict::fresh);
  EXPECT_EQ(judge(freshness, "e1", 2, "b", "k"), Verdict::fresh);
  EXPECT_EQ(judge(freshness, "e1", 1, "a", ""), Verdict::fresh);
  EXPECT_EQ(judge(freshness, "e1", 1, "ak", ""), Verdict::fresh);
}

TEST(Freshness, OfAKeyThatWasForgottenAnythingIsFresh) {
  Freshness freshness;
  judge(freshness, "e1", 5);
  judge(freshness, "e1", 5, "b");
  freshness.forget("a", "k");
  freshness.forget("a", "unknown");
  EXPECT_EQ(judge(freshness, "e1", 4), Verdict::fresh);
  EXPECT_EQ(judge(freshness, "e1", 4, "b"), Verdict::old);
}

TEST(Freshness, AnEpochEndsTheOneBefore) {
  Freshness freshness;
  judge(freshness, "e1", 90);
  EXPECT_EQ(judge(freshness, "e2", 1), Verdict::begins_epoch);
  EXPECT_EQ(freshness.epoch(), "e2");
  EXPECT_EQ(judge(freshness, "e1", 91), Verdict::old);
  EXPECT_EQ(judge(freshness, "e2", 2, "b"), Verdict::fresh);
  EXPECT_EQ(judge(freshness, "e3", 1), Verdict::begins_epoch);
  EXPECT_EQ(judge(freshness, "e2", 3), Verdict::old);
}

TEST(Freshness, AnEpochMayBeginWithoutAMessage) {
  Freshness freshness;
  EXPECT_TRUE(freshness.begin("e1"));
  EXPECT_FALSE(freshness.begin("e1"));
  EXPECT_FALSE(freshness.begin(""));
  EXPECT_EQ(judge(freshness, "e1", 1), Verdict::fresh);
  EXPECT_TRUE(freshness.begin("e2"));
  EXPECT_FALSE(freshness.begin("e1")) << "is over";
  EXPECT_EQ(judge(freshness, "e1", 2), Verdict::old);
}

TEST(Freshness, TheLast64EpochsStayOver) {
  Freshness freshness;
  for (int i = 0; i <= 64; ++i) freshness.begin("e" + std::to_string(i));
  for (int i = 0; i < 64; ++i) EXPECT_FALSE(freshness.begin("e" + std::to_string(i)));
  freshness.begin("e65");
  EXPECT_TRUE(freshness.begin("e0")) << "so many are kept, and no more";
}

TEST(Freshness, OfTheKeysThoseThatCameLastAreKnown) {
  Freshness freshness(3);
  for (const char* key : {"1", "2", "3"}) judge(freshness, "e", 5, "a", key);
  EXPECT_EQ(judge(freshness, "e", 6, "a", "1"), Verdict::fresh);
  EXPECT_EQ(judge(freshness, "e", 5, "a", "4"), Verdict::fresh);
  EXPECT_EQ(freshness.keys(), 3U);
  for (const char* key : {"1", "3", "4"}) {
    EXPECT_EQ(judge(freshness, "e", 4, "a", key), Verdict::old) << key;
  }
  EXPECT_EQ(judge(freshness, "e", 4, "a", "2"), Verdict::fresh);
}

TEST(Freshness, ANewEpochForgetsTheKeysOfTheOneBefore) {
  Freshness freshness;
  for (int i = 0; i < 100; ++i) judge(freshness, "e1", 1, "a", std::to_string(i));
  judge(freshness, "e2", 1);
  EXPECT_EQ(freshness.keys(), 1U);
}

}  // namespace
}  // namespace simws::protocol
