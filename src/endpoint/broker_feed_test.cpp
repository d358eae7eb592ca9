// A server with a broker, whose helper process the test plays.
#include "endpoint/broker_feed.h"

#include "endpoint/topics_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace simws::endpoint::test {
namespace {

using protocol::HelperFrames;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace word = protocol::helper_word;
using Kind = word::State::Kind;

class ABroker : public TopicsTest {
 protected:
  void prepare(ServerOptions& options) override {
    options.broker.emplace().url = "nats://me:secret@b:4222";
    options.name = "arm";
    options.broker->program = "/bin/simws-broker";
    options.publishable = {"orders/#"};
    change(options);
  }
  virtual void change(ServerOptions&) {}

  // The helper that was started last, and has said nothing yet.
  void begin() {
    start();
    meet();
  }
  void meet() {
    loop->run_until_idle();
    helper_ = loop->take_process();
    ASSERT_TRUE(helper_);
    const Words words = heard();
    ASSERT_EQ(words.size(), 1U);
    EXPECT_THAT(words[0], HasSubstr("[\"start\",{\"url\":\"nats://me:secret@b:4222\""));
    start_word_ = words[0];
  }
  void begin_open() {
    begin();
    say_state(Kind::open, "b");
    EXPECT_THAT(heard(), IsEmpty());
  }
  void say(const std::string& frame) {
    helper_->send(frame);
    loop->run_until_idle();
  }
  void say_state(Kind kind, std::string_view text) { say(word::state(kind, text)); }

  // What the server has said: "topic/key=data #sequence", with "R" before what is retained and "r"
  // before what is to be stored only; "?" is a mark. Probes of the round trip aren't told.
  Words heard() {
    Words words;
    const std::string bytes = helper_->take();
    Bytes rest = as_bytes(bytes);
    while (!rest.empty()) {
      const auto outcome = frames_.read(rest);
      const auto* const frame = std::get_if<HelperFrames::Frame>(&outcome);
      if (!frame) break;
      const auto said = protocol::parse_server_word(frame->line);
      if (!said) {
        ADD_FAILURE() << frame->line;
        continue;
      }
      const std::string text =
          std::visit([&](const auto& each) { return text_of(each, *frame); }, said.value());
      if (!text.empty()) words.push_back(text);
    }
    return words;
  }
  BrokerInfo info() { return *core->info().broker; }
  void acknowledge() { say(word::acknowledge(mark_)); }

  std::unique_ptr<Peer> helper_;
  std::string start_word_;
  std::uint64_t mark_ = 0;
  std::uint64_t probe_ = 0;

 private:
  using Frame = HelperFrames::Frame;
  static std::string text_of(const word::Start&, const Frame& frame) {
    return std::string(frame.line);
  }
  static std::string text_of(const word::Message& said, const Frame& frame) {
    return (said.retain ? "R " : "") + said.topic + "/" + said.key + "=" +
           std::string(as_text(frame.payload)) + " #" + std::to_string(said.sequence);
  }
  static std::string text_of(const word::Retained& said, const Frame& frame) {
    return "r " + said.topic + "/" + said.key + "=" + std::string(as_text(frame.payload)) + " #" +
           std::to_string(said.sequence);
  }
  std::string text_of(const word::Mark& said, const Frame&) {
    const bool is_probe = said.number >> 62U != 0;
    (is_probe ? probe_ : mark_) = said.number;
    return is_probe ? "" : "?";
  }
  static std::string text_of(const word::Stop&, const Frame&) { return "stop"; }
  static std::string text_of(const word::Unknown&, const Frame& frame) {
    return std::string(frame.line);
  }

  HelperFrames frames_;
};

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
  // Of what waits a message of each topic in turn.
  EXPECT_THAT(heard(),
              ElementsAre("r s/a=1 #1", "r s/b=2 #2", "R s/a=1 #1", "live/=3 #3", "R s/b=2 #2"));
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
  EXPECT_EQ(heard().size(), 20U);
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

class ASlowBroker : public ABroker {
 protected:
  // It takes nothing more than that.
  void close_road(std::size_t bytes = 0) { helper_->set_window(bytes); }
  void open_road() {
    helper_->set_window(1u << 30);
    loop->run_until_idle();
  }
  // More than the output holds, so that what comes next waits by its policy.
  void fill_road() {
    close_road();
    for (int i = 0; i < 5; ++i) publish("filling", std::string(100000, 'f'));
    (void)info();
  }
  Words heard_but_filling() {
    Words all;
    for (Words words = heard(); !words.empty(); words = heard()) {
      std::ranges::copy_if(words, std::back_inserter(all),
                           [](const std::string& each) { return !each.starts_with("filling"); });
      loop->run_until_idle();
    }
    return all;
  }
  void set_policy(std::string_view topic, TopicPolicy policy, std::size_t most = 1000) {
    TopicOptions options;
    options.subscriptions.policy = policy;
    options.subscriptions.max_queued = most;
    ASSERT_TRUE(core->set_topic(topic, options));
  }
};

TEST_F(ASlowBroker, OfALatestTopicGetsTheNewestOfEachKey) {
  begin_open();
  set_policy("state", TopicPolicy::latest);
  fill_road();
  for (int i = 0; i < 5; ++i) {
    publish("state", "a" + std::to_string(i), {"a", false, true});
    publish("state", "b" + std::to_string(i), {"b", false, true});
  }
  EXPECT_EQ(info().conflated, 8U);
  open_road();
  const Words words = heard_but_filling();
  EXPECT_THAT(words, testing::IsSupersetOf({"state/a=a4 #14", "state/b=b4 #15"}));
  EXPECT_EQ(std::ranges::count(words, "?") + 2, static_cast<std::ptrdiff_t>(words.size()));
}

TEST_F(ASlowBroker, OfATopicThatKeepsAllLosesTheOldestWhereAViewerWouldBeClosed) {
  begin_open();
  set_policy("all", TopicPolicy::all, 25);
  fill_road();
  for (int i = 0; i < 5; ++i) publish("all", "message " + std::to_string(i));
  EXPECT_EQ(info().dropped, 3U);
  EXPECT_THAT(log, testing::Contains(HasSubstr(
                       "doesn't keep up: messages are dropped, the first of topic 'all'")));
  const auto lines = log.size();
  publish("all", "message 5");
  EXPECT_EQ(log.size(), lines) << "one line for each time that it begins";
  open_road();
  EXPECT_THAT(heard_but_filling(), ElementsAre("all/=message 4 #10", "all/=message 5 #11"));
  EXPECT_EQ(info().queued_bytes, 0U);
}

TEST_F(ASlowBroker, OfARetainedKeyTheNewestGoesWhateverWasDropped) {
  begin_open();
  for (const auto policy : {TopicPolicy::newest, TopicPolicy::oldest, TopicPolicy::resync}) {
    const std::string topic = "p" + std::to_string(static_cast<int>(policy));
    set_policy(topic, policy, 10);
    fill_road();
    publish(topic, "0123456789", {"a", true, true});
    publish(topic, "0123456789", {"b", true, true});
    publish(topic, "", {"a", true, true});
    open_road();
    Words words;
    for (std::string& each : heard_but_filling()) {
      if (each != "?") words.push_back(each.substr(0, each.find(" #")));
      if (words.empty()) continue;
    }
    EXPECT_THAT(words,
                testing::IsSupersetOf({"R " + topic + "/a=", "R " + topic + "/b=0123456789"}))
        << topic;
  }
}

TEST_F(ASlowBroker, HoldsNoMoreThanAServerMay) {
  begin_open();
  fill_road();
  const std::size_t most = core->options().max_total_queued_bytes / 4;
  const std::string megabyte(1u << 20, 'm');
  for (std::size_t i = 0; i < most / megabyte.size() + 20; ++i) {
    publish("t" + std::to_string(i % 7), megabyte);
    ASSERT_LE(info().queued_bytes, most);
  }
  EXPECT_GT(info().dropped, 0U);
}

TEST_F(ASlowBroker, WaitsForAcknowledgementsWithAWindow) {
  begin_open();
  set_policy("state", TopicPolicy::oldest, 1u << 20);
  for (int i = 0; i < 10; ++i) publish("state", std::string(20000, 'x'));
  Words words = heard();
  const auto sent = std::ranges::count_if(words, [](const auto& each) { return each != "?"; });
  EXPECT_LT(sent, 10);
  EXPECT_EQ(std::ranges::count(words, "?"), 1);
  for (int i = 0; i < 20 && info().queued_bytes > 0; ++i) {
    advance(0.01);
    acknowledge();
    (void)heard();
  }
  EXPECT_EQ(info().queued_bytes, 0U);
}

TEST_F(ASlowBroker, OfATopicWithARateGetsTheLastOfEachPause) {
  begin_open();
  TopicOptions options;
  options.subscriptions.rate = 10;
  ASSERT_TRUE(core->set_topic("r", options));
  for (int i = 1; i <= 4; ++i) publish("r", std::to_string(i));
  EXPECT_THAT(heard(), ElementsAre("r/=1 #1"));
  advance(0.11);
  EXPECT_THAT(heard(), ElementsAre("r/=4 #4"));
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

TEST_F(ASlowBroker, StopEndsAtTheCloseTimeout) {
  begin_open();
  fill_road();
  bool is_finished = false;
  core->on_finished([&] { is_finished = true; });
  core->stop(true);
  advance(4.9);
  EXPECT_FALSE(is_finished);
  advance(0.2);
  loop->run_until_idle();
  EXPECT_TRUE(is_finished);
  EXPECT_TRUE(helper_->saw_end());
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
              ElementsAre(HasSubstr("1 messages of edges' viewers were refused, the latest "
                                    "for: topic 'other' is none that the option publishable")));
  advance(10.1);
  say_publish("other", "x");
  EXPECT_THAT(log.back(), HasSubstr("3 messages of edges' viewers were refused"));
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
