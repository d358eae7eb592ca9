// What the server's handlers are told, and when: the order of events of one connection.
#include "endpoint/server_test_fixture.h"

#include <algorithm>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

TEST_F(ServerTest, TellsOpenThenMessagesThenClose) {
  start();
  auto peer = open();
  peer->send(text("one"));
  peer->send(client_frame(FrameOpcode::binary, "two"));
  peer->send(client_close(1000, "bye"));
  EXPECT_EQ(take_events(),
            (Words{"open", "text one", "binary two", "close 1000 clean", "release"}));
  EXPECT_EQ(peer->take(), close_frame(1000, "bye")) << "browsers show the answer's reason";
  EXPECT_TRUE(peer->saw_end());
}

TEST_F(ServerTest, ListensOnWhatThereIsOfLoopback) {
  Words info;
  ServerOptions options;
  options.logger = [&](LogLevel, std::string_view line) { info.emplace_back(line); };
  ServerCore only_ipv6(*turn_end, options, {});
  loop->fail_operation(1);
  EXPECT_TRUE(only_ipv6.listen(test_port));
  ASSERT_EQ(info.size(), 1u);
  EXPECT_EQ(info[0].find("127.0.0.1"), std::string::npos) << info[0];
  EXPECT_NE(info[0].find("[::1]"), std::string::npos) << info[0];
  only_ipv6.stop(false);
  loop->run_until_idle();
}

TEST_F(ServerTest, HandlesFramesThatFollowTheHandshakeInOnePacket) {
  start();
  auto peer = connect();
  peer->send(handshake() + text("early"));
  EXPECT_EQ(take_events(), (Words{"open", "text early"}));
}

TEST_F(ServerTest, LeavesFramesAloneThatFollowARefusedHandshake) {
  start();
  auto peer = connect();
  peer->send(handshake("Origin: http://evil.example\r\n") + text("early"));
  EXPECT_EQ(take_events(), (Words{"fail", "release"}));
  EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 403");
  EXPECT_TRUE(peer->saw_end());
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("origins"), std::string::npos) << log[0];
}

TEST_F(ServerTest, SaysNothingOfAConnectionThatNeverSentAByte) {
  start();
  auto ends = connect();
  ends->finish();
  auto waits = connect();
  advance(5.1);
  EXPECT_TRUE(waits->saw_end());
  EXPECT_EQ(waits->take(), "");
  EXPECT_EQ(take_events(), Words{});
  EXPECT_EQ(log, Words{});
}

TEST_F(ServerTest, FailsAHandshakeThatIsNotCompleteInTime) {
  start();
  auto peer = connect();
  peer->send("GET / HTTP/1.1\r\n");
  advance(4.9);
  EXPECT_EQ(take_events(), Words{});
  advance(0.2);
  EXPECT_EQ(take_events(), (Words{"fail", "release"}));
  EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 408");
}

TEST_F(ServerTest, ReportsAnEndWithoutCloseAs1006) {
  start();
  auto finishes = open();
  finishes->finish();
  auto resets = open();
  resets->reset();
  EXPECT_EQ(take_events(),
            (Words{"open", "close 1006", "release", "open", "close 1006", "release"}));
}

TEST_F(ServerTest, SendsOneWriteForATurn) {
  start();
  on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
    EXPECT_TRUE(*connection.send(data, opcode));
  };
  auto peer = open();
  const std::size_t before = loop->operations();
  std::string sixteen, expected;
  for (int i = 0; i < 16; ++i) {
    sixteen += text("m" + std::to_string(i));
    expected += server_frame(FrameOpcode::text, "m" + std::to_string(i));
  }
  peer->send(sixteen);
  EXPECT_EQ(peer->take(), expected);
  EXPECT_EQ(loop->operations() - before, 2u);  // a read and a write
}

TEST_F(ServerTest, ClosesByTheClosingHandshake) {
  start();
  auto peer = open();
  EXPECT_TRUE(*connections[0]->close(static_cast<CloseCode>(4000), "enough"));
  EXPECT_FALSE(*connections[0]->close());
  EXPECT_FALSE(*connections[0]->send("late"));
  loop->run_until_idle();
  EXPECT_EQ(peer->take(), close_frame(4000, "enough"));
  peer->send(text("crosses"));
  EXPECT_FALSE(peer->saw_end());
  peer->send(client_close(4000));
  EXPECT_EQ(take_events(), (Words{"open", "close 4000 clean", "release"}));
  EXPECT_TRUE(peer->saw_end());
}

TEST_F(ServerTest, DoesNotWaitForeverForThePeersClose) {
  start();
  auto peer = open();
  EXPECT_TRUE(*connections[0]->close());
  advance(4.9);
  EXPECT_EQ(take_events(), Words{"open"});
  advance(0.2);
  EXPECT_EQ(take_events(), (Words{"close 1006", "release"}));
}

TEST_F(ServerTest, SendsLargeMessagesInOrderToASlowPeer) {
  start();
  auto peer = open();
  peer->set_window(1000);
  std::string expected;
  for (char c = 'a'; c <= 'e'; ++c) {
    EXPECT_TRUE(*connections[0]->send(std::string(100'000, c), Opcode::binary));
    expected += server_message(FrameOpcode::binary, std::string(100'000, c));
  }
  std::string got;
  loop->run_until_idle();
  for (std::string part = peer->take(); !part.empty(); part = peer->take()) {
    got += part;
    loop->run_until_idle();
  }
  EXPECT_TRUE(got == expected);
  EXPECT_EQ(connections[0]->queued_bytes(), 0u);
}

TEST_F(ServerTest, ClosesWith1013WhenThePeerReadsTooSlowly) {
  ServerOptions options;
  options.max_queued_bytes = 200'000;
  start(options);
  auto peer = open();
  peer->set_window(100);
  EXPECT_TRUE(*connections[0]->send(std::string(150'000, 'a'), Opcode::binary));
  loop->run_until_idle();
  EXPECT_TRUE(*connections[0]->send("kept in order", Opcode::binary));
  EXPECT_FALSE(*connections[0]->send(std::string(150'000, 'b'), Opcode::binary));
  loop->run_until_idle();
  EXPECT_EQ(take_events(), (Words{"open", "close 1013", "release"}));
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(core->info().dropped, 3u);
  std::string got;
  for (std::string part = peer->take(); !part.empty(); part = peer->take()) {
    got += part;
    loop->run_until_idle();
  }
  const std::string fragment =
      server_frame(FrameOpcode::binary, std::string(protocol::Fragments::most, 'a'), false);
  EXPECT_TRUE(got.starts_with(fragment));
  EXPECT_EQ(got.substr(fragment.size(), 4),
            close_frame(1013).substr(0, 1) + got.substr(fragment.size() + 1, 1) + "\x03\xF5");
}

TEST_F(ServerTest, RefusesAMessageThatCouldNeverBeQueued) {
  ServerOptions options;
  options.max_queued_bytes = 10;
  start(options);
  auto peer = open();
  const auto sent = connections[0]->send("12345678901");
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::too_large);
  EXPECT_TRUE(*connections[0]->send("1234567890"));
}

TEST_F(ServerTest, MeasuresTheRoundTripAndDropsASilentPeer) {
  start();
  auto peer = open();
  advance(20.1);
  const std::string ping = peer->take();
  ASSERT_EQ(ping.size(), 10u);
  EXPECT_EQ(ping[0], '\x89');
  advance(0.25);
  peer->send(client_frame(FrameOpcode::pong, ping.substr(2)));
  ASSERT_TRUE(connections[0]->round_trip_time().has_value());
  EXPECT_NEAR(connections[0]->round_trip_time()->count(), 0.25, 0.11);
  advance(20);
  EXPECT_EQ(peer->take().size(), 10u);
  advance(20.1);
  EXPECT_EQ(take_events(), (Words{"open", "close 1006", "release"}));
  EXPECT_TRUE(peer->saw_reset());
}

TEST_F(ServerTest, TakesAnyByteForASignOfLife) {
  start();
  auto peer = open();
  advance(20.1);
  peer->send(text("busy"));
  advance(20.1);
  EXPECT_EQ(take_events(), (Words{"open", "text busy"}));
  advance(20.1);
  EXPECT_EQ(take_events(), (Words{"close 1006", "release"}));
}

TEST_F(ServerTest, AnswersOnlyTheLatestPingOfAPeerThatDoesNotRead) {
  start();
  auto peer = open();
  peer->set_window(10);
  const std::string message(100'000, 'x');
  EXPECT_TRUE(*connections[0]->send(message));
  loop->run_until_idle();
  for (int i = 0; i < 1000; ++i) peer->send(client_frame(FrameOpcode::ping, std::to_string(i)));
  std::string got;
  for (std::string part = peer->take(); !part.empty(); part = peer->take()) {
    got += part;
    loop->run_until_idle();
  }
  const std::string pong = server_frame(FrameOpcode::pong, "999");
  ASSERT_NE(got.find(pong), std::string::npos);
  EXPECT_TRUE(got.erase(got.find(pong), pong.size()) == server_message(FrameOpcode::text, message));
}

TEST_F(ServerTest, BroadcastsToOpenConnectionsThatAreNotInAMessage) {
  start();
  auto first = open(), second = open(), third = open();
  EXPECT_TRUE(*connections[1]->send("part", Opcode::text, {.fin = false}));
  auto arriving = connect();
  EXPECT_EQ(*core->broadcast("all", Opcode::text, {}), 2u);
  loop->run_until_idle();
  EXPECT_EQ(first->take(), server_frame(FrameOpcode::text, "all"));
  EXPECT_EQ(second->take(), server_frame(FrameOpcode::text, "part", false));
  EXPECT_EQ(third->take(), server_frame(FrameOpcode::text, "all"));
  EXPECT_EQ(arriving->take(), "");
  EXPECT_FALSE(core->broadcast("\xFF", Opcode::text, {}));
}

TEST_F(ServerTest, AnswersHttpWithKeepAliveAndPipelining) {
  start();
  on_http = [](Connection& connection, const HttpRequest& request) {
    EXPECT_TRUE(*connection.respond({200, "at " + std::string(request.resource), {}}));
  };
  auto peer = connect();
  peer->send(
      "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /b HTTP/1.1\r\nHost: localhost\r\n\r\n");
  loop->run_until_idle();
  const std::string answers = peer->take();
  EXPECT_LT(answers.find("at /a"), answers.find("at /b"));
  EXPECT_EQ(take_events(), (Words{"http GET /a", "http GET /b"}));
  EXPECT_FALSE(peer->saw_end());
  advance(15.1);
  EXPECT_TRUE(peer->saw_end());
  peer->finish();
  EXPECT_EQ(take_events(), Words{"release"});
}

TEST_F(ServerTest, HoldsPipelinedRequestsBackBehindAnAnswerThatComesLater) {
  start();
  Connection* asking = nullptr;
  on_http = [&](Connection& connection, const HttpRequest&) { asking = &connection; };
  auto peer = connect();
  peer->send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n" + handshake());
  EXPECT_EQ(take_events(), Words{"http GET /a"});
  EXPECT_FALSE(peer->is_read());
  EXPECT_TRUE(*asking->respond({200, "late", {}}));
  EXPECT_FALSE(*asking->respond({200, "twice", {}}));
  loop->run_until_idle();
  EXPECT_EQ(take_events(), Words{"open"});
  EXPECT_TRUE(peer->is_read());
}

TEST_F(ServerTest, AnswersWith500WhatCannotBeSentOrIsThrown) {
  start();
  on_http = [](Connection& connection, const HttpRequest& request) {
    if (request.resource == "/throw") throw std::runtime_error("oops");
    EXPECT_FALSE(connection.respond({200, "", {{"X", "a\r\nSet-Cookie: b"}}}));
  };
  for (const char* target : {"/throw", "/smuggle"}) {
    auto peer = connect();
    peer->send("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 500") << target;
  }
  EXPECT_EQ(log.size(), 2u);
}

TEST_F(ServerTest, RefusesWithRetryAfterWhenFull) {
  ServerOptions options;
  options.max_connections = 1;
  start(options);
  auto first = open();
  auto second = connect();
  second->send(handshake());
  const std::string answer = second->take();
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 503");
  EXPECT_NE(answer.find("Retry-After"), std::string::npos);
  EXPECT_EQ(take_events(), (Words{"open", "fail", "release"}));
  first->send(client_close(1000));
  first->finish();
  second->finish();
  auto third = open();
}

TEST_F(ServerTest, LimitsConnectionsPerAddress) {
  ServerOptions options;
  options.max_connections_per_address = 1;
  start(options);
  auto first = open();
  auto same = connect();
  same->send(handshake());
  EXPECT_EQ(same->take().substr(0, 12), "HTTP/1.1 503");
  auto other = loop->connect(test_port, {{127, 0, 0, 2}, 50000, false});
  other->send(handshake());
  EXPECT_EQ(other->take().substr(0, 12), "HTTP/1.1 101");
}

TEST_F(ServerTest, WhatAHandlerSendsOnAnotherServerLeavesAtOnce) {
  start();
  auto listening = open();
  Connection* const told = connections.front();
  ServerHandlers handlers;
  Connection* leaving = nullptr;
  handlers.open = [&](Connection& connection) { leaving = &connection; };
  handlers.close = [&](Connection&) { EXPECT_TRUE(*told->send("it has left")); };
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  ServerCore second(*turn_end, options, std::move(handlers));
  ASSERT_TRUE(second.listen(test_port + 1));
  auto peer = loop->connect(test_port + 1);
  peer->send(handshake());
  loop->post([&] { EXPECT_TRUE(*leaving->close_now(CloseCode::try_again_later)); });
  loop->run_until_idle();
  EXPECT_EQ(listening->take(), server_frame(protocol::FrameOpcode::text, "it has left"));
  second.stop(false);
  advance(10);
}

}  // namespace
}  // namespace simws::endpoint
