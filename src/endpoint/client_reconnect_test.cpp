// When a client tries again, and what it keeps meanwhile.
#include "endpoint/client_test_fixture.h"

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

class ClientReconnectTest : public ClientTest {
 protected:
  // Whether another attempt follows within so many seconds.
  bool tries_within(double seconds) {
    const std::size_t before = visits.size();
    advance(seconds);
    return visits.size() > before;
  }
  void lose() {
    visit().reset();
    run();
  }
};

TEST_F(ClientReconnectTest, WithoutTheOptionLostIsLost) {
  start();
  accept();
  lose();
  EXPECT_EQ(take_events(), (Words{"open", "close 1006", "release"}));
  EXPECT_FALSE(tries_within(1000));
}

TEST_F(ClientReconnectTest, TheDelayGrowsAndIsReset) {
  start(reconnecting(1, 4));
  accept();
  for (const double delay : {1, 2, 4, 4}) {
    lose();
    EXPECT_TRUE(core->info().next_attempt);
    EXPECT_FALSE(tries_within(delay - 0.1));
    EXPECT_TRUE(tries_within(0.2));
    accept();
  }
  advance(4.1);
  lose();
  EXPECT_TRUE(tries_within(1.1)) << "it was open for as long as max";
  EXPECT_EQ(core->info().attempts, 6u);
}

TEST_F(ClientReconnectTest, EachAttemptIsAConnectionOfItsOwn) {
  start(reconnecting());
  answer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  advance(1.1);
  accept();
  answer(close_frame(1001));
  advance(2.1);
  accept();
  EXPECT_EQ(take_events(), (Words{"fail: the server answered 503 Service Unavailable", "release",
                                  "open", "close 1001 clean", "release", "open"}));
}

TEST_F(ClientReconnectTest, WhatAnotherAttemptWontChangeIsNotRetried) {
  for (const char* status : {"400 Bad Request", "401 Unauthorized", "403 Forbidden", "410 Gone"}) {
    SCOPED_TRACE(status);
    start(reconnecting());
    answer("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(state(), ClientState::closed);
    EXPECT_FALSE(tries_within(100));
  }
  for (const int code : {1000, 1002, 1003, 1007, 1008, 1009, 3000, 4999}) {
    SCOPED_TRACE(code);
    start(reconnecting());
    accept();
    answer(close_frame(code));
    EXPECT_FALSE(tries_within(100));
  }
}

TEST_F(ClientReconnectTest, WhatMayChangeIs) {
  for (const char* status : {"408 Request Timeout", "429 Too Many Requests", "502 Bad Gateway"}) {
    SCOPED_TRACE(status);
    start(reconnecting());
    answer("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(tries_within(1.1));
  }
  for (const int code : {1001, 1011, 1012, 1013, 1014}) {
    SCOPED_TRACE(code);
    start(reconnecting());
    accept();
    answer(close_frame(code));
    EXPECT_TRUE(tries_within(1.1));
  }
  start(reconnecting());
  accept();
  answer(server_frame(FrameOpcode::close, ""));
  EXPECT_TRUE(tries_within(1.1)) << "1005";
}

TEST_F(ClientReconnectTest, ACloseByTheScriptIsTheEnd) {
  start(reconnecting());
  accept();
  (void)connection->close(CloseCode::going_away, {});
  run();
  answer(close_frame(1001));
  EXPECT_EQ(state(), ClientState::closed);
  EXPECT_FALSE(tries_within(100));
}

TEST_F(ClientReconnectTest, RetryAfterIsWaitedFor) {
  start(reconnecting(1, 8));
  answer("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n");
  EXPECT_FALSE(tries_within(4.9));
  EXPECT_TRUE(tries_within(0.2));
  answer("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 500\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(tries_within(8.1)) << "max at most";
}

TEST_F(ClientReconnectTest, AttemptsHaveAnEnd) {
  ClientOptions options = reconnecting();
  options.reconnect->attempts = 2;
  start(options);
  lose();
  advance(1.1);
  lose();
  advance(2.1);
  lose();
  EXPECT_EQ(state(), ClientState::closed);
  EXPECT_EQ(visits.size(), 3u);
  EXPECT_FALSE(tries_within(100));
}

TEST_F(ClientReconnectTest, TheJitterSpreadsThem) {
  ClientOptions options = reconnecting(10, 10);
  options.reconnect->jitter = 0.5;
  start(options);
  std::vector<double> delays;
  for (int i = 0; i < 20; ++i) {
    const Time before = loop->now();
    lose();
    while (!tries_within(0.01)) {
    }
    delays.push_back(Seconds(loop->now() - before).count());
  }
  const auto [least, most] = std::ranges::minmax(delays);
  EXPECT_GE(least, 5);
  EXPECT_LE(most, 15.1);
  EXPECT_GT(most - least, 2);
}

TEST_F(ClientReconnectTest, OneLineWhenItBeginsAndOneWhenItEnds) {
  start(reconnecting(1, 1));
  for (int i = 0; i < 5; ++i) {
    lose();
    advance(1.1);
  }
  accept();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_NE(log[0].find("could not be reached: the server was lost before it answered"),
            std::string::npos);
  EXPECT_NE(log[0].find("; next attempt in 1.0 s"), std::string::npos) << log[0];
  EXPECT_EQ(log[1], "connected to ws://127.0.0.1:9000/ again");
}

TEST_F(ClientReconnectTest, ALineNeverSaysThatTheNextAttemptIsInNoTime) {
  start(reconnecting(0.01, 0.01));
  lose();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("; next attempt in 0.1 s"), std::string::npos) << log[0];
}

TEST_F(ClientReconnectTest, KeepQueueSendsAfterTheNextOpenHandler) {
  ClientOptions options = reconnecting();
  options.keep_queue = true;
  on_open = [](Connection& opened) { (void)opened.send("hello"); };
  start(options);
  EXPECT_TRUE(*core->send("before", Opcode::text));
  EXPECT_EQ(core->info().queued_bytes, 6 + protocol::KeptMessages::overhead);
  EXPECT_FALSE(*core->send("part", Opcode::text, {.fin = false})) << "whole messages only";
  EXPECT_FALSE(core->send("\xFF", Opcode::text));
  accept();
  EXPECT_EQ(core->info().messages_out, 2u);
  EXPECT_EQ(visit().take().size(), (6 + 5) + (6 + 6u));
  lose();
  EXPECT_TRUE(*core->send("one", Opcode::text));
  EXPECT_TRUE(*core->send("two", Opcode::binary));
  advance(1.1);
  accept();
  EXPECT_EQ(core->info().messages_out, 5u);
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

TEST_F(ClientReconnectTest, KeptMessagesHaveABound) {
  ClientOptions options = reconnecting();
  options.keep_queue = true;
  options.max_queued_bytes = 1000;
  start(options);
  int kept = 0;
  while (*core->send(std::string(100, 'x'), Opcode::text)) ++kept;
  EXPECT_EQ(kept, 6);
  EXPECT_FALSE(*core->send("y", Opcode::text) && *core->send("y", Opcode::text));
  EXPECT_GT(core->info().dropped, 0u);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("maxQueuedBytes, 1000"), std::string::npos);
}

TEST_F(ClientReconnectTest, WhatIsKeptForNothingIsDropped) {
  ClientOptions options = reconnecting();
  options.keep_queue = true;
  start(options);
  EXPECT_TRUE(*core->send("one", Opcode::text));
  answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(core->info().dropped, 1u);
  EXPECT_FALSE(*core->send("two", Opcode::text));
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

}  // namespace
}  // namespace simws::endpoint
