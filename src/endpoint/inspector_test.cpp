// What the inspector's pages are told, and that nobody else is.
#include "endpoint/inspector.h"

#include "endpoint/inspector_test_fixture.h"
#include "protocol/broker/helper_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace simws::endpoint {
namespace {

using test::handshake;
using test::InspectorTest;
using test::text;
using test::Told;
using test::Words;
using testing::HasSubstr;
using testing::Not;

TEST_F(InspectorTest, TheApplicationNeverHearsOfItsPages) {
  on_upgrade = [](Connection& connection, const HttpRequest&) { (void)connection.admit(); };
  ServerOptions options;
  options.topics = {"#"};
  start_inspected(std::move(options));
  const auto page = watch({"server", "connections", "messages", "log"});
  told_within(*page, 2);
  EXPECT_EQ(take_events(), Words{});
  EXPECT_TRUE(core->connections().empty());
  EXPECT_EQ(*core->broadcast("all", Opcode::text, {}), 0u);
  EXPECT_EQ(publish("server", "the application's own"), 0u);
  const ServerInfo info = core->info();
  EXPECT_EQ(info.connections, 0u);
  EXPECT_EQ(info.messages_in + info.messages_out, 0u);
  EXPECT_EQ(core->topics().infos().size(), 1u);
  for (const Told& told : told_within(*page, 1)) EXPECT_THAT(told.text, Not(HasSubstr("own")));

  page->send(test::client_close(1000));
  loop->run_until_idle();
  EXPECT_EQ(take_events(), Words{});
  EXPECT_TRUE(page->saw_end());
}

TEST_F(InspectorTest, NorOfAttemptsThatFail) {
  start_inspected();
  attempt(*connect(), "Origin: http://elsewhere.example\r\n");
  attempt(*connect(), "");
  EXPECT_EQ(take_events(), Words{});
}

TEST_F(InspectorTest, ItsPagesCountForTheLimits) {
  ServerOptions options;
  options.max_connections = 1;
  start_inspected(std::move(options));
  const auto page = open_inspector();
  const auto client = connect();
  client->send(handshake());
  EXPECT_THAT(client->take(), HasSubstr("HTTP/1.1 503"));
}

TEST_F(InspectorTest, WhatTheySayThatIsNoneOfTheirWordsEndsThem) {
  start_inspected();
  const auto page = open_inspector();
  say(*page, "hello");
  EXPECT_EQ(take(*page).back(), "close");
  const auto other = open_inspector();
  say(*other, "\nsent to nobody");
  EXPECT_EQ(take_events(), Words{});
}

TEST_F(InspectorTest, FiguresOfTheServer) {
  start_inspected();
  const auto client = open();
  client->send(text("hello"));
  const auto page = watch({"server"});
  const auto told = told_within(*page, 2);
  const std::string server = latest(told, "server");
  EXPECT_THAT(server, HasSubstr("\"connections\":1,"));
  EXPECT_THAT(server, HasSubstr("\"messagesIn\":1,"));
  EXPECT_THAT(server, HasSubstr("\"viewers\":1,"));
  EXPECT_THAT(server, HasSubstr("\"logLevel\":\"info\""));
  EXPECT_GE(count_told(told, "server"), 3);
  EXPECT_LE(count_told(told, "server"), 6);
}

TEST_F(InspectorTest, FiguresOfItsBroker) {
  ServerOptions options;
  options.broker.emplace().url = "nats://me:secret@b:4222";
  options.broker->program = "/bin/simws-broker";
  options.name = "arm";
  start_inspected(std::move(options));
  const auto page = watch({"server"});
  std::string server = latest(told_within(*page, 1), "server");
  EXPECT_THAT(server, HasSubstr("\"broker\":{\"url\":\"nats://***@b:4222\",\"name\":\"arm\","
                                "\"state\":\"connecting\",\"error\":\"\","));
  EXPECT_THAT(server, HasSubstr("\"queuedBytes\":0,\"incoming\":0,\"incomingDropped\":0}"));
  const auto helper = loop->take_process();
  namespace word = protocol::helper_word;
  helper->send(word::state(word::State::Kind::open, "hall"));
  loop->run_until_idle();
  helper->send(word::acknowledge((std::uint64_t{1} << 62U) + 1));  // its first probe
  loop->run_until_idle();
  publish("pose", "1");
  server = latest(told_within(*page, 1), "server");
  EXPECT_THAT(server,
              HasSubstr("\"state\":\"open\",\"error\":\"\",\"server\":\"hall\",\"published\":1,"));
  EXPECT_THAT(server, HasSubstr("\"roundTrip\":"));
}

TEST_F(InspectorTest, WhetherWhatItServesIsOld) {
  start_inspected();
  const auto page = watch({"server"});
  EXPECT_THAT(latest(told_within(*page, 1), "server"), Not(HasSubstr("stale")));
  core->set_stale(true, "no connection to the broker");
  EXPECT_THAT(latest(told_within(*page, 1), "server"),
              HasSubstr("\"stale\":\"no connection to the broker\""));
}

TEST_F(InspectorTest, TheHistoryHasBegunBeforeAnybodyWatched) {
  start_inspected();
  for (int second = 0; second < 700; ++second) advance(1);
  const auto page = watch({"history"});
  const auto rows_of = [](const Told& told) { return std::ranges::count(told.text, '[') - 2; };
  auto told = told_within(*page, 0.6);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(rows_of(told.front()), static_cast<int>(InspectorHistory::most_rows));
  EXPECT_THAT(told.front().text, HasSubstr("{\"columns\":[\"time\",\"connections\","));
  told = told_within(*page, 2.1);
  EXPECT_EQ(count_told(told, "history"), 2);
  EXPECT_EQ(rows_of(told.back()), 1);
}

class InspectorConnectionsTest : public InspectorTest {
 protected:
  std::unique_ptr<Peer> open_at(std::string_view target, std::string_view fields = {}) {
    auto peer = connect();
    peer->send(handshake(fields, target));
    EXPECT_THAT(peer->take(), HasSubstr("HTTP/1.1 101"));
    return peer;
  }
};

TEST_F(InspectorConnectionsTest, AreToldInBlocks) {
  start_inspected();
  std::vector<std::unique_ptr<Peer>> clients;
  for (int i = 0; i < 130; ++i) clients.push_back(open());
  const auto page = watch({"connections"});
  auto told = told_within(*page, 1.5);
  const auto rows_in = [&](const char* block) {
    const std::string text = latest(told, "connections", block);
    std::ptrdiff_t rows = 0;
    for (std::size_t at = text.find("\"127.0.0.1:"); at != text.npos;
         at = text.find("\"127.0.0.1:", at + 1)) {
      ++rows;
    }
    return rows;
  };
  EXPECT_EQ(rows_in("0"), 64);
  EXPECT_EQ(rows_in("1"), 64);
  EXPECT_EQ(rows_in("2"), 2);

  // What has become quiet is told once more, and then no more.
  told_within(*page, 2);
  EXPECT_EQ(count_told(told_within(*page, 3), "connections"), 0);

  for (const int gone : {3, 128, 129}) clients[static_cast<std::size_t>(gone)]->reset();
  loop->run_until_idle();
  told = told_within(*page, 2);
  EXPECT_EQ(rows_in("0"), 63);
  EXPECT_EQ(latest(told, "connections", "1"), "");
  EXPECT_EQ(latest(told, "connections", "2"), "");
  EXPECT_EQ(std::ranges::count(told, "2", &Told::key), 1);  // that it's empty
}

TEST_F(InspectorConnectionsTest, HaveWhatTheirRequestsSaid) {
  ServerOptions options;
  options.subprotocols = {"chat"};
  start_inspected(std::move(options));
  const auto client = open_at("/arm?token=swordfish&api_key=k%20y&x=1",
                              "User-Agent: a\"b\xFF\r\nCookie: session=cake\r\n"
                              "Authorization: Bearer salmon\r\nSec-WebSocket-Protocol: chat\r\n");
  const auto page = watch({"connections"});
  const std::string row = latest(told_within(*page, 1), "connections", "0");
  EXPECT_THAT(row, HasSubstr("\"/arm?token=***&api_key=***&x=1\""));
  EXPECT_THAT(row, HasSubstr("\"a\\\"b\xEF\xBF\xBD\""));
  EXPECT_THAT(row, HasSubstr("\"chat\",\"open\""));
  for (const char* secret : {"swordfish", "cake", "salmon", "k%20y"}) {
    EXPECT_THAT(row, Not(HasSubstr(secret)));
  }
}

TEST_F(InspectorConnectionsTest, AreClosedByIt) {
  start_inspected();
  const auto client = open();
  const auto other = open();
  const auto page = watch({"done"});
  EXPECT_EQ(ask(*page, "close/1", "4001 tired of you"), "done: closed with 4001");
  EXPECT_EQ(client->take(), test::close_frame(4001, "tired of you"));
  EXPECT_EQ(ask(*page, "close/1", "1000"), "no: the connection is closing already");
  client->send(test::client_close(4001));
  loop->run_until_idle();
  EXPECT_EQ(count_of("close 4001 clean"), 1);
  EXPECT_EQ(ask(*page, "close/1", "1000"), "no: the connection has closed");
  EXPECT_EQ(other->take(), "");
  for (const char* bad : {"", "abc", "99999", "-1"}) {
    EXPECT_THAT(ask(*page, "close/2", bad), HasSubstr("no: a close code is a number"));
  }
  EXPECT_THAT(ask(*page, "close/2", "1006"), testing::StartsWith("no: "));
  EXPECT_THAT(ask(*page, "close/2", "1000 " + std::string(200, 'x')), testing::StartsWith("no: "));
  for (const char* nobody :
       {"close/0", "close/3", "close/x", "close", "close/18446744073709551617"}) {
    EXPECT_EQ(ask(*page, nobody, "1000"), "no: the connection has closed") << nobody;
  }
  EXPECT_EQ(ask(*page, "dance", "x"), "no: this server's inspector can't do that");
}

TEST_F(InspectorConnectionsTest, AreSentToByIt) {
  ServerOptions options;
  options.topics = {"#"};
  start_inspected(std::move(options));
  const auto client = open();
  const auto reader = open_page();
  const auto page = watch({"done"});
  EXPECT_EQ(ask(*page, "send/1", "h\xC3\xBC"), "done: sent");
  EXPECT_EQ(take(*client), Words{"h\xC3\xBC"});
  EXPECT_EQ(ask(*page, "send/1", std::string("\0\xFF", 2), protocol::FrameOpcode::binary),
            "done: sent");
  EXPECT_EQ(client->take(),
            test::server_frame(protocol::FrameOpcode::binary, std::string("\0\xFF", 2)));
  EXPECT_EQ(ask(*page, "send/2", "to a page"), "done: sent");
  EXPECT_EQ(take(*reader), Words{"\nto a page"});
  ASSERT_TRUE(*connections[0]->send("begun", Opcode::text, {.fin = false}));
  EXPECT_THAT(ask(*page, "send/1", "amid"), HasSubstr("no: a fragmented message"));
  ASSERT_TRUE(*connections[0]->send("ended", Opcode::continuation, {}));
  EXPECT_EQ(ask(*page, "send/1", "after"), "done: sent");
}

TEST_F(InspectorTest, TheLogIsToldAndItsLevelSet) {
  start_inspected();
  for (int i = 0; i < 300; ++i) core->log(LogLevel::debug, "line " + std::to_string(i));
  const auto page = watch({"log", "done"});
  auto told = told_within(*page, 1.5);
  std::string lines;
  for (const Told& portion : told) {
    if (portion.topic != "log") continue;
    // So many at a time, that nobody waits for all.
    EXPECT_LE(std::ranges::count(portion.text, '['), 1 + 50);
    lines += portion.text;
  }
  EXPECT_THAT(lines, HasSubstr("\"debug\",\"line 299\""));
  EXPECT_THAT(lines, HasSubstr("\"line 120\""));
  EXPECT_THAT(lines, Not(HasSubstr("\"line 50\"")));
  EXPECT_THAT(log, Not(testing::Contains("line 299")));  // it's below the level

  EXPECT_THAT(ask(*page, "log-level", "debug"), testing::StartsWith("done: "));
  core->log(LogLevel::debug, "seen");
  EXPECT_EQ(log.back(), "seen");
  told = told_within(*page, 1);
  EXPECT_EQ(count_told(told, "log"), 1);
  EXPECT_THAT(ask(*page, "log-level", "loud"), testing::StartsWith("no: "));

  for (int i = 0; i < 1000; ++i) core->log(LogLevel::info, "flood");
  told = told_within(*page, 0.1);
  EXPECT_EQ(std::ranges::count(latest(told, "log"), '['), 1 + 50);
}

TEST_F(InspectorTest, TopicsOfTheApplicationAreTold) {
  start_inspected();
  const auto client = open();
  subscribe(*connections.back(), "robots/#");
  for (int i = 0; i < 100; ++i) publish("robots/" + std::to_string(i), "x");
  retain("map", "north", "wall");
  const auto page = watch({"topics"});
  auto told = told_within(*page, 1);
  const std::string first = latest(told, "topics", "0");
  EXPECT_THAT(first, HasSubstr("\"total\":102,"));
  EXPECT_THAT(first, HasSubstr("[\"map\",0,1,0,0,0,0,1,9]"));
  EXPECT_THAT(first, HasSubstr("[\"robots/#\",1,0,100,0,0,0,0,0]"));
  EXPECT_THAT(first + latest(told, "topics", "1"), HasSubstr("[\"robots/99\",0,1,0,"));
  EXPECT_EQ(latest(told, "topics", "2"), "");
}

TEST_F(InspectorTest, StopsWithItsServer) {
  start_inspected();
  const auto page = watch({"server"});
  take_told(*page);
  core->stop(true);
  loop->run_until_idle();
  EXPECT_THAT(page->take(), HasSubstr(test::close_frame(1001)));
  EXPECT_EQ(take_events(), Words{});
  advance(20);
}

TEST_F(InspectorConnectionsTest, AreToldAnewToWhoAsks) {
  start_inspected();
  const auto client = open();
  const auto page = watch({"connections", "topics"});
  told_within(*page, 5);
  EXPECT_EQ(count_told(told_within(*page, 2), "connections"), 0);
  say(*page, "[\"publish\",\"do/-/rows\"]\n");
  EXPECT_EQ(count_told(told_within(*page, 2), "connections"), 2);
  page->reset();
  loop->run_until_idle();
  const auto other = watch({"connections"});
  EXPECT_GE(count_told(told_within(*other, 2), "connections"), 1);
}

TEST_F(InspectorTest, WithoutReadersNothingIsSent) {
  start_inspected();
  const auto client = open();
  const auto page = open_inspector();
  for (int i = 0; i < 50; ++i) {
    client->send(text("x"));
    advance(0.1);
  }
  EXPECT_EQ(take_told(*page).size(), 0u);
}

}  // namespace
}  // namespace simws::endpoint
