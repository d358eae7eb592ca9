// Lines that peers cause.
#include "endpoint/server_test_fixture.h"

#include <string>

namespace simws::endpoint {
namespace {

using namespace test;

class PeerLogTest : public ServerTest {
 protected:
  void refuse(int count) {
    for (int i = 0; i < count; ++i) {
      auto peer = connect();
      peer->send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
      EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 403");
      peer->finish();
    }
  }
};

TEST_F(PeerLogTest, AreTenASecondThenHowManyWereLeftOut) {
  start();
  refuse(25);
  EXPECT_EQ(log.size(), 10u);
  EXPECT_NE(log[0].find("127.0.0.1:50000: refused with 403"), std::string::npos);
  advance(0.9);
  EXPECT_EQ(log.size(), 10u);
  advance(0.2);
  ASSERT_EQ(log.size(), 11u) << "told though no line comes any more";
  EXPECT_EQ(log.back().substr(0, 14), "15 more lines ");
  advance(10);
  EXPECT_EQ(log.size(), 11u);
  EXPECT_EQ(core->info().refused, 25u) << "counted in any case";
}

TEST_F(PeerLogTest, GoOnAfterASecond) {
  start();
  refuse(10);
  advance(1.1);
  refuse(10);
  EXPECT_EQ(log.size(), 20u);
}

TEST_F(PeerLogTest, OfAnswersThatHaveNoRoomAreBoundedToo) {
  on_http = [](Connection& connection, const HttpRequest&) {
    EXPECT_TRUE(*connection.respond({200, std::string(2000, 'a'), {}}));
  };
  ServerOptions options;
  options.max_queued_bytes = options.max_total_queued_bytes = 1000;
  start(options);
  auto peer = connect();
  for (int i = 0; i < 20; ++i) peer->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(log.size(), 10u);
}

TEST_F(PeerLogTest, OfPeersThatDoNotReadAreBoundedToo) {
  on_message = [](Connection& connection, std::string_view, Opcode) {
    while (*connection.send(std::string(100, 'm'))) {
    }
  };
  ServerOptions options;
  options.max_queued_bytes = 1000;
  start(options);
  for (int i = 0; i < 20; ++i) open()->send(text("more"));
  EXPECT_EQ(count_of("close 1013"), 20);
  EXPECT_EQ(log.size(), 10u);
}

TEST_F(PeerLogTest, ASubprotocolThatNobodySpeaksIsALine) {
  Words info;
  ServerOptions options;
  options.subprotocols = {"v1.robot"};
  options.logger = [&](LogLevel level, std::string_view line) {
    if (level == LogLevel::info) info.emplace_back(line);
  };
  ServerCore server(*turn_end, std::move(options), {});
  ASSERT_TRUE(server.listen(test_port + 1));
  info.clear();
  for (const char* const asked : {"v1.robot", "v2.robot, v3.robot"}) {
    const auto peer = loop->connect(test_port + 1);
    peer->send(handshake("Sec-WebSocket-Protocol: " + std::string(asked) + "\r\n"));
    EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 101");
  }
  ASSERT_EQ(info.size(), 1u);
  EXPECT_NE(info[0].find("'v2.robot, v3.robot'"), std::string::npos) << info[0];
  server.stop(false);
  loop->run_until_idle();
}

}  // namespace
}  // namespace simws::endpoint
