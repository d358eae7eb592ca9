#include "host/commands/edge/edge_relay.h"

#include "host/commands/edge/edge_test_fixture.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>

namespace simws::host {
namespace {

using test::EdgeTest;
using test::Words;

using EdgeRelayTest = EdgeTest;

TEST_F(EdgeRelayTest, WhatTheSimulationPublishesGoesToViewersAsItWas) {
  start();
  const auto viewer = view("pose");
  bring("x", 7);
  EXPECT_EQ(take(*viewer), Words{"[\"message\",\"pose\",\"k\",1.5,\"e1\",7]\nx"});
}

TEST_F(EdgeRelayTest, NothingOlderAndNothingTwice) {
  start();
  const auto viewer = view("pose");
  retain("new", 7);
  bring("old", 6);
  retain("new", 7);
  bring("other key", 5, "e1", "l");
  EXPECT_EQ(take(*viewer), (Words{"[\"message\",\"pose\",\"k\",1.5,\"e1\",7]\nnew",
                                  "[\"message\",\"pose\",\"l\",1.5,\"e1\",5]\nother key"}));
}

// What is live and what is retained come on threads of their own: in whatever order.
TEST_F(EdgeRelayTest, WhileItCatchesUpNothingOlderIsShownEither) {
  start();
  feed_.handlers.status(well());
  const auto viewer = view("pose");
  bring("live", 7);                   // published while the stream was read, ...
  retain("stored", 6);                // ... which has the key's message before
  retain("stored", 3, "e1", "l");     // here that comes first
  retain("anew", 8, "e1", "l");       // live
  retain("anew", 8, "e1", "l");       // from the stream, behind what it had when reading began
  forget(9, "m");                     // live, ...
  retain("forgotten", 5, "e1", "m");  // ... and its message before, from the stream
  retain("of before", 99, "e0", "n");
  feed_.handlers.caught_up();
  Words words = take(*viewer);
  std::erase_if(words, [](const std::string& word) { return word.starts_with("[\"stale\""); });
  EXPECT_EQ(words, (Words{"[\"message\",\"pose\",\"k\",1.5,\"e1\",7]\nlive",
                          "[\"message\",\"pose\",\"l\",1.5,\"e1\",3]\nstored",
                          "[\"message\",\"pose\",\"l\",1.5,\"e1\",8]\nanew",
                          "[\"message\",\"pose\",\"m\",0.0,\"e1\",9]\n"}));
  const auto late = connect();
  late->say("[\"subscribe\",\"pose\"]");
  words = take(*late);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[1], "[\"message\",\"pose\",\"l\",1.5,\"e1\",8]\nanew");
}

TEST_F(EdgeRelayTest, AStartThatBeginsWhileItCatchesUpIsReadAnew) {
  start();
  feed_.handlers.status(well("e1"));
  retain("of another start", 1, "e2");
  handle_all();
  EXPECT_EQ(server_->info().retained_bytes, 0U);
  EXPECT_EQ(feed_.starts_anew, 0);
  bring("live", 2, "e2");
  handle_all();
  EXPECT_EQ(feed_.starts_anew, 1);
  feed_.handlers.status({});
  feed_.handlers.status(well("e2"));
  retain("of this start", 1, "e2", "l");
  handle_all();
  EXPECT_EQ(server_->info().retained_bytes, std::string("of this startl").size());
}

TEST_F(EdgeRelayTest, WhatIsRetainedIsThereForThoseWhoComeLater) {
  start();
  retain("kept", 7);
  retain("forgotten", 8, "e1", "l");
  forget(9, "l");
  retain("late", 8, "e1", "l");
  const auto viewer = connect();
  viewer->say("[\"subscribe\",\"pose\"]");
  const Words words = take(*viewer);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(words[2], "[\"message\",\"pose\",\"k\",1.5,\"e1\",7]\nkept");
}

TEST_F(EdgeRelayTest, WhenTheSimulationBeginsAnewWhatWasRetainedIsForgotten) {
  start();
  retain("a wall", 7);
  retain("a door", 8, "e1", "l");
  handle_all();
  const auto viewer = view("pose");
  retain("a window", 3, "e2");
  const Words words = take(*viewer);
  ASSERT_EQ(words.size(), 3U);
  for (const std::size_t i : {0u, 1u}) EXPECT_TRUE(words[i].ends_with(",\"e2\",1]\n")) << words[i];
  EXPECT_EQ(words[2], "[\"message\",\"pose\",\"k\",1.5,\"e2\",3]\na window");
  bring("of before", 99);
  EXPECT_EQ(take(*viewer), Words{});
  EXPECT_EQ(count_of("'arm' has begun anew"), 1U);
}

TEST_F(EdgeRelayTest, AStartIsHeardOfByItsHolderToo) {
  start();
  retain("a wall", 7);
  feed_.handlers.status(well());
  handle_all();
  const auto viewer = view("pose");
  feed_.handlers.status(well("e2"));
  const Words words = take(*viewer);
  ASSERT_FALSE(words.empty());
  EXPECT_NE(words[0].find("\"e2\",1]\n"), std::string::npos);
  bring("of before", 99);
  EXPECT_EQ(take(*viewer), Words{});
}

TEST_F(EdgeRelayTest, ViewersHearWhetherWhatTheyGetMayBeOld) {
  start();
  const auto viewer = connect();
  viewer->say("[\"subscribe\",\"pose\"]");
  EXPECT_EQ(take(*viewer).back(), "[\"stale\",true,\"no connection to the broker\"]\n");
  feed_.handlers.status(well());
  EXPECT_EQ(take(*viewer), Words{"[\"stale\",true,\"what is retained is on its way\"]\n"});
  feed_.handlers.caught_up();
  EXPECT_EQ(take(*viewer), Words{"[\"stale\",false,\"\"]\n"});
  until([&] { return count_of("viewers get 'arm' (10.0.0.2:9000) as it comes") == 1; });
  auto status = well();
  status.is_held = false;
  feed_.handlers.status(status);
  EXPECT_EQ(take(*viewer), Words{"[\"stale\",true,\"the simulation isn't there\"]\n"});
  until([&] { return count_of("may be old: the simulation isn't there") == 1; });
  feed_.handlers.status(well());
  EXPECT_EQ(take(*viewer), Words{"[\"stale\",false,\"\"]\n"});
}

TEST_F(EdgeRelayTest, ViewersAreToldTheTimeByTheSimulationsClock) {
  start();
  feed_.handlers.status(well());
  retain("of long ago", 1);
  feed_.handlers.caught_up();
  handle_all();
  const auto viewer = connect();
  const auto year_of_pong = [&] {
    viewer->messages.clear();
    viewer->say("[\"ping\",1]");
    until([&] { return !viewer->messages.empty(); });
    constexpr double year = 365.25 * 86'400'000;
    return 1970 + static_cast<int>(std::stod(viewer->messages[0].substr(10)) / year);
  };
  EXPECT_GT(year_of_pong(), 2020) << "what is retained tells nothing of clocks";
  bring("now", 2);
  handle_all();
  EXPECT_EQ(year_of_pong(), 1970);
}

TEST_F(EdgeRelayTest, AfterEachNewConnectionWhatIsRetainedMustHaveCome) {
  start();
  feed_.handlers.status(well());
  feed_.handlers.caught_up();
  handle_all();
  const auto viewer = view("pose");
  feed_.handlers.status(broker::EdgeStatus());
  handle_all();
  feed_.handlers.status(well());
  EXPECT_EQ(take(*viewer), (Words{"[\"stale\",true,\"no connection to the broker\"]\n",
                                  "[\"stale\",true,\"what is retained is on its way\"]\n"}));
}

TEST_F(EdgeRelayTest, WhatWasForgottenWhileTheBrokerWasAwayIsForgottenWhenItHasCaughtUp) {
  start();
  feed_.handlers.status(well());
  retain("a wall", 1);
  retain("a door", 2, "e1", "l");
  feed_.handlers.caught_up();
  handle_all();
  const auto viewer = view("pose");
  feed_.handlers.status(broker::EdgeStatus());
  feed_.handlers.status(well());
  retain("a wall", 1);
  retain("a lamp", 3, "e1", "m");
  feed_.handlers.caught_up();
  const Words words = take(*viewer);
  ASSERT_GE(words.size(), 2U);
  EXPECT_EQ(words[words.size() - 2], "[\"message\",\"pose\",\"m\",1.5,\"e1\",3]\na lamp");
  EXPECT_EQ(words.back().find("[\"message\",\"pose\",\"l\","), 0U) << words.back();
  EXPECT_TRUE(words.back().ends_with(",\"e1\",2]\n")) << words.back();
  EXPECT_EQ(server_->topics().at(0).retained_keys, 2U);
  retain("a door", 2, "e1", "l");
  EXPECT_EQ(take(*viewer).size(), 1U) << "it's told anew, for it's there after all";
}

TEST_F(EdgeRelayTest, WhatViewersPublishGoesToTheSimulation) {
  start();
  const auto first = connect();
  const auto second = connect();
  second->say("[\"publish\",\"commands/stop\"]\nnow");
  until([&] { return feed_.published().size() == 1; });
  const std::string published = feed_.published()[0];
  EXPECT_TRUE(published.starts_with("{\"address\":\"127.0.0.1:")) << published;
  EXPECT_NE(published.find("\",\"connection\":2} commands/stop now"), std::string::npos);
}

TEST_F(EdgeRelayTest, WhatTheBrokerDoesntTakeIsCountedInTheLog) {
  start();
  feed_.takes = false;
  const auto viewer = connect();
  for (int i = 0; i < 3; ++i) viewer->say("[\"publish\",\"commands/stop\"]\nnow");
  until([&] { return count_of("of viewers did not get through") == 1; });
  EXPECT_TRUE(feed_.published().empty());
}

TEST_F(EdgeRelayTest, WhatMayNotBeRetainedStillComesToViewersAndWhatWasIsForgotten) {
  ServerOptions options;
  options.max_total_retained_bytes = 10;
  start(std::move(options));
  retain("small", 1);
  handle_all();
  const auto viewer = view("pose");
  retain("larger than 10 bytes", 2);
  EXPECT_EQ(take(*viewer),
            Words{"[\"message\",\"pose\",\"k\",1.5,\"e1\",2]\nlarger than 10 bytes"});
  EXPECT_EQ(server_->info().retained_bytes, 0U);
  EXPECT_EQ(
      count_of("1 message went to viewers and could not be retained: topic 'pose': more would "
               "be retained than maxTotalRetainedBytes (10)"),
      1U);
}

TEST_F(EdgeRelayTest, WhatCantBePublishedIsLeftOutWithALine) {
  start();
  const auto viewer = view("pose");
  bring("\xFF", 1);
  bring("x", 2);
  EXPECT_EQ(take(*viewer).size(), 1U);
  EXPECT_EQ(count_of("1 message of the broker could not be published"), 1U);
}

TEST_F(EdgeRelayTest, AClientThatDoesntSpeakTheSubprotocolIsToldSo) {
  start();
  const auto plain = connect("");
  until([&] { return !plain->closes.empty(); });
  EXPECT_EQ(plain->closes, Words{"an edge serves clients that speak simws.topics.1"});
}

TEST_F(EdgeRelayTest, ThousandsOfMessagesComeInTheirOrder) {
  EdgeRelay::Limits limits;
  limits.incoming = 100'000;
  start({}, limits);
  const auto viewer = view("pose");
  std::thread feed([this] {
    for (std::uint64_t i = 1; i <= 5'000; ++i) bring(std::to_string(i), i);
  });
  until([&] { return viewer->messages.size() >= 5'000; });
  feed.join();
  for (std::size_t i = 0; i < 5'000; ++i) {
    const std::string& message = viewer->messages[i];
    ASSERT_EQ(message.substr(message.find('\n') + 1), std::to_string(i + 1));
  }
}

TEST_F(EdgeRelayTest, ItEndsWhileItsFeedWaitsForRoom) {
  EdgeRelay::Limits limits;
  limits.incoming = 1;
  start({}, limits);
  std::thread feed([this] {
    for (std::uint64_t i = 1; i <= 10; ++i) bring("x", i);
  });
  relay_->detach();
  feed.join();
  handle_all();
}

TEST_F(EdgeRelayTest, AFeedThatCantBeginIsAnError) {
  start();
  EdgeRelay other("arm", [](LogLevel, std::string_view) {});
  const auto attached = other.attach(
      *server_, loop_, [](const broker::EdgeHandlers&) -> Result<std::unique_ptr<FeedLink>> {
        return Error{ErrorCode::unavailable, "no client"};
      });
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().message, "no client");
}

TEST_F(EdgeRelayTest, BeginsAnewWhenStateQueuesOnItsWay) {
  topics_ = EdgeTopics({{"pose", TopicPolicy::latest}}, {});
  start();
  feed_.handlers.status(well());
  feed_.handlers.caught_up();
  bring("now", 1);
  bring_late("pose", 2, 1500);
  EXPECT_EQ(feed_.starts_anew, 0);
  bring_late("pose", 3, 1600);
  EXPECT_EQ(feed_.starts_anew, 1);
  bring_late("orders", 4, 2000);
  bring_late("pose", 5, 2000);
  bring_late("pose", 6, 2000);
  EXPECT_EQ(feed_.starts_anew, 1) << "of orders nothing may be lost";
}

TEST_F(EdgeRelayTest, WhatIsLateBeforeItHasCaughtUpIsState) {
  topics_ = EdgeTopics({{"#", TopicPolicy::latest}}, {});
  start();
  feed_.handlers.status(well());
  for (std::uint64_t i = 1; i < 5; ++i) bring_late("pose", i, 5000);
  EXPECT_EQ(feed_.starts_anew, 0);
}

}  // namespace
}  // namespace simws::host
