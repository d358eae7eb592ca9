// The sample of messages that the inspector's pages are told.
#include "endpoint/inspector_messages.h"

#include "endpoint/inspector_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace simws::endpoint {
namespace {

using test::InspectorTest;
using test::text;
using test::Told;
using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

class InspectorMessagesTest : public InspectorTest {
 protected:
  // A page that has begun to watch.
  std::unique_ptr<Peer> watch_messages() {
    auto page = watch({"messages"});
    told_within(*page, 0.3);
    return page;
  }
  // The texts of all that was told, one behind the other.
  std::string told_texts(Peer& page, double seconds = 0.2) {
    std::string all;
    for (const Told& told : told_within(page, seconds)) all += told.text;
    return all;
  }
};

TEST_F(InspectorMessagesTest, EachKindIsToldAsWhatItIs) {
  ServerOptions options;
  options.topics = {"#"};
  options.publishable = {"drive"};
  start_inspected(std::move(options));
  const auto client = open();
  const auto page = watch_messages();

  client->send(text("h\xC3\xBCh \"quoted\""));
  EXPECT_THAT(told_texts(*page),
              HasSubstr("\"connection\":1,\"in\":true,\"opcode\":\"text\",\"size\":13,"
                        "\"cut\":false,\"text\":\"h\xC3\xBCh \\\"quoted\\\"\"}"));
  ASSERT_TRUE(*connections[0]->send(std::string("\0\xFF", 2), Opcode::binary));
  EXPECT_THAT(told_texts(*page), HasSubstr("\"in\":false,\"opcode\":\"binary\",\"size\":2,"
                                           "\"cut\":false,\"bytes\":\"AP8=\"}"));
  ASSERT_EQ(*core->broadcast("to all", Opcode::text, {}), 1u);
  EXPECT_THAT(told_texts(*page), HasSubstr("\"text\":\"to all\""));
  subscribe(*connections[0], "pose");
  publish("pose", "[1,2]", {.key = "arm"});
  EXPECT_THAT(told_texts(*page), HasSubstr("\"topic\":\"pose\",\"key\":\"arm\",\"cut\":false,"
                                           "\"text\":\"[1,2]\""));
  const auto robot = open_page();
  say(*robot, "[\"publish\",\"drive\"]\nfast");
  EXPECT_THAT(told_texts(*page), HasSubstr("\"connection\":2,\"in\":true,\"opcode\":\"text\","
                                           "\"size\":4,\"topic\":\"drive\",\"cut\":false,"
                                           "\"text\":\"fast\""));
  say(*robot, "\nsent");
  EXPECT_THAT(told_texts(*page), HasSubstr("\"text\":\"sent\""));
}

TEST_F(InspectorMessagesTest, AFewMessagesAreAllTold) {
  start_inspected();
  const auto client = open();
  const auto page = watch_messages();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    client->send(text("message " + std::to_string(i) + "."));
    all += told_texts(*page, 0.05);
  }
  for (int i = 0; i < 95; ++i) {
    EXPECT_THAT(all, HasSubstr("message " + std::to_string(i) + "."));
  }
}

TEST_F(InspectorMessagesTest, OfAFloodASampleIsTold) {
  start_inspected();
  std::vector<std::unique_ptr<Peer>> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(open());
  const auto page = watch_messages();
  std::string all;
  std::uint64_t passed = 0;
  for (int tick = 0; tick < 100; ++tick) {
    for (int i = 0; i < 10; ++i) {
      for (const auto& client : clients) client->send(text("x"));
    }
    for (const Told& told : told_within(*page, 0.1)) {
      all += told.text;
      passed += std::stoull(between(told.text, "\"passed\":", ","));
    }
  }
  const std::size_t shown = count(all, "\"opcode\"");
  EXPECT_LE(shown, 101 * InspectorMessages::most_messages);
  EXPECT_GE(shown, 100 * InspectorMessages::most_messages / 2);
  EXPECT_GE(passed, 19'500u);
  EXPECT_LE(passed, 20'000u);
  // Each of them is seen, whatever the rhythm.
  for (int i = 1; i <= 20; ++i) {
    EXPECT_GE(count(all, "\"connection\":" + std::to_string(i) + ","), shown / 100) << i;
  }
}

TEST_F(InspectorMessagesTest, LongOnesAreCutAndTheirBytesBounded) {
  ServerOptions options;
  options.tokens = {};
  start_inspected(std::move(options));
  const auto client = open();
  const auto page = watch_messages();
  const std::string longest(InspectorMessages::longest_payload, 'a');
  client->send(text(longest));
  EXPECT_THAT(told_texts(*page), HasSubstr("\"cut\":false"));
  client->send(text(longest + "b"));
  const std::string cut = told_texts(*page);
  EXPECT_THAT(cut, HasSubstr("\"size\":4097,\"cut\":true"));
  EXPECT_THAT(cut, Not(HasSubstr("ab\"")));
  client->send(text(longest.substr(1) + "\xE2\x82\xAC"));
  EXPECT_THAT(told_texts(*page), Not(HasSubstr("\xE2")));

  // Control characters take six times their size.
  std::size_t bytes = 0;
  for (int tick = 0; tick < 20; ++tick) {
    for (int i = 0; i < 20; ++i) client->send(text(std::string(60'000, '\1')));
    for (const Told& told : told_within(*page, 0.1)) bytes += told.text.size();
  }
  EXPECT_GT(bytes, 0u);
  EXPECT_LE(bytes, 21 * (InspectorMessages::most_bytes + 6 * longest.size() + 500));
}

TEST_F(InspectorMessagesTest, TokensAreHidden) {
  ServerOptions options;
  options.tokens = {"swordfish", "abc"};
  start_inspected(std::move(options));
  const std::string field = "Authorization: Bearer swordfish\r\n";
  const auto client = connect();
  client->send(test::handshake(field));
  client->take();
  auto page = connect();
  attempt(*page, std::string(own_page) + field);
  say(*page, "[\"subscribe\",\"messages\",{\"policy\":\"oldest\"}]");
  say(*page, "[\"subscribe\",\"log\",{\"policy\":\"oldest\"}]");
  told_within(*page, 0.3);
  client->send(text("my swordfish is swordfish, abc"));
  client->send(text(std::string(InspectorMessages::longest_payload - 4, 'x') + "swordfish"));
  client->send(test::client_frame(protocol::FrameOpcode::binary, "swordfish"));
  core->log(LogLevel::info, "a line with swordfish");
  const std::string told = told_texts(*page);
  EXPECT_THAT(told, HasSubstr("my *** is ***, abc"));
  EXPECT_THAT(told, HasSubstr("a line with ***"));
  EXPECT_THAT(told, HasSubstr("\"bytes\":\"Kioq\""));
  EXPECT_THAT(told, Not(HasSubstr("swor")));
}

TEST_F(InspectorMessagesTest, NothingIsLookedAtWhileNobodyWatches) {
  start_inspected();
  const auto client = open();
  const MessageWatch& watch = core->inspector()->watch();
  client->send(text("x"));
  EXPECT_FALSE(watch.is_on());
  EXPECT_EQ(watch.passed(), 0u);
  const auto page = watch_messages();
  EXPECT_TRUE(watch.is_on());
  client->send(text("x"));
  EXPECT_EQ(watch.passed(), 1u);
  say(*page, "[\"unsubscribe\",\"messages\"]");
  told_within(*page, 0.3);
  EXPECT_FALSE(watch.is_on());
  client->send(text("x"));
  EXPECT_EQ(watch.passed(), 1u);
  page->reset();
  loop->run_until_idle();
  EXPECT_FALSE(watch.is_on());
}

TEST(WithoutSecrets, HidesEachOfThem) {
  EXPECT_EQ(without("", {"token"}), "");
  EXPECT_EQ(without("tokentoken a", {"token"}), "****** a");
  EXPECT_EQ(without("toktokenen", {"token"}), "tok***en");
  EXPECT_EQ(without("ab abc", {"abc"}), "ab abc");
}

}  // namespace
}  // namespace simws::endpoint
