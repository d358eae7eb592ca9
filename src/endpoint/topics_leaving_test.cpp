// What becomes of that which waits, and is retained, when a subscription ends: where a pattern of
// the connection takes its topics too, that one goes on with it.
#include "endpoint/catch_ups.h"
#include "endpoint/topics_test_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace simws::endpoint {
namespace {

using test::TopicsTest;
using test::Words;

constexpr SubscriptionOptions latest{TopicPolicy::latest, {}, {}, {}, {}};

class TopicsLeavingTest : public TopicsTest {
 protected:
  void unsubscribe(std::string_view topic) {
    EXPECT_TRUE(*core->unsubscribe(*connections.back(), topic));
    loop->run_until_idle();
  }
  // A viewer whose window is full until its next pong; what it got so far is taken.
  std::unique_ptr<Peer> open_behind() {
    auto peer = open();
    subscribe(*connections.back(), "filler", latest);
    fill_window(*peer, "filler");
    return peer;
  }
  // All that comes as it's read, without the delivery pings.
  Words take_all(Peer& peer) {
    Words all;
    for (Words words = read_on(peer); !words.empty(); words = read_on(peer)) {
      all.insert(all.end(), words.begin(), words.end());
    }
    std::erase(all, "?");
    return all;
  }
  TopicInfo info_of(std::string_view name) {
    const auto infos = core->topics().infos();
    const auto found = std::ranges::find(infos, name, &TopicInfo::name);
    return found == infos.end() ? TopicInfo() : *found;
  }

 private:
  Words read_on(Peer& peer) {
    pong(peer);
    return take(peer);
  }
};

TEST_F(TopicsLeavingTest, WhatWaitsIsDroppedWhereNoPatternTakesItToo) {
  start();
  const auto peer = open_behind();
  subscribe(*connections[0], "map", {TopicPolicy::oldest, {}, {}, {}, {}});
  subscribe(*connections[0], "maps/#", latest);
  publish("map", "1");
  unsubscribe("map");
  EXPECT_EQ(take_all(*peer), Words{});
  EXPECT_EQ(core->group().output_budget()->used(), 0U);
}

TEST_F(TopicsLeavingTest, WhatWaitsComesByThePatternThatTakesItToo) {
  for (const char* pattern : {"a/b/#", "a/#", "#"}) {
    start();
    const auto peer = open_behind();
    subscribe(*connections.back(), "a/b", {TopicPolicy::oldest, {}, {}, {}, {}});
    subscribe(*connections.back(), pattern, {TopicPolicy::newest, {}, {}, {}, {}});
    for (const char* data : {"1", "2"}) publish("a/b", data);
    unsubscribe("a/b");
    publish("a/b", "3");
    EXPECT_EQ(take_all(*peer), (Words{"1", "2", "3"})) << pattern;
    EXPECT_EQ(info_of(pattern).delivered, 3U);
    EXPECT_EQ(info_of(pattern).queued_bytes, 0U);
  }
}

TEST_F(TopicsLeavingTest, TheMostSpecificPatternGoesOnWithIt) {
  start();
  const auto peer = open_behind();
  for (const char* name : {"#", "a/#", "a/b/#"}) {
    subscribe(*connections[0], name, {TopicPolicy::oldest, {}, {}, {}, {}});
  }
  publish("a/b/c", "1");
  unsubscribe("a/b/#");
  EXPECT_EQ(info_of("a/#").queued_bytes, 1U);
  unsubscribe("a/#");
  EXPECT_EQ(info_of("#").queued_bytes, 1U);
  EXPECT_EQ(take_all(*peer), Words{"1"});
}

TEST_F(TopicsLeavingTest, ThePatternsPolicySaysWhatOfItWaits) {
  start();
  const auto peer = open_behind();
  subscribe(*connections[0], "map", {TopicPolicy::oldest, {}, {}, {}, {}});
  subscribe(*connections[0], "#", latest);
  for (const char* data : {"1", "2", "3"}) publish("map", data);
  unsubscribe("map");
  EXPECT_EQ(take_all(*peer), Words{"3"});
  EXPECT_EQ(info_of("#").conflated, 2U);
}

TEST_F(TopicsLeavingTest, WhatThePatternHasNoRoomForIsToldToTheDropHandler) {
  start();
  const auto peer = open_behind();
  subscribe(*connections[0], "log", {TopicPolicy::oldest, {}, {}, {}, {}});
  subscribe(*connections[0], "#", {TopicPolicy::newest, 2, {}, {}, {}});
  take_events();
  for (const char* data : {"1", "2", "3"}) publish("log", data);
  unsubscribe("log");
  EXPECT_EQ(take_events(), Words{"drop # 1"});
  EXPECT_EQ(take_all(*peer), (Words{"1", "2"}));
}

TEST_F(TopicsLeavingTest, APatternOfAllThatHasNoRoomForItIsClosed) {
  start();
  const auto peer = open_behind();
  subscribe(*connections[0], "log", {TopicPolicy::oldest, {}, {}, {}, {}});
  subscribe(*connections[0], "#", {TopicPolicy::all, 1500, {}, {}, {}});
  peer->set_window(0);
  connections[0]->send(std::string(200'000, 'x')).ok();
  for (int i = 0; i < 3; ++i) publish("log", std::string(1000, 'l'));
  unsubscribe("log");
  EXPECT_EQ(count_of("close 1013"), 1);
}

TEST_F(TopicsLeavingTest, WhatWaitsForItsTimeWaitsForThePatterns) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "pose", {{}, {}, 10.0, {}, {}});
  subscribe(*connections[0], "#");
  for (const char* data : {"1", "2", "3"}) publish("pose", data);
  EXPECT_EQ(take(*peer), Words{"1"});
  unsubscribe("pose");
  EXPECT_EQ(take(*peer), Words{"3"});
}

// What is retained: a viewer gets each topic's once, whoever of its subscriptions is at it.

Words numbered(const std::string& name, int count) {
  Words words;
  for (int i = 0; i < count; ++i) words.push_back(name + std::to_string(i));
  return words;
}

class RetainedLeavingTest : public TopicsLeavingTest {
 protected:
  static constexpr int keys = 100;  // more than a turn brings

  void retain_all(std::initializer_list<const char*> topics) {
    for (const char* topic : topics) {
      for (int i = 0; i < keys; ++i) {
        retain(topic, std::to_string(i), topic + std::to_string(i));
      }
    }
  }
  // In the midst of what is retained.
  void subscribe_and_begin(std::string_view name) {
    EXPECT_TRUE(*core->subscribe(*connections.back(), name, {}));
    loop->turn();
    loop->turn();
  }
  Words expected(std::initializer_list<const char*> topics) {
    Words all;
    for (const char* topic : topics) {
      const Words words = numbered(topic, keys);
      all.insert(all.end(), words.begin(), words.end());
    }
    std::ranges::sort(all);
    return all;
  }
  Words take_sorted(Peer& peer) {
    loop->run_until_idle();
    Words words = take(peer);
    std::ranges::sort(words);
    return words;
  }
};

TEST_F(RetainedLeavingTest, ComesByThePatternThatHadPassedIt) {
  start();
  retain_all({"map"});
  const auto peer = open();
  subscribe_and_begin("map");
  EXPECT_TRUE(*core->subscribe(*connections[0], "#", {}));
  EXPECT_TRUE(*core->unsubscribe(*connections[0], "map"));
  EXPECT_EQ(take_sorted(*peer), expected({"map"}));
}

TEST_F(RetainedLeavingTest, OfSeveralThatHaveEndedComesOnce) {
  start();
  retain_all({"a", "a/b", "a/b/c", "z"});
  const auto peer = open();
  for (const char* name : {"a/b", "a/b/#", "a/#", "#"}) subscribe_and_begin(name);
  for (const char* name : {"a/b", "a/b/#", "a/#"}) {
    EXPECT_TRUE(*core->unsubscribe(*connections[0], name));
    loop->turn();
  }
  EXPECT_EQ(take_sorted(*peer), expected({"a", "a/b", "a/b/c", "z"}));
}

TEST_F(RetainedLeavingTest, WhatAnEndedOneWasGivenDoesntComeAgain) {
  start();
  retain_all({"a", "b"});
  const auto peer = open();
  subscribe(*connections[0], "b");
  subscribe_and_begin("#");
  EXPECT_TRUE(*core->unsubscribe(*connections[0], "b"));
  EXPECT_EQ(take_sorted(*peer), expected({"a", "b"}));
}

TEST_F(RetainedLeavingTest, WhoComesAndGoesAgainAndAgainMissesNothing) {
  start();
  retain_all({"a", "z"});
  const auto peer = open();
  EXPECT_TRUE(*core->subscribe(*connections[0], "#", {}));
  for (std::size_t i = 0; i < 10 * CatchUps::most_taken_over; ++i) {
    const std::string name = "b" + std::to_string(i);
    EXPECT_TRUE(*core->subscribe(*connections[0], name, {}));
    EXPECT_TRUE(*core->unsubscribe(*connections[0], name));
  }
  EXPECT_EQ(take_sorted(*peer), expected({"a", "z"}));
}

TEST_F(RetainedLeavingTest, OneThatComesAndGoesAgainAndAgainCountsOnce) {
  start();
  retain_all({"z"});
  const auto peer = open();
  subscribe_and_begin("#");
  for (std::size_t i = 0; i < 2 * CatchUps::most_taken_over; ++i) {
    EXPECT_TRUE(*core->subscribe(*connections[0], "b", {}));
    EXPECT_TRUE(*core->unsubscribe(*connections[0], "b"));
  }
  EXPECT_EQ(take_sorted(*peer), expected({"z"}));
}

TEST_F(RetainedLeavingTest, OverTheMostOfThemItBeginsAnew) {
  start();
  retain_all({"z"});
  const auto peer = open();
  subscribe_and_begin("#");
  for (std::size_t i = 0; i < CatchUps::most_taken_over; ++i) {
    const std::string name = "b" + std::to_string(i);
    EXPECT_TRUE(*core->subscribe(*connections[0], name, {}));
    EXPECT_TRUE(*core->unsubscribe(*connections[0], name));
  }
  Words words = take_sorted(*peer);
  EXPECT_GT(words.size(), std::size_t{keys}) << "what had come comes again";
  words.erase(std::unique(words.begin(), words.end()), words.end());
  EXPECT_EQ(words, expected({"z"}));
}

TEST_F(RetainedLeavingTest, WhatIsPublishedMeanwhileComesLast) {
  start();
  retain_all({"map"});
  const auto peer = open();
  subscribe(*connections[0], "#");
  take(*peer);
  subscribe_and_begin("map");
  EXPECT_EQ(core->publish("map", "new", Opcode::text, {"99", false, true}).value(), 2U);
  EXPECT_TRUE(*core->unsubscribe(*connections[0], "map"));
  loop->run_until_idle();
  const Words words = take(*peer);
  EXPECT_EQ(words.size(), std::size_t{keys + 1});
  EXPECT_EQ(words.back(), "new");
}

}  // namespace
}  // namespace simws::endpoint
