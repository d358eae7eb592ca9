// A broker that doesn't take what is published as fast as it comes.
#include "endpoint/broker_test_fixture.h"

#include <algorithm>
#include <string>
#include <utility>

namespace simws::endpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

}  // namespace
}  // namespace simws::endpoint::test
