// A client's attempts and its connection, against a server that the test plays.
#include "endpoint/client_test_fixture.h"

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

TEST_F(ClientTest, OpensAndTalks) {
  start({}, "ws://127.0.0.1:9000/robot?arm=1");
  ASSERT_EQ(visits.size(), 1u);
  EXPECT_EQ(state(), ClientState::connecting);
  EXPECT_EQ(visit().field("Host"), "127.0.0.1:9000");
  accept("Server: played\r\n");
  EXPECT_EQ(take_events(), Words{"open"});
  EXPECT_EQ(state(), ClientState::open);
  EXPECT_EQ(connection->info().request.find("server"), "played");
  EXPECT_EQ(connection->info().remote_address, "127.0.0.1:9000");

  EXPECT_TRUE(*core->send("hello", Opcode::text));
  run();
  const std::string sent = visit().take();
  ASSERT_EQ(sent.size(), 2 + 4 + 5u);
  EXPECT_EQ(sent[1] & 0x80, 0x80) << "masked";
  answer(server_frame(FrameOpcode::text, "there") + server_frame(FrameOpcode::binary, "bytes"));
  EXPECT_EQ(take_events(), (Words{"text there", "binary bytes"}));
  EXPECT_EQ(core->info().messages_out, 1u);
  EXPECT_EQ(core->info().messages_in, 2u);
}

TEST_F(ClientTest, ShowsThePathItAsksFor) {
  start({}, "ws://127.0.0.1:9000/robot?arm=1");
  EXPECT_EQ(visit().take().substr(0, 32), "GET /robot?arm=1 HTTP/1.1\r\nHost:");
}

TEST_F(ClientTest, FramesMayComeWithTheAnswer) {
  start();
  const std::string bytes = visit().acceptance() + server_frame(FrameOpcode::text, "first");
  answer(bytes);
  EXPECT_EQ(take_events(), (Words{"open", "text first"}));
}

TEST_F(ClientTest, TheAnswerMayComeByteByByte) {
  start();
  const std::string bytes = visit().acceptance() + server_frame(FrameOpcode::text, "first") +
                            server_frame(FrameOpcode::close, close_payload(1000));
  for (const char byte : bytes) answer(std::string(1, byte));
  EXPECT_EQ(take_events(), (Words{"open", "text first", "close 1000 clean", "release"}));
  EXPECT_EQ(state(), ClientState::closed);
}

TEST_F(ClientTest, ItMayCloseAndBeClosed) {
  start();
  accept();
  EXPECT_TRUE(*connection->close(CloseCode::normal, "bye"));
  run();
  answer(close_frame(1000, "bye"));
  EXPECT_EQ(take_events(), (Words{"open", "close 1000 clean", "release"}));
  EXPECT_FALSE(*core->send("late", Opcode::text));
  EXPECT_FALSE(core->send("\xFF", Opcode::text)) << "wrong all the same";
  EXPECT_EQ(core->connection(), nullptr);
}

TEST_F(ClientTest, AMaskedFrameOfTheServerEndsIt) {
  start();
  accept();
  answer(client_frame(FrameOpcode::text, "masked"));
  EXPECT_EQ(take_events(), (Words{"open", "close 1002", "release"}));
}

TEST_F(ClientTest, ASubprotocolIsTheOneThatTheServerChose) {
  ClientOptions options;
  options.subprotocols = {"v2", "v1"};
  start(options);
  EXPECT_EQ(visit().field("Sec-WebSocket-Protocol"), "v2, v1");
  accept("Sec-WebSocket-Protocol: v1\r\n");
  EXPECT_EQ(connection->info().subprotocol, "v1");
}

struct BadAnswer {
  const char* answer;
  const char* reason;
};

constexpr BadAnswer bad_answers[] = {
    {"HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\nno robot", "404 Not Found: 'no robot'"},
    {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "it serves no WebSocket at this path"},
    {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "the server's answer can't be used"},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
     "doesn't belong to this handshake's key"},
    {"HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/\r\n\r\n", "ftp"},
};

TEST_F(ClientTest, WhatDoesNotOpenFailsInWords) {
  for (const auto& [bytes, reason] : bad_answers) {
    SCOPED_TRACE(bytes);
    start();
    answer(bytes);
    const Words told = take_events();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_NE(told[0].find(reason), std::string::npos) << told[0];
    EXPECT_EQ(told[1], "release");
    EXPECT_TRUE(visit().saw_end());
    EXPECT_EQ(state(), ClientState::closed);
    EXPECT_EQ(log.back().substr(0, 46), "ws://127.0.0.1:9000/ could not be reached: the");
  }
}

TEST_F(ClientTest, AnAnswerThatEndsAmidItsHeadFails) {
  start();
  answer("HTTP/1.1 101 Swi");
  visit().finish();
  run();
  EXPECT_EQ(take_events(),
            (Words{"fail: the server closed the connection before it answered", "release"}));
}

TEST_F(ClientTest, ConnectTimeoutBoundsAllOfIt) {
  start();
  advance(9.9);
  EXPECT_EQ(take_events(), Words{});
  advance(0.2);
  EXPECT_EQ(take_events(), (Words{"fail: no answer came within connectTimeout", "release"}));
  EXPECT_TRUE(visit().saw_end());
  loop->set_slow_name("slow.example");
  start({}, "ws://slow.example/");
  advance(10.1);
  EXPECT_EQ(take_events(),
            (Words{"fail: no connection came about within connectTimeout", "release"}));
}

TEST_F(ClientTest, AnAnswerCutByTheTimeoutSaysWhatCame) {
  start();
  answer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\nbusy\n");
  advance(10.1);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0], "fail: the server answered 503 Service Unavailable: 'busy'");
}

TEST_F(ClientTest, AnUnknownNameAndAClosedPortFail) {
  start({}, "ws://nowhere.example/");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(take_events()[0].substr(0, 60),
            "fail: the name 'nowhere.example' could not be looked up: Nam");
  start({}, "ws://127.0.0.1:9999/");
  EXPECT_EQ(take_events()[0].substr(0, 44), "fail: could not connect to 127.0.0.1:9999: C");
}

TEST_F(ClientTest, RedirectsAreFollowed) {
  listen(9001);
  ClientOptions options;
  options.headers = {{"Cookie", "secret"}, {"X-Robot", "1"}};
  start(options);
  EXPECT_EQ(visit().field("Cookie"), "secret");
  answer("HTTP/1.1 302 Found\r\nLocation: /moved\r\n\r\n");
  ASSERT_EQ(visits.size(), 2u);
  EXPECT_TRUE(visits[0]->saw_end());
  EXPECT_EQ(visit().field("Cookie"), "secret") << "the same origin";
  answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: ws://127.0.0.1:9001/there\r\n\r\n");
  ASSERT_EQ(visits.size(), 3u);
  EXPECT_EQ(visit().field("Cookie"), "");
  EXPECT_EQ(visit().field("X-Robot"), "1");
  EXPECT_NE(visits[1]->field("Sec-WebSocket-Key"), visit().field("Sec-WebSocket-Key"));
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
}

TEST_F(ClientTest, RedirectsHaveAnEnd) {
  start();
  for (int i = 0; i < 10; ++i) answer("HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n");
  EXPECT_EQ(visits.size(), 6u);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_NE(events[0].find("one more than maxRedirects"), std::string::npos);
}

TEST_F(ClientTest, AProxyIsAskedForATunnel) {
  listen(3128);
  ClientOptions options;
  options.proxy = "http://me:word@127.0.0.1:3128";
  start(options, "ws://lab.example/arm");
  EXPECT_EQ(visit().field("Host"), "lab.example:80");
  EXPECT_EQ(visit().field("Proxy-Authorization"), "Basic bWU6d29yZA==");
  EXPECT_EQ(visit().take().substr(0, 39), "CONNECT lab.example:80 HTTP/1.1\r\nHost: ");
  answer("HTTP/1.1 200 Connection established\r\n\r\n");
  EXPECT_EQ(visit().field("Host"), "lab.example");
  EXPECT_EQ(visit().field("Proxy-Authorization"), "");
  accept();
  EXPECT_EQ(take_events(), Words{"open"});

  start(options, "ws://lab.example/arm");
  answer("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].substr(0, 28), "fail: the proxy answered 407");
}

TEST_F(ClientTest, PingsAreSentAndAnswered) {
  start();
  accept();
  advance(20.1);
  const std::string ping = visit().take();
  ASSERT_EQ(ping.size(), 2 + 4 + 8u);
  EXPECT_EQ(ping[0], '\x89');
  advance(20.1);
  EXPECT_EQ(take_events(), (Words{"open", "close 1006", "release"}));
}

TEST_F(ClientTest, MoreThanMayWaitClosesWith1013) {
  ClientOptions options = reconnecting();
  options.max_queued_bytes = 100'000;
  start(options);
  accept();
  for (int i = 0; i < 50; ++i) (void)core->send(std::string(90'000, 'x'), Opcode::binary);
  run();
  EXPECT_EQ(take_events(), (Words{"open", "close 1013", "release"}));
  EXPECT_EQ(state(), ClientState::waiting) << "1013 is worth another attempt";
  EXPECT_GT(core->info().dropped, 0u);
}

TEST_F(ClientTest, DisconnectTellsTheEndAndSendsWhatWaits) {
  start();
  accept();
  (void)core->send("last", Opcode::text);
  core->stop(true);
  EXPECT_EQ(take_events(), (Words{"open", "close 1000", "release"}));
  EXPECT_EQ(state(), ClientState::closed);
  bool finished = false;
  core->on_finished([&] { finished = true; });
  run();
  EXPECT_EQ(visit().take().size(), 6 + 4 + 6 + 2u) << "the message and the Close";
  answer(close_frame(1000));
  visit().finish();
  run();
  EXPECT_TRUE(finished);
  EXPECT_EQ(take_events(), Words{});
}

TEST_F(ClientTest, DisconnectWhileConnectingTellsNothing) {
  start();
  core->stop(true);
  run();
  EXPECT_TRUE(visit().saw_end());
  start();
  loop->set_slow_name("slow.example");
  start({}, "ws://slow.example/");
  core->stop(true);
  advance(60);
  EXPECT_EQ(take_events(), Words{});
  EXPECT_EQ(core->info().attempts, 1u);
}

TEST_F(ClientTest, EachHandlerMayDisconnect) {
  for (const char* which : {"open", "fail", "close", "message"}) {
    SCOPED_TRACE(which);
    const auto stops = [&](const char* name) {
      return [this, stop = std::string_view(which) == name](auto&&...) {
        if (stop) core->stop(true);
      };
    };
    on_open = stops("open");
    on_fail = stops("fail");
    on_close = stops("close");
    on_message = stops("message");
    for (const bool opens : {false, true}) {
      start(reconnecting());
      if (opens) {
        accept();
        answer(server_frame(FrameOpcode::text, "a") + server_frame(FrameOpcode::text, "b") +
               close_frame(1001));
      } else {
        answer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
      }
      advance(0.5);
      const Words told = take_events();
      EXPECT_EQ(std::ranges::count(told, "release"), 1);
      core->stop(true);
      advance(60);
      EXPECT_EQ(take_events(), Words{});
      EXPECT_EQ(core->group().gate().total(), 0u);
      EXPECT_EQ(core->info().queued_bytes, 0u);
    }
  }
}

TEST_F(ClientTest, SurvivesTheFailureOfEachOperation) {
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    visits.clear();
    start();
    core->stop(false);
    run();
    take_events();
    visits.clear();
    loop->fail_operation(n);
    const std::size_t before = loop->operations();
    start();
    if (!visits.empty()) {
      accept();
      (void)core->send("hello", Opcode::text);
      run();
      answer(server_frame(FrameOpcode::text, "there") + close_frame(1000));
    }
    advance(60);
    const std::size_t count = loop->operations() - before;
    loop->fail_operation(0);
    const Words told = take_events();
    const bool opened = std::ranges::count(told, "open") == 1;
    EXPECT_EQ(std::ranges::count(told, "release"), 1) << "either open or fail, once";
    EXPECT_EQ(std::ranges::count_if(told, [](const auto& e) { return e.starts_with("close"); }),
              opened ? 1 : 0);
    EXPECT_EQ(state(), ClientState::closed);
    if (n > count) break;
  }
}

}  // namespace
}  // namespace simws::endpoint
