#include "endpoint/topics_test_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::endpoint {
namespace {

using namespace std::chrono_literals;
using test::TopicsTest;
using test::Words;

constexpr SubscriptionOptions latest{TopicPolicy::latest, {}, {}, {}, {}};

TEST_F(TopicsTest, WhoIsSubscribedGetsWhatIsPublished) {
  start();
  const auto one = open();
  const auto other = open();
  subscribe(*connections[0], "pose");
  EXPECT_EQ(publish("pose", "hello"), 1U);
  EXPECT_EQ(publish("other", "unheard"), 0U);
  EXPECT_EQ(take(*one), Words{"hello"});
  EXPECT_EQ(take(*other), Words{});
}

TEST_F(TopicsTest, UnsubscribeEndsIt) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "pose");
  EXPECT_TRUE(*core->unsubscribe(*connections[0], "pose"));
  EXPECT_TRUE(*core->unsubscribe(*connections[0], "pose"));
  EXPECT_EQ(publish("pose", "hello"), 0U);
  EXPECT_EQ(take(*peer), Words{});
}

TEST_F(TopicsTest, WhoLeavesIsNoSubscriberAnyMore) {
  start();
  auto peer = open();
  subscribe(*connections[0], "pose");
  peer->reset();
  loop->run_until_idle();
  EXPECT_EQ(publish("pose", "hello"), 0U);
}

TEST_F(TopicsTest, AMessageGoesOnceByTheMostSpecificSubscription) {
  start();
  const auto peer = open();
  for (const char* name : {"a/b", "a/#", "#"}) subscribe(*connections[0], name);
  EXPECT_EQ(publish("a/b", "1"), 3U);
  publish("a", "2");
  publish("c", "3");
  EXPECT_EQ(take(*peer), (Words{"1", "2", "3"}));
  for (const TopicInfo& info : core->topics().infos()) {
    EXPECT_EQ(info.delivered, info.subscribers) << info.name;
  }
}

TEST_F(TopicsTest, WrongNamesAndOptionsAreErrors) {
  start();
  const auto peer = open();
  EXPECT_EQ(core->subscribe(*connections[0], "a//b", {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(core->subscribe(*connections[0], "a", {{}, {}, {}, 8, {}}).error().message,
            "priority is not 0 to 7");
  EXPECT_EQ(core->publish("a/#", "x", Opcode::text, {}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(core->set_topic("", {}).error().code, ErrorCode::invalid_argument);
}

TEST_F(TopicsTest, ClosedConnectionsCantBeSubscribed) {
  start();
  const auto peer = open();
  (void)connections[0]->close();
  EXPECT_FALSE(*core->subscribe(*connections[0], "a", {}));
  EXPECT_FALSE(*core->unsubscribe(*connections[0], "a"));
}

TEST_F(TopicsTest, RetainedMessagesComeFirst) {
  start();
  retain("map", "x", "1");
  retain("map", "y", "2");
  retain("map", "x", "3");
  const auto peer = open();
  subscribe(*connections[0], "map");
  publish("map", "4", {"y", false, true});
  EXPECT_EQ(take(*peer), (Words{"2", "3", "4"}));
}

TEST_F(TopicsTest, LateJoinersTakeAShareOfATurnOnly) {
  constexpr std::size_t joiners = 20, keys = 100;
  start();
  for (std::size_t key = 0; key < keys; ++key) retain("map", std::to_string(key), "wall");
  std::vector<std::unique_ptr<Peer>> peers;
  for (std::size_t i = 0; i < joiners; ++i) peers.push_back(open());
  for (Connection* const each : connections) EXPECT_TRUE(*core->subscribe(*each, "map", {}));
  std::uint64_t sent = core->info().messages_out;
  while (loop->turn()) {
    const std::uint64_t now = core->info().messages_out;
    EXPECT_LE(now - std::exchange(sent, now), 32u);
  }
  for (const auto& peer : peers) EXPECT_EQ(take(*peer), Words(keys, "wall"));
}

TEST_F(TopicsTest, WhatIsPublishedToOthersDoesntWaitForLateJoiners) {
  start();
  for (int key = 0; key < 1000; ++key) retain("map", std::to_string(key), "wall");
  auto joiner = open();
  EXPECT_TRUE(*core->subscribe(*connections[0], "map", {}));
  EXPECT_TRUE(*core->subscribe(*connections[0], "pose", {}));
  loop->turn();
  EXPECT_EQ(core->publish("pose", "now", Opcode::text, {}).value(), 1u);
  loop->run_until_idle();
  const Words taken = take(*joiner);
  EXPECT_EQ(taken.size(), 1001u);
  EXPECT_LT(std::ranges::find(taken, "now") - taken.begin(), 100);
}

TEST_F(TopicsTest, EmptyDataForgetsWhatIsRetained) {
  start();
  retain("map", "x", "1");
  const auto peer = open();
  subscribe(*connections[0], "map");
  retain("map", "x", "");
  EXPECT_EQ(take(*peer), (Words{"1", ""})) << "who is subscribed hears of it";
  const auto later = open();
  subscribe(*connections[1], "map");
  EXPECT_EQ(take(*later), Words{});
}

TEST_F(TopicsTest, APatternTakesWhatIsRetainedOfAllItsTopics) {
  start();
  for (const char* topic : {"a", "a-", "a/b", "a/b/c", "ab", "b"}) retain(topic, "", topic);
  const auto peer = open();
  subscribe(*connections[0], "a/b", {});
  EXPECT_EQ(take(*peer), Words{"a/b"});
  subscribe(*connections[0], "a/#");
  EXPECT_EQ(take(*peer), (Words{"a", "a/b/c"})) << "a/b is the other subscription's";
  subscribe(*connections[0], "#");
  EXPECT_EQ(take(*peer), (Words{"a-", "ab", "b"}));
}

TEST_F(TopicsTest, SubscribingAgainChangesTheOptionsOnly) {
  start();
  retain("map", "", "1");
  const auto peer = open();
  subscribe(*connections[0], "map");
  subscribe(*connections[0], "map", latest);
  EXPECT_EQ(publish("map", "2"), 1U);
  EXPECT_EQ(take(*peer), (Words{"1", "2", "?"}));
}

// Between its window's end and the acknowledgement a viewer of state misses what is older.
TEST_F(TopicsTest, LatestSkipsWhatAViewerCantTake) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "pose", latest);
  const std::string large(20'000, 'x');
  publish("pose", large);
  publish("pose", large);
  EXPECT_EQ(take(*peer), (Words{large, "?", large}));
  for (const char* pose : {"1", "2", "3"}) publish("pose", pose);
  EXPECT_EQ(take(*peer), Words{});
  pong(*peer);
  EXPECT_EQ(take(*peer), (Words{"3", "?"}));
  const TopicInfo info = core->topics().infos().front();
  EXPECT_EQ(info.published, 5U);
  EXPECT_EQ(info.delivered, 3U);
  EXPECT_EQ(info.conflated, 2U);
  EXPECT_EQ(info.dropped, 0U);
}

TEST_F(TopicsTest, ARateLeavesOutMessagesAndNeverTheLast) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "pose", {{}, {}, 10.0, {}, {}});
  for (int i = 0; i < 25; ++i) {
    publish("pose", std::to_string(i));
    advance(0.01);
  }
  EXPECT_EQ(take(*peer), (Words{"0", "9", "19"}));
  advance(0.1);
  EXPECT_EQ(take(*peer), Words{"24"});
}

TEST_F(TopicsTest, AllWaitsAndIsSentAsTheViewerReads) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "log");
  peer->set_window(1000);
  const std::string line(999, 'l');
  Words expected;
  for (int i = 0; i < 200; ++i) {
    publish("log", line + std::to_string(i % 10));
    expected.push_back(line + std::to_string(i % 10));
  }
  EXPECT_GE(connections[0]->queued_bytes(), 199'000U);
  EXPECT_GE(core->topics().infos().front().queued_bytes, 100'000U);
  std::string all;
  peer->set_window(1'000'000);
  EXPECT_EQ(take(*peer), expected);
  EXPECT_EQ(connections[0]->queued_bytes(), 0U);
  EXPECT_EQ(core->topics().infos().front().queued_bytes, 0U);
  EXPECT_EQ(core->group().output_budget()->used(), 0U);
}

TEST_F(TopicsTest, AllOverMaxQueuedBytesIsClosedWith1013) {
  ServerOptions options;
  options.max_queued_bytes = 100'000;
  start(std::move(options));
  const auto peer = open();
  subscribe(*connections[0], "log");
  peer->set_window(0);
  const std::string line(1000, 'l');
  for (int i = 0; i < 120; ++i) publish("log", line);
  EXPECT_EQ(take_events().back(), "release");
  EXPECT_EQ(publish("log", line), 0U);
  EXPECT_LT(core->group().output_budget()->used(), 5000U);
}

TEST_F(TopicsTest, ASubscriptionsOwnBoundOfAllIsLess) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "log", {TopicPolicy::all, 5000, {}, {}, {}});
  peer->set_window(0);
  const std::string line(1000, 'l');
  for (int i = 0; i < 100 && count_of("close") == 0; ++i) publish("log", line);
  EXPECT_EQ(count_of("close 1013"), 1);
  ASSERT_FALSE(log.empty());
  EXPECT_NE(log.back().find("closed with 1013: over maxQueued of topic 'log': the peer reads too "
                            "slowly"),
            std::string::npos);
}

TEST_F(TopicsTest, ALossIsToldWhenItBegins) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "log", {TopicPolicy::oldest, 20, {}, {}, {}});
  fill_window(*peer, "log");
  for (int i = 0; i < 10; ++i) publish("log", "line" + std::to_string(i));
  EXPECT_EQ(take_events(), Words{"drop log 1"}) << "once";
  pong(*peer);
  EXPECT_EQ(take(*peer), (Words{"line6", "?", "line7", "line8", "line9"}));
}

TEST_F(TopicsTest, ResyncDropsAllUntilItsSubscribedAgain) {
  start();
  on_drop = [this](Connection& connection, std::string_view topic) {
    (void)connection.send("snapshot");
    (void)core->subscribe(connection, topic, {TopicPolicy::resync, 20, {}, {}, {}});
  };
  const auto peer = open();
  subscribe(*connections[0], "log", {TopicPolicy::resync, 20, {}, {}, {}});
  fill_window(*peer, "log");
  for (int i = 0; i < 4; ++i)
    (void)core->publish("log", "line" + std::to_string(i), Opcode::text, {});
  (void)core->publish("log", "line4", Opcode::text, {});
  (void)core->publish("log", "unheard", Opcode::text, {});
  loop->run_until_idle();
  EXPECT_EQ(take_events(), Words{"drop log 6"});
  EXPECT_EQ(take(*peer), Words{"snapshot"});
  publish("log", "line7");
  pong(*peer);
  EXPECT_EQ(take(*peer), (Words{"line7", "?"}));
}

TEST_F(TopicsTest, ResyncGoesOnWithWhatIsRetainedWhereTheServerIsToldSo) {
  ServerOptions options;
  options.resync_with_retained = true;
  start(std::move(options));
  const auto peer = open();
  subscribe(*connections[0], "log", {TopicPolicy::resync, 20, {}, {}, {}});
  fill_window(*peer, "log");
  retain("log", "k", "line0");
  for (int i = 1; i < 4; ++i)
    (void)core->publish("log", "line" + std::to_string(i), Opcode::text, {"k", true, true});
  (void)core->publish("log", "unheard", Opcode::text, {});
  loop->run_until_idle();
  EXPECT_EQ(take_events(), Words{}) << "there's nothing to do for a handler";
  publish("log", "line5");
  pong(*peer);
  EXPECT_EQ(take(*peer), (Words{"line3", "?", "line5"}));
}

TEST_F(TopicsTest, WhatIsRetainedAndOverIsForgottenAndViewersHearIt) {
  ServerOptions server_options;
  server_options.topics = {"#"};
  start(std::move(server_options));
  const auto retain_of = [&](const char* epoch, const std::string& key, std::string_view data) {
    PublishOptions options{key, true, true};
    options.origin = {epoch, 5};
    publish("map", data, options);
  };
  retain_of("e1", "north", "a wall");
  retain_of("e1", "south", "a door");
  retain_of("e2", "north", "a window");
  retain_of("e2", "east", "a lamp");
  retain("map", "ours", "a roof");
  const auto page = open_page();
  subscribe(*connections[0], "#");
  take(*page);
  const auto is_over = [](const RetainedInfo& retained) {
    return retained.topic == "map" && retained.key != "north" && !retained.origin.epoch.empty();
  };
  EXPECT_TRUE(core->forget_retained("e2", is_over));
  loop->run_until_idle();
  const Words words = take(*page);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_NE(words[0].find("\"e2\",1]\n"), std::string::npos) << words[0];
  EXPECT_NE(words[1].find("\"e2\",5]\n"), std::string::npos) << words[1];
  EXPECT_EQ(core->topics().totals().retained_keys, 2U);
  retain_of("e2", "south", "another door");
  EXPECT_EQ(core->topics().totals().retained_keys, 3U);
}

TEST_F(TopicsTest, AnEpochThatCantBeForgetsNothing) {
  start();
  retain("map", "north", "a wall");
  EXPECT_FALSE(core->forget_retained("not an epoch", [](const RetainedInfo&) { return true; }));
  EXPECT_EQ(core->topics().totals().retained_keys, 1U);
}

TEST_F(TopicsTest, PriorityGoesFirstAndEqualOnesInTurn) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "low", {TopicPolicy::oldest, {}, {}, 1, {}});
  subscribe(*connections[0], "a", {TopicPolicy::oldest, {}, {}, 5, {}});
  subscribe(*connections[0], "b", {TopicPolicy::oldest, {}, {}, 5, {}});
  fill_window(*peer, "a");
  for (const char* data : {"l1", "l2"}) publish("low", data);
  for (const char* data : {"a1", "a2", "a3"}) publish("a", data);
  for (const char* data : {"b1", "b2"}) publish("b", data);
  (void)connections[0]->send("sent");
  loop->run_until_idle();
  EXPECT_EQ(take(*peer), Words{"sent"}) << "needs no window";
  pong(*peer);
  EXPECT_EQ(take(*peer), (Words{"a1", "?", "b1", "a2", "b2", "a3", "l1", "l2"}));
}

TEST_F(TopicsTest, WhatIsSentInFragmentsIsNotInterrupted) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "log");
  (void)connections[0]->send("be", Opcode::text, {false, true});
  publish("log", "line");
  EXPECT_EQ(take(*peer), Words{"be+"});
  (void)connections[0]->send("gun", Opcode::continuation, {true, true});
  loop->run_until_idle();
  EXPECT_EQ(take(*peer), (Words{".gun", "line"}));
}

TEST_F(TopicsTest, LargeMessagesGoInFragments) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "map");
  const std::string part(64u << 10, 'm');
  publish("map", part + part + "end");
  EXPECT_EQ(take(*peer), (Words{part + "+", "+" + part, ".end"}));
}

TEST_F(TopicsTest, APingPassesALargeMessageAfterAFragment) {
  ServerOptions options;
  options.ping_interval = 1s;
  start(std::move(options));
  const auto peer = open();
  subscribe(*connections[0], "map");
  peer->set_window(10'000);
  const std::string part(64u << 10, 'm');
  publish("map", part + part + part);
  advance(1);
  peer->set_window(1'000'000);
  const Words words = take(*peer);
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(words[0], part + "+");
  EXPECT_EQ(words[1].size(), 8U) << "the ping";
  EXPECT_EQ(words[3], "." + part);
}

TEST_F(TopicsTest, WhatIsOwedOfAllLeavesBeforeAClose) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "log");
  subscribe(*connections[0], "pose", latest);
  peer->set_window(0);
  const std::string large(70'000, 'x');
  publish("log", large);
  publish("log", "line");
  publish("pose", "state");
  (void)connections[0]->close();
  peer->set_window(1'000'000);
  Words words = take(*peer);
  ASSERT_EQ(words.size(), 4U);
  EXPECT_EQ(words[2], "line");
  EXPECT_EQ(words[3], "close");
}

TEST_F(TopicsTest, TopicsNobodyUsesAreForgotten) {
  start();
  for (int i = 0; i < 3000; ++i) {
    (void)core->publish("topic" + std::to_string(i), "x", Opcode::text, {});
  }
  EXPECT_LE(core->topics().infos().size(), 1001U);
}

TEST_F(TopicsTest, OptionsOfATopicAreItsSubscriptionsDefaults) {
  start();
  ASSERT_TRUE(core->set_topic("poses/#", {latest, {}, {}}));
  const auto peer = open();
  subscribe(*connections[0], "poses/1");
  publish("poses/1", "x");
  EXPECT_EQ(take(*peer), (Words{"x", "?"})) << "the policy has a window";
}

TEST_F(TopicsTest, StoppingSendsWhatIsOwed) {
  start();
  const auto peer = open();
  subscribe(*connections[0], "log");
  (void)core->publish("log", "line", Opcode::text, {});
  core->stop(true);
  loop->run_until_idle();
  EXPECT_EQ(take(*peer), (Words{"line", "close"}));
}

}  // namespace
}  // namespace simws::endpoint
