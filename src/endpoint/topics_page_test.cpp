// Pages that subscribe by themselves, by simws.topics.1 (docs/topics.md).
#include "base/clock.h"
#include "endpoint/topics_test_fixture.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint {
namespace {

using test::client_frame;
using test::text;
using test::TopicsTest;
using test::Words;

class TopicsPageTest : public TopicsTest {
 protected:
  void start_with_topics(std::vector<std::string> readable = {"#"},
                         std::vector<std::string> publishable = {}) {
    ServerOptions options;
    options.topics = std::move(readable);
    options.publishable = std::move(publishable);
    options.max_subscriptions = 3;
    start(std::move(options));
  }
  void say(Peer& page, const std::string& message) {
    page.send(text(message));
    loop->run_until_idle();
  }
  // One that has subscribed to these, and reads on when its window is widened.
  std::unique_ptr<Peer> open_slow_page(std::initializer_list<const char*> names) {
    auto page = open_page();
    for (const char* name : names) say(*page, "[\"subscribe\",\"" + std::string(name) + "\"]");
    take(*page);
    page->set_window(1000);
    return page;
  }
  // Without the time of publication.
  Words take_messages(Peer& page) {
    Words words = take(page);
    for (std::string& word : words) {
      const std::size_t begin = word.find(",1");
      const std::size_t end = word.find_first_of(",]", begin + 1);
      if (begin != std::string::npos && word.size() > 2 && word.rfind("[\"m", 0) == 0 &&
          word.find("mark") == std::string::npos) {
        word.erase(begin, end - begin);
      }
    }
    return words;
  }
};

constexpr const char* subscribed_log =
    "[\"subscribed\",\"log\",{\"policy\":\"all\",\"maxQueued\":67108864,\"rate\":0.0,"
    "\"priority\":4,\"window\":0.1}]\n";

TEST_F(TopicsPageTest, APageSubscribesByItself) {
  start_with_topics();
  retain("log", "k", "before");
  const auto page = open_page();
  say(*page, "[\"subscribe\",\"log\"]");
  publish("log", "line");
  EXPECT_EQ(take_messages(*page), (Words{subscribed_log, "[\"message\",\"log\",\"k\"]\nbefore",
                                         "[\"message\",\"log\",\"\"]\nline"}));
  say(*page, "[\"unsubscribe\",\"log\"]");
  publish("log", "unheard");
  EXPECT_EQ(take_messages(*page), Words{});
}

TEST_F(TopicsPageTest, APageAsksForASignOfLife) {
  start_with_topics();
  const auto page = open_page();
  say(*page, "[\"ping\",7]");
  const Words words = take(*page);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].substr(0, 11), "[\"pong\",7,1");
}

TEST_F(TopicsPageTest, TheTimeIsThatOfTheServerWhosePublicationsArePassedOn) {
  start_with_topics();
  const auto page = open_page();
  core->topics().set_clock_lead(Seconds(-1e9));
  say(*page, "[\"ping\",7]");
  const Words words = take(*page);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_LT(std::stod(words[0].substr(10)), unix_milliseconds() - 0.9e12);
}

TEST_F(TopicsPageTest, TheSubprotocolIsSpokenOnlyWhereTopicsAreReadable) {
  start();
  const auto page = open_page();
  EXPECT_EQ(connections.back()->info().subprotocol, "");
  say(*page, "[\"subscribe\",\"log\"]");
  EXPECT_EQ(take_events().back(), "text [\"subscribe\",\"log\"]");
}

TEST_F(TopicsPageTest, WhatIsSentHasAnEmptyHeaderLine) {
  start_with_topics();
  const auto page = open_page();
  EXPECT_EQ(connections.back()->info().subprotocol, "simws.topics.1");
  (void)connections[0]->send("hello");
  (void)connections[0]->send("be", Opcode::text, {false, true});
  (void)connections[0]->send("gun", Opcode::continuation, {true, true});
  (void)core->broadcast("all", Opcode::text, {});
  loop->run_until_idle();
  EXPECT_EQ(take(*page), (Words{"\nhello", "\nbe+", ".gun", "\nall"}));
  say(*page, "\nanswer");
  EXPECT_EQ(take_events().back(), "text answer");
}

TEST_F(TopicsPageTest, WhatMayNotBeReadIsRefusedWithAReason) {
  start_with_topics({"public/#", "pose"});
  const auto page = open_page();
  for (const char* name : {"secret", "#", "public", "public/#", "public/a/#", "pose", "a//b"}) {
    say(*page, "[\"subscribe\",\"" + std::string(name) + "\"]");
  }
  Words words = take(*page);
  ASSERT_EQ(words.size(), 7U);
  EXPECT_EQ(words[0],
            "[\"refused\",\"subscribe\",\"secret\",\"pages may not read this topic (the server's "
            "option topics)\"]\n");
  EXPECT_EQ(words[1].substr(0, 25), "[\"refused\",\"subscribe\",\"#");
  EXPECT_EQ(words[2].substr(0, 20), "[\"subscribed\",\"publi");
  EXPECT_EQ(words[3].substr(0, 20), "[\"subscribed\",\"publi");
  EXPECT_EQ(words[4].substr(0, 20), "[\"subscribed\",\"publi");
  EXPECT_NE(words[5].find("more than maxSubscriptions (3)"), std::string::npos);
  EXPECT_NE(words[6].find("has an empty level"), std::string::npos);
}

TEST_F(TopicsPageTest, WhatAPageAsksForIsCapped) {
  start_with_topics();
  ASSERT_TRUE(
      core->set_topic("pose", {{TopicPolicy::latest, 1000, 30.0, 7, Seconds(0.05)}, {}, {}}));
  const auto page = open_page();
  say(*page,
      "[\"subscribe\",\"pose\",{\"maxQueued\":5000,\"rate\":0,\"priority\":6,\"window\":9}]");
  EXPECT_EQ(
      take(*page),
      Words{"[\"subscribed\",\"pose\",{\"policy\":\"latest\",\"maxQueued\":1000,\"rate\":30.0,"
            "\"priority\":6,\"window\":0.05}]\n"});
  say(*page, "[\"subscribe\",\"pose\",{\"policy\":\"newest\",\"maxQueued\":10,\"rate\":5}]");
  EXPECT_EQ(take(*page),
            Words{"[\"subscribed\",\"pose\",{\"policy\":\"newest\",\"maxQueued\":10,\"rate\":5.0,"
                  "\"priority\":6,\"window\":0.05}]\n"});
}

class FollowingTopicsTest : public TopicsPageTest {
 protected:
  void start(bool follows) {
    ServerOptions options;
    options.topics = {"#"};
    options.subscriptions_follow_topics = follows;
    TopicsPageTest::start(std::move(options));
  }
  // What a page gets that hasn't acknowledged what came before.
  Words late_words(Peer& page) {
    const std::string large(20'000, 'x');
    for (int i = 0; i < 2; ++i) publish("pose", large);
    take_messages(page);
    for (const char* pose : {"1", "2"}) publish("pose", pose);
    const Words before = take_messages(page);
    say(page, "[\"ack\",1]");
    Words words = take_messages(page);
    words.insert(words.begin(), before.begin(), before.end());
    return words;
  }
  // Of a page that has subscribed before.
  std::string first_word_after_setting_latest() {
    const auto page = open_page();
    say(*page, "[\"subscribe\",\"pose\"]");
    EXPECT_TRUE(core->set_topic("pose", {{TopicPolicy::latest, {}, {}, {}, {}}, {}, {}}));
    loop->run_until_idle();
    return late_words(*page).front();
  }
};

TEST_F(FollowingTopicsTest, WhatIsSetHoldsForSubscriptionsThatBeginLater) {
  start(false);
  EXPECT_EQ(first_word_after_setting_latest(), "[\"message\",\"pose\",\"\"]\n1");
  EXPECT_EQ(core->topics().infos().front().conflated, 0U);
}

TEST_F(FollowingTopicsTest, WhereTheServerIsToldSoForThoseThatAreThereToo) {
  start(true);
  EXPECT_EQ(first_word_after_setting_latest(), "[\"message\",\"pose\",\"\"]\n2");
  EXPECT_EQ(core->topics().infos().front().conflated, 1U);
}

TEST_F(FollowingTopicsTest, WhatAPageHasAskedForItselfStays) {
  start(true);
  const auto page = open_page();
  say(*page, "[\"subscribe\",\"pose\",{\"policy\":\"newest\"}]");
  ASSERT_TRUE(core->set_topic("#", {{TopicPolicy::latest, {}, {}, {}, {}}, {}, {}}));
  loop->run_until_idle();
  EXPECT_EQ(late_words(*page).front(), "[\"message\",\"pose\",\"\"]\n1");
}

TEST_F(FollowingTopicsTest, WhatWaitsMayBeTooMuchThen) {
  start(true);
  const auto page = open_page();
  say(*page, "[\"subscribe\",\"pose\",{\"policy\":\"newest\"}]");
  say(*page, "[\"subscribe\",\"map\"]");
  const std::string large(20'000, 'x');
  for (int i = 0; i < 4; ++i) publish("pose", large);
  ASSERT_TRUE(core->set_topic("#", {{{}, 10'000, {}, {}, {}}, {}, {}}));
  loop->run_until_idle();
  EXPECT_GT(core->topics().infos().back().dropped, 0U);
}

TEST_F(TopicsPageTest, APagePublishesToTheApplication) {
  start_with_topics({"#"}, {"commands/#"});
  const auto page = open_page();
  say(*page, "[\"publish\",\"commands/stop\"]\nnow");
  EXPECT_EQ(take_events().back(), "published commands/stop now");
  say(*page, "[\"publish\",\"pose\"]\nforged");
  EXPECT_EQ(take(*page),
            Words{"[\"refused\",\"publish\",\"pose\",\"pages may not publish to this topic (the "
                  "server's option publishable)\"]\n"});
}

TEST_F(TopicsPageTest, WhoDoesntSpeakItIsClosedWith1002) {
  start_with_topics();
  const auto page = open_page();
  say(*page, "hello");
  EXPECT_EQ(count_of("close 1002"), 1);
}

TEST_F(TopicsPageTest, APageAcknowledgesByItsOwnWord) {
  start_with_topics();
  const auto page = open_page();
  say(*page, "[\"subscribe\",\"pose\",{\"policy\":\"latest\"}]");
  take(*page);
  const std::string large(20'000, 'x');
  publish("pose", large);
  publish("pose", large);
  for (const char* pose : {"1", "2"}) publish("pose", pose);
  Words words = take_messages(*page);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[1], "[\"mark\",1]\n");
  say(*page, "[\"ack\",1]");
  words = take_messages(*page);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0], "[\"message\",\"pose\",\"\"]\n2");
  EXPECT_EQ(words[1].substr(0, 10), "[\"mark\",2,");
}

TEST_F(TopicsPageTest, WhatHasAnOriginComesWithIt) {
  start_with_topics();
  const auto page = open_page();
  say(*page, "[\"subscribe\",\"pose\"]");
  take(*page);
  PublishOptions options{"k", true, true};
  options.origin = {"0123456789ab", 7};
  options.time = 1.5;
  publish("pose", "x", options);
  EXPECT_EQ(take(*page), Words{"[\"message\",\"pose\",\"k\",1.5,\"0123456789ab\",7]\nx"});
  options.origin->sequence = 6;
  publish("pose", "older", options);
  EXPECT_EQ(take(*page), Words{});
  options.origin->sequence = 8;
  publish("pose", std::string(100'000, 'x'), options);
  const Words parts = take(*page);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1].substr(0, parts[1].find('\n')),
            "[\"part\",\"pose\",\"k\",1.5,1,2,\"0123456789ab\",8]");
}

class StaleTest : public TopicsPageTest {
 protected:
  void set_stale(bool is_stale, std::string_view reason) {
    core->set_stale(is_stale, reason);
    loop->run_until_idle();
  }
};

TEST_F(StaleTest, PagesHearItWhenItChanges) {
  start_with_topics();
  const auto page = open_page();
  set_stale(true, "no broker");
  EXPECT_EQ(take(*page), Words{"[\"stale\",true,\"no broker\"]\n"});
  set_stale(true, "no broker");
  EXPECT_EQ(take(*page), Words{});
  set_stale(true, "nobody holds the name");
  set_stale(false, "");
  EXPECT_EQ(take(*page),
            (Words{"[\"stale\",true,\"nobody holds the name\"]\n", "[\"stale\",false,\"\"]\n"}));
}

TEST_F(StaleTest, WhoSubscribesHearsItBeforeWhatIsRetained) {
  start_with_topics();
  retain("log", "k", "before");
  set_stale(true, "no broker");
  const auto page = open_page();
  say(*page, "[\"subscribe\",\"log\"]");
  EXPECT_EQ(take_messages(*page), (Words{subscribed_log, "[\"stale\",true,\"no broker\"]\n",
                                         "[\"message\",\"log\",\"k\"]\nbefore"}));
  set_stale(false, "");
  take(*page);
  say(*page, "[\"subscribe\",\"log\"]");
  EXPECT_EQ(take_messages(*page), (Words{subscribed_log, "[\"message\",\"log\",\"k\"]\nbefore"}));
}

TEST_F(StaleTest, WhoDoesntSpeakTheSubprotocolHearsNothing) {
  start_with_topics();
  const auto viewer = open();
  subscribe(*connections.back(), "log");
  set_stale(true, "no broker");
  EXPECT_EQ(take(*viewer), Words{});
}

TEST_F(StaleTest, OfAllThatChangesBeforeAPageReadsItHearsTheLast) {
  start_with_topics();
  const auto page = open_page();
  page->set_window(0);
  for (int i = 0; i < 20'000; ++i) set_stale(i % 2 == 0, std::string(1000, 'r'));
  set_stale(true, "the last");
  EXPECT_LT(connections[0]->queued_bytes(), 200'000U);
  page->set_window(10'000'000);
  loop->run_until_idle();
  EXPECT_EQ(take(*page).back(), "[\"stale\",true,\"the last\"]\n");
}

TEST_F(TopicsPageTest, LargeMessagesTravelInPartsWithOthersBetween) {
  start_with_topics();
  const auto page = open_slow_page({"map", "pose"});
  std::string large(200'000, 'm');
  large.replace(61'439, 2, "\xC3\xBC");  // across the border of a part
  publish("map", large);
  publish("pose", "1");
  page->set_window(1'000'000);
  const Words words = take(*page);
  ASSERT_EQ(words.size(), 5U);
  EXPECT_NE(words[0].find(",0,4]\nmmm"), std::string::npos);
  EXPECT_NE(words[1].find(",1,4]\n\xC3\xBCmmm"), std::string::npos);
  EXPECT_NE(words[3].find("\"pose\""), std::string::npos) << "before the last part";
  std::string whole;
  for (const std::size_t part : {0u, 1u, 2u, 4u}) {
    whole += words[part].substr(words[part].find('\n') + 1);
  }
  EXPECT_TRUE(whole == large);
}

// Of a header line without commas in its texts.
Words split_items(std::string_view line) {
  Words items;
  line = line.substr(1, line.size() - 2);
  for (std::size_t end = 0; end != line.npos;) {
    end = line.find(',');
    items.emplace_back(line.substr(0, end));
    line.remove_prefix(end == line.npos ? line.size() : end + 1);
  }
  return items;
}

// What a page puts together, which knows of each topic and key one message at a time.
Words whole_messages(const Words& words) {
  struct Begun {
    std::size_t parts = 0;
    std::string data;
  };
  std::map<std::string, Begun> begun;
  Words whole;
  for (const std::string& word : words) {
    const std::size_t end = word.find('\n');
    if (word[0] != '[') continue;  // a Close
    const auto items = split_items(word.substr(0, end));
    if (items[0] == "\"message\"") whole.push_back(word.substr(end + 1));
    if (items[0] != "\"part\"") continue;
    Begun& parts = begun[items[1] + items[2]];
    if (items[4] == "0") parts = {};
    EXPECT_EQ(items[4], std::to_string(parts.parts)) << word.substr(0, end);
    parts.data += word.substr(end + 1);
    if (++parts.parts < std::stoul(items[5])) continue;
    whole.push_back(std::exchange(parts, {}).data);
  }
  return whole;
}

TEST_F(TopicsPageTest, TwoSubscriptionsNeverMixPartsOfATopic) {
  start_with_topics();
  const std::string before(200'000, 'b');
  const std::string after(200'000, 'a');
  for (const bool leaves : {false, true}) {
    const auto page = open_slow_page({"#"});
    publish("map", before);
    publish("pose", "1");
    say(*page, R"(["subscribe","map"])");
    publish("map", after);
    publish("map", "short");
    if (leaves) say(*page, R"(["unsubscribe","#"])");
    page->set_window(10'000'000);
    const Words all = leaves ? Words{after, "short"} : Words{before, after, "short"};
    Words whole = whole_messages(take(*page));
    EXPECT_EQ(std::erase(whole, "1"), leaves ? 0U : 1U);
    EXPECT_TRUE(whole == all) << whole.size() << " of " << all.size();
  }
}

TEST_F(TopicsPageTest, WhatHasBegunIsGoneOnWithByThePatternThatTakesItToo) {
  start_with_topics();
  const std::string before(200'000, 'b');
  const std::string after(200'000, 'a');
  const auto page = open_slow_page({"map", "#"});
  publish("map", before);
  publish("map", after);
  say(*page, R"(["unsubscribe","map"])");
  publish("map", "short");
  page->set_window(10'000'000);
  const Words words = take(*page);
  EXPECT_TRUE(whole_messages(words) == (Words{before, after, "short"}));
  EXPECT_EQ(words.size(), 9U) << "none of its parts came twice";
}

// The message of the pattern's own that has begun is first.
TEST_F(TopicsPageTest, WhatHasBegunBesideThePatternsOwnComesBehindIt) {
  start_with_topics();
  const std::string pose(200'000, 'p');
  const std::string map(200'000, 'm');
  const auto page = open_slow_page({"map", "#"});
  for (const auto& [topic, data] : {std::pair("pose", pose), std::pair("map", map)}) {
    ASSERT_TRUE(core->publish(topic, data, Opcode::text, {}));
  }
  loop->run_until_idle();
  say(*page, R"(["unsubscribe","map"])");
  page->set_window(10'000'000);
  const Words words = take(*page);
  EXPECT_TRUE(whole_messages(words) == (Words{pose, map}));
  EXPECT_GT(words.size(), 8U) << "of both some parts had been sent";
}

// What waits for it is replaced meanwhile, as its policy says.
TEST_F(TopicsPageTest, WhoWaitsForAnotherSubscriptionGetsTheNewest) {
  start_with_topics();
  const std::string before(200'000, 'b');
  const auto page = open_slow_page({"#"});
  publish("map", before);
  say(*page, R"(["subscribe","map",{"policy":"latest"}])");
  for (const char* state : {"1", "2", "3"}) publish("map", state);
  page->set_window(10'000'000);
  EXPECT_TRUE(whole_messages(take(*page)) == (Words{before, "3"}));
}

TEST_F(TopicsPageTest, WhatIsOwedAtACloseIsWholeToo) {
  start_with_topics();
  const std::string before(200'000, 'b');
  const std::string after(200'000, 'a');
  const auto page = open_slow_page({"#"});
  publish("map", before);
  say(*page, R"(["subscribe","map"])");
  publish("map", after);
  ASSERT_TRUE(connections.back()->close(CloseCode::normal, ""));
  page->set_window(10'000'000);
  EXPECT_TRUE(whole_messages(take(*page)) == (Words{before, after}));
}

TEST_F(TopicsPageTest, WhoAsksWithoutReadingIsNotReadOn) {
  start_with_topics({"pose"});
  const auto page = open_page();
  page->set_window(0);
  const std::string ask = text("[\"subscribe\",\"secret\"]");
  for (int i = 0; i < 20'000 && page->is_read(); ++i) page->send(ask);
  EXPECT_FALSE(page->is_read());
  EXPECT_LT(connections[0]->queued_bytes(), 200'000U);
  page->set_window(10'000'000);
  loop->run_until_idle();
  EXPECT_TRUE(page->is_read());
}

}  // namespace
}  // namespace simws::endpoint
