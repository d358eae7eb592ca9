#include "endpoint/topic_metrics.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace simws::endpoint {
namespace {

TopicInfo topic(const std::string& name, std::uint64_t published, std::size_t subscribers = 0) {
  TopicInfo info;
  info.name = name;
  info.published = published;
  info.subscribers = subscribers;
  return info;
}

TopicInfo totals(std::uint64_t published, std::size_t subscribers = 0) {
  return topic("", published, subscribers);
}

TEST(OtherTopics, AreNoneWhileAllAreListed) {
  OtherTopics others;
  EXPECT_FALSE(others.note(totals(0), {}, 0));
  EXPECT_FALSE(others.note(totals(3), {topic("a", 1), topic("b", 2)}, 2));
}

TEST(OtherTopics, AreWhatIsLeft) {
  OtherTopics others;
  const auto left = others.note(totals(10, 5), {topic("a", 4, 2), topic("b", 3, 1)}, 3);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->published, 3u);
  EXPECT_EQ(left->subscribers, 2u);
}

TEST(OtherTopics, GoOnWhicheverAreListed) {
  OtherTopics others;
  EXPECT_EQ(others.note(totals(10), {topic("a", 4), topic("b", 3)}, 3)->published, 3u);
  // Two for `a`, one for the other.
  EXPECT_EQ(others.note(totals(13), {topic("a", 6), topic("b", 3)}, 3)->published, 4u);
  // That one overtakes `b`, by six; `b` gets one.
  EXPECT_EQ(others.note(totals(20), {topic("a", 6), topic("c", 10)}, 3)->published, 11u);
  // Two for `c`, three for `b`.
  EXPECT_EQ(others.note(totals(25), {topic("a", 6), topic("c", 12)}, 3)->published, 14u);
  // All are listed again.
  EXPECT_EQ(others.note(totals(25), {topic("a", 6), topic("c", 12)}, 2)->published, 14u);
}

TEST(OtherTopics, GoOnWhereATopicWasForgotten) {
  OtherTopics others;
  EXPECT_EQ(others.note(totals(100), {topic("a", 90)}, 2)->published, 10u);
  EXPECT_EQ(others.note(totals(105), {topic("a", 2)}, 2)->published, 15u);
  EXPECT_EQ(others.note(totals(106), {topic("a", 3)}, 2)->published, 15u);
}

// Whatever comes and goes, no counter goes back.
TEST(OtherTopics, NeverGoBack) {
  std::map<std::string, std::uint64_t> counts;
  OtherTopics others;
  std::uint64_t total = 0;
  std::uint64_t seen = 0;
  for (unsigned round = 1; round < 500; ++round) {
    for (unsigned i = 0; i < round % 7; ++i, ++total)
      ++counts["t" + std::to_string((round * i) % 9)];
    if (round % 50 == 0) counts.erase(counts.begin());
    std::vector<TopicInfo> listed;
    for (const auto& [name, count] : counts) {
      if (listed.size() < 3 && count % 3 == round % 3) listed.push_back(topic(name, count));
    }
    const auto left = others.note(totals(total), listed, counts.size());
    if (!left) continue;
    EXPECT_GE(left->published, seen);
    seen = left->published;
  }
  EXPECT_GT(seen, 0u);
  EXPECT_LE(seen, total);
}

}  // namespace
}  // namespace simws::endpoint
