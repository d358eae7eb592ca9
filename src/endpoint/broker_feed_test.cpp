// What a server says to its broker's helper process, and what becomes of what that says.
#include "endpoint/broker_test_fixture.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace simws::endpoint::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(ABroker, IsToldWhoServesWhat) {
  begin();
  EXPECT_THAT(start_word_, HasSubstr("\"name\":\"arm\""));
  EXPECT_THAT(start_word_, HasSubstr("\"address\":\"localhost:9000\""));
  EXPECT_THAT(start_word_, testing::ContainsRegex("\"epoch\":\"[0-9a-f]{12}\""));
  EXPECT_EQ(info().url, "nats://***@b:4222");
  EXPECT_EQ(info().name, "arm");
  EXPECT_EQ(info().state, BrokerState::connecting);
}

TEST_F(ABroker, GetsWhatIsPublishedOnceItsThere) {
  begin_open();
  EXPECT_EQ(info().state, BrokerState::open);
  EXPECT_EQ(info().server, "b");
  publish("a/b", "1");
  publish("a/b", "2", {"k", true, true});
  EXPECT_THAT(heard(), ElementsAre("a/b/=1 #1", "R a/b/k=2 #2"));
  publish("c", std::string(100000, 'x'));
  EXPECT_THAT(heard(), ElementsAre("c/=" + std::string(100000, 'x') + " #3"));
  EXPECT_EQ(info().published, 3U);
  EXPECT_EQ(info().queued_bytes, 0U);
}

TEST_F(ABroker, GetsWhatIsRetainedWhenItOpensAndThenWhatWaited) {
  begin();
  retain("s", "a", "1");
  retain("s", "b", "2");
  publish("live", "3");
  EXPECT_THAT(heard(), IsEmpty());
  EXPECT_EQ(info().queued_bytes, 3U);
  say_state(Kind::open, "b");
  EXPECT_THAT(heard(), UnorderedElementsAre("r s/a=1 #1", "r s/b=2 #2", "R s/a=1 #1", "live/=3 #3",
                                            "R s/b=2 #2"));
  EXPECT_EQ(info().queued_bytes, 0U);
}

TEST_F(ABroker, WhatIsRetainedGoesInShares) {
  begin();
  for (int i = 0; i < 100; ++i) retain("s", std::to_string(i), "x");
  say_state(Kind::connecting, "no route");
  EXPECT_THAT(log, testing::Contains("broker nats://***@b:4222: no route"));
  say_state(Kind::open, "b");
  const Words words = heard();
  EXPECT_EQ(words.size(), 200U);
  EXPECT_EQ(words[99], "r s/99=x #100");
  EXPECT_EQ(words[100], "R s/0=x #1");
}

TEST_F(ABroker, LargeStateGoesOnByItself) {
  begin();
  for (int i = 0; i < 10; ++i) retain("s", std::to_string(i), std::string(200000, 'x'));
  say_state(Kind::open, "b");
  std::size_t count = heard().size();
  EXPECT_LT(count, 20U);
  for (; storing_mark_ != 0; count += heard().size()) acknowledge_stored();
  EXPECT_EQ(count, 20U);
}

TEST_F(ABroker, NothingWaitsBehindWhatIsRetained) {
  begin();
  for (int i = 0; i < 5000; ++i) retain("s", std::to_string(i), "x");
  publish("live", "1");
  say_state(Kind::open, "b");
  EXPECT_THAT(heard(), Contains("live/=1 #5001"));
  EXPECT_GT(info().queued_bytes, 0U);
  publish("live", "2");
  retain("s", "0", "y");
  EXPECT_THAT(heard(), ElementsAre("live/=2 #5002")) << "no more of it than is stored soon";
  Words rest;
  while (storing_mark_ != 0) {
    acknowledge_stored();
    std::ranges::move(heard(), std::back_inserter(rest));
  }
  EXPECT_EQ(rest.back(), "R s/0=y #5003");
  EXPECT_EQ(info().queued_bytes, 0U);
}

TEST_F(ABroker, WhatIsRetainedGoesNoFasterThanItIsStored) {
  begin_open();
  for (int i = 0; i < 5; ++i) retain("map", "k", std::string(1u << 20, static_cast<char>('a' + i)));
  EXPECT_EQ(heard().size(), 2U);
  publish("live", "1");
  EXPECT_THAT(heard(), ElementsAre("live/=1 #6"));
  acknowledge_stored();
  EXPECT_EQ(heard().size(), 1U) << "the first one is stored";
}

TEST_F(ABroker, EachTimeItOpensGetsAllThatIsRetained) {
  begin_open();
  retain("s", "a", "1");
  EXPECT_THAT(heard(), ElementsAre("R s/a=1 #1"));
  say_state(Kind::connecting, "lost");
  publish("live", "2");
  EXPECT_THAT(heard(), IsEmpty());
  say_state(Kind::open, "c");
  EXPECT_THAT(heard(), ElementsAre("r s/a=1 #1", "live/=2 #2"));
  EXPECT_EQ(info().server, "c");
}

TEST_F(ABroker, NothingIsPublishedWhileAnotherHasTheName) {
  begin();
  publish("live", "1");
  say_state(Kind::held, "other:9000");
  EXPECT_EQ(info().state, BrokerState::held);
  EXPECT_THAT(info().error, HasSubstr("the name 'arm' is held by the server at other:9000"));
  EXPECT_THAT(log, testing::Contains(HasSubstr("is held by the server at other:9000")));
  publish("live", "2");
  retain("s", "k", "3");
  EXPECT_EQ(info().queued_bytes, 0U);
  EXPECT_THAT(heard(), IsEmpty());
  say_state(Kind::open, "b");
  EXPECT_THAT(heard(), ElementsAre("r s/k=3 #3"));
  EXPECT_EQ(info().error, "");
}

TEST_F(ABroker, TellsWhatItLacksWithoutPasswords) {
  begin();
  say_state(Kind::error, "authorization of me:secret failed; see the broker's permissions");
  EXPECT_EQ(info().state, BrokerState::error);
  EXPECT_EQ(info().error, "authorization of *** failed; see the broker's permissions");
  say_state(Kind::open, "b");
  say(word::problem("nothing is retained: start nats-server with -js"));
  EXPECT_EQ(info().state, BrokerState::open);
  EXPECT_EQ(info().error, "nothing is retained: start nats-server with -js");
  publish("a", "1");
  EXPECT_THAT(heard(), ElementsAre("a/=1 #1")) << "live topics go all the same";
  say(word::problem(""));
  EXPECT_EQ(info().error, "");
  for (const std::string& line : log) EXPECT_THAT(line, testing::Not(HasSubstr("secret")));
}

TEST_F(ABroker, IsToldWhatIsSetForTopics) {
  begin_open();
  TopicOptions options;
  options.subscriptions.policy = TopicPolicy::latest;
  options.subscriptions.rate = 30;
  ASSERT_TRUE(core->set_topic("pose", options));
  options.subscriptions.rate.reset();
  options.max_keys = 5;
  ASSERT_TRUE(core->set_topic("robots/#", options));
  loop->run_until_idle();
  (void)heard();
  const std::string all =
      R"({"pose":{"policy":"latest","rate":30},"robots/#":{"policy":"latest"}})";
  EXPECT_EQ(std::exchange(settings_, ""), all);
  helper_->finish();
  loop->run_until_idle();
  advance(1.1);
  meet();
  EXPECT_EQ(settings_, all) << "a new helper hears of it at its start";
}

TEST_F(ABroker, MoreSettingsThanEdgesCanReadAreNoted) {
  begin_open();
  TopicOptions options;
  options.subscriptions.priority = 5;
  for (std::size_t i = 0; i < protocol::most_topic_settings + 2; ++i) {
    ASSERT_TRUE(core->set_topic("t" + std::to_string(i), options));
    loop->run_until_idle();
    (void)heard();
  }
  EXPECT_EQ(std::ranges::count_if(log,
                                  [](const std::string& line) {
                                    return line.find("edges aren't told what setTopic sets") !=
                                           std::string::npos;
                                  }),
            1);
}

TEST_F(ABroker, IsProbedEachSecond) {
  begin_open();
  ASSERT_NE(probe_, 0U);
  EXPECT_FALSE(info().round_trip);
  advance(0.25);
  say(word::acknowledge(probe_));
  ASSERT_TRUE(info().round_trip);
  EXPECT_DOUBLE_EQ(info().round_trip->count(), 0.25);
  const std::uint64_t first = std::exchange(probe_, 0);
  advance(1);
  (void)heard();
  EXPECT_EQ(probe_, first + 1);
  say(word::acknowledge(first));
  EXPECT_DOUBLE_EQ(info().round_trip->count(), 0.25) << "an old mark says nothing";
}

TEST_F(ABroker, HelperThatEndsIsStartedAgainLaterAndLater) {
  begin_open();
  retain("s", "k", "1");
  helper_->finish();
  loop->run_until_idle();
  EXPECT_EQ(info().state, BrokerState::connecting);
  EXPECT_THAT(info().error, HasSubstr("the program simws-broker has ended"));
  publish("live", "2");
  advance(0.9);
  EXPECT_FALSE(loop->take_process());
  advance(0.2);
  meet();
  helper_->reset();
  advance(1.9);
  EXPECT_FALSE(loop->take_process());
  advance(0.2);
  meet();
  say_state(Kind::open, "b");
  EXPECT_THAT(heard(), ElementsAre("r s/k=1 #1", "live/=2 #2"));
}

TEST_F(ABroker, HelperThatSpeaksAnotherLanguageIsEnded) {
  begin();
  say("hello");
  helper_->send(std::string(100, '\xFF'));
  loop->run_until_idle();
  EXPECT_TRUE(helper_->saw_end());
  EXPECT_THAT(info().error, HasSubstr("doesn't speak as simws-broker does"));
  advance(1.1);
  meet();
  say(protocol::helper_frame::head("[\"state\"]", 0));
  EXPECT_TRUE(helper_->saw_end());
  advance(2.1);
  meet();
  say(protocol::helper_frame::head("[\"of a later version\"]", 0));
  EXPECT_FALSE(helper_->saw_end());
}

TEST_F(ABroker, ProgramThatCantBeStartedIsTriedAgain) {
  begin();
  helper_->finish();
  loop->run_until_idle();
  loop->fail_operation(1);
  advance(1.1);
  EXPECT_FALSE(loop->take_process());
  EXPECT_EQ(info().state, BrokerState::error);
  EXPECT_THAT(info().error, HasSubstr("/bin/simws-broker can't be started"));
  publish("live", "1");
  EXPECT_EQ(info().queued_bytes, 0U) << "nothing waits for what may never be";
  advance(2.1);
  meet();
}

TEST_F(ABroker, StopSaysSoWhenAllHasLeft) {
  begin_open();
  publish("a", "1");
  bool is_finished = false;
  core->on_finished([&] { is_finished = true; });
  core->stop(true);
  loop->run_until_idle();
  EXPECT_THAT(heard(), ElementsAre("a/=1 #1", "stop"));
  EXPECT_TRUE(helper_->saw_end());
  EXPECT_FALSE(is_finished) << "the helper hands it on, and gives the name back";
  helper_->finish();
  loop->run_until_idle();
  EXPECT_TRUE(is_finished);
}

TEST_F(ABroker, StopOfAServerThatHasNoBrokerYetWaitsForNothing) {
  begin();
  publish("a", "1");
  core->stop(true);
  loop->run_until_idle();
  EXPECT_THAT(heard(), ElementsAre("stop"));
  EXPECT_EQ(info().dropped, 1U);
}

TEST_F(ABroker, StopBetweenTwoStartsIsOverAtOnce) {
  begin();
  helper_->finish();
  loop->run_until_idle();
  bool is_finished = false;
  core->on_finished([&] { is_finished = true; });
  core->stop(true);
  loop->run_until_idle();
  EXPECT_TRUE(is_finished);
  advance(60);
  EXPECT_FALSE(loop->take_process());
}

class ABrokerWithViewers : public ABroker {
 protected:
  void say_publish(std::string_view topic, std::string_view data, Opcode opcode = Opcode::text) {
    say(word::publish({"e1", "10.0.0.7:5", 3}, topic, opcode, data.size()) + std::string(data));
  }
};

TEST_F(ABrokerWithViewers, TellsWhatTheyPublish) {
  begin_open();
  say_publish("orders/go", "north");
  say_publish("orders", std::string("\0\xFF", 2), Opcode::binary);
  EXPECT_THAT(take_events(),
              ElementsAre("remote e1 10.0.0.7:5 3 orders/go north",
                          "remote e1 10.0.0.7:5 3 orders " + std::string("\0\xFF", 2)));
  EXPECT_EQ(info().incoming, 2U);
  EXPECT_EQ(info().incoming_dropped, 0U);
}

TEST_F(ABrokerWithViewers, RefusesWhatPagesMayNotPublish) {
  begin_open();
  log.clear();
  say_publish("other", "x");
  say_publish("a//b", "x");
  say_publish("orders/go", "\xFF");
  EXPECT_THAT(take_events(), IsEmpty());
  EXPECT_EQ(info().incoming_dropped, 3U);
  EXPECT_THAT(log,
              ElementsAre(HasSubstr("1 message of an edge's viewer was refused: topic 'other' is "
                                    "none that the option publishable")));
  advance(10.1);
  say_publish("other", "x");
  EXPECT_THAT(log.back(), HasSubstr("3 messages of edges' viewers were refused, the latest: "));
}

TEST(ABrokersOptions, AreChecked) {
  EventLoop events;
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  options.name = "arm";
  EXPECT_EQ(Server::listen(events, 0, options, {}).error().message,
            "the option name is for the option broker, which isn't given");
  options.broker.emplace().url = "b:4222";
  EXPECT_THAT(Server::listen(events, 0, options, {}).error().message,
              HasSubstr("is no address of a NATS server"));
}

TEST(NoBroker, IsNoInfo) {
  EventLoop events;
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  const auto server = Server::listen(events, 0, options, {});
  ASSERT_TRUE(server);
  EXPECT_FALSE((*server)->info().broker);
}

}  // namespace
}  // namespace simws::endpoint::test
