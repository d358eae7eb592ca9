#include "endpoint/feed_topics.h"

#include "protocol/topics/topics_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::endpoint {
namespace {

using protocol::PublicationPtr;
using protocol::SubscriptionRules;
using testing::ElementsAre;
using Words = std::vector<std::string>;

class FeedTopicsTest : public testing::Test {
 protected:
  static SubscriptionRules rules_of(TopicPolicy policy, std::size_t most = 100) {
    SubscriptionRules rules;
    rules.policy = policy;
    rules.max_queued = most;
    return rules;
  }
  FeedTopics::Lost offer(const std::string& topic, const std::string& key, std::string_view data,
                         const SubscriptionRules& rules, bool retain = false) {
    return topics.offer(protocol::test::publication(key, data, topic, retain), rules, now);
  }
  // All that may go now.
  Words taken() {
    Words words;
    topics.hand_on(
        now, [](const SubscriptionRules&, bool) { return true; },
        [&](const PublicationPtr& publication, const SubscriptionRules&, bool) {
          words.push_back(publication->topic + "/" + publication->key + "=" +
                          protocol::test::data_of(*publication));
          return true;
        });
    return words;
  }

  Time now{std::chrono::hours(1)};
  FeedTopics topics{50};
};

TEST_F(FeedTopicsTest, TopicsTakeTurns) {
  const auto rules = rules_of(TopicPolicy::all);
  for (const char* data : {"1", "2", "3"}) offer("a", "", data, rules);
  offer("b", "", "4", rules);
  EXPECT_TRUE(topics.contains("a"));
  EXPECT_EQ(topics.bytes(), 4U);
  EXPECT_THAT(taken(), ElementsAre("a/=1", "b/=4", "a/=2", "a/=3"));
  EXPECT_EQ(topics.bytes(), 0U);
  EXPECT_TRUE(topics.empty());
  EXPECT_EQ(topics.topics(), 0U) << "nothing is kept of topics of which nothing waits";
}

TEST_F(FeedTopicsTest, WhoTakesNoMoreEndsIt) {
  const auto rules = rules_of(TopicPolicy::all);
  for (const char* data : {"1", "2"}) offer("a", "", data, rules);
  int count = 0;
  topics.hand_on(
      now, [](const SubscriptionRules&, bool) { return true; },
      [&](const PublicationPtr&, const SubscriptionRules&, bool are_more) {
        EXPECT_TRUE(are_more);
        ++count;
        return false;
      });
  EXPECT_EQ(count, 1);
  topics.hand_on(
      now, [](const SubscriptionRules&, bool) { return false; },
      [&](const PublicationPtr&, const SubscriptionRules&, bool) { return ++count > 0; });
  EXPECT_EQ(count, 1);
  EXPECT_THAT(taken(), ElementsAre("a/=2"));
}

TEST_F(FeedTopicsTest, AllTogetherHoldNoMoreThanTheBound) {
  const auto rules = rules_of(TopicPolicy::all);
  std::size_t dropped = 0;
  for (int i = 0; i < 20; ++i) {
    dropped += offer("t" + std::to_string(i % 4), "", std::string(10, 'x'), rules).dropped;
    EXPECT_LE(topics.bytes(), 50U);
  }
  EXPECT_EQ(dropped, 15U);
  EXPECT_EQ(taken().size(), 5U);
  offer("a", "", std::string(70, 'x'), rules);
  EXPECT_EQ(taken().size(), 1U) << "a single message may always wait";
}

TEST_F(FeedTopicsTest, WhatWaitsForItsTimeGivesWayToo) {
  SubscriptionRules rules = rules_of(TopicPolicy::latest);
  rules.rate = 1;
  std::size_t dropped = 0;
  for (int i = 0; i < 10; ++i) {
    const std::string topic = "t" + std::to_string(i);
    dropped += offer(topic, "", "first", rules).dropped;
    EXPECT_EQ(taken(), Words{topic + "/=first"});
    dropped += offer(topic, "", std::string(10, 'x'), rules).dropped;
    EXPECT_LE(topics.bytes(), 50U);
  }
  EXPECT_EQ(dropped, 5U);
  now += std::chrono::seconds(2);
  EXPECT_EQ(taken().size(), 5U);
  now += std::chrono::seconds(2);
  EXPECT_EQ(taken().size(), 0U);
  EXPECT_EQ(topics.topics(), 0U) << "no key has to wait any more";
}

TEST_F(FeedTopicsTest, OfARetainedKeyTheNewestGoesAtLast) {
  const auto rules = rules_of(TopicPolicy::newest, 5);
  offer("a", "k", "12345", rules, true);
  EXPECT_EQ(offer("a", "k", "67890", rules, true).dropped, 1U);
  EXPECT_EQ(offer("a", "l", "other", rules, true).dropped, 1U);
  EXPECT_EQ(offer("a", "l", "", rules, true).dropped, 0U) << "to forget takes no room";
  Words words = taken();
  EXPECT_THAT(words, testing::UnorderedElementsAre("a/k=12345", "a/l=", "a/k=67890"));
  EXPECT_EQ(words.front(), "a/k=12345");
  EXPECT_EQ(topics.topics(), 0U);
}

TEST_F(FeedTopicsTest, ResyncDropsAllThatWaitsAndGoesOn) {
  const auto rules = rules_of(TopicPolicy::resync, 5);
  offer("a", "", "12345", rules);
  EXPECT_EQ(offer("a", "", "6", rules).dropped, 2U);
  offer("a", "", "7", rules);
  EXPECT_THAT(taken(), ElementsAre("a/=7"));
}

TEST_F(FeedTopicsTest, ClearTellsHowMany) {
  const auto rules = rules_of(TopicPolicy::all);
  for (const char* data : {"1", "2", "3"}) offer("a", "", data, rules, true);
  EXPECT_EQ(topics.clear(), 3U);
  EXPECT_EQ(topics.bytes(), 0U);
  EXPECT_THAT(taken(), ElementsAre());
}

}  // namespace
}  // namespace simws::endpoint
