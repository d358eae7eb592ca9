// How a server stops, and that it may be stopped at any time.
#include "endpoint/server_test_fixture.h"

#include <algorithm>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

TEST_F(ServerTest, StopSendsWhatIsQueuedThenClosesWith1001) {
  start();
  auto peer = open();
  EXPECT_TRUE(*connections[0]->send("last words"));
  core->stop(true);
  EXPECT_EQ(take_events(), (Words{"open", "close 1001", "release"}));
  EXPECT_EQ(connect(), nullptr) << "the port is free at once";
  loop->run_until_idle();
  EXPECT_EQ(peer->take(), server_frame(FrameOpcode::text, "last words") + close_frame(1001));
  peer->send(client_close(1001));
  EXPECT_TRUE(peer->saw_end());
  peer->finish();
  EXPECT_EQ(take_events(), Words{});
}

TEST_F(ServerTest, StopGivesAPeerThatDoesNotAnswerUntilCloseTimeout) {
  start();
  bool finished = false;
  core->on_finished([&] { finished = true; });
  auto peer = open();
  core->stop(true);
  advance(4.9);
  EXPECT_FALSE(finished);
  advance(0.2);
  EXPECT_TRUE(finished);
}

TEST_F(ServerTest, StopWaitsForNobodyThatIsHeldUp) {
  ServerOptions options;
  options.max_pending_bytes = 4000;
  start(options);
  hold_messages();
  auto flood = open(), other = open(), arriving = connect();
  flood->send(text(std::string(5000, 'x')));
  bool is_finished = false;
  core->on_finished([&] { is_finished = true; });
  core->stop(false);
  for (auto* const peer : {flood.get(), other.get()}) {
    peer->send(client_close(1001));
    peer->finish();
  }
  arriving->finish();
  loop->run_until_idle();
  EXPECT_TRUE(is_finished);
}

TEST_F(ServerTest, StopIsFinishedOnce) {
  Connection* last = nullptr;
  on_http = [&](Connection& connection, const HttpRequest&) { last = &connection; };
  start();
  auto peer = connect();
  peer->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  int finished = 0;
  loop->post([&] {  // it ends in the turn of the stop
    static_cast<AcceptedConnection*>(last)->channel()->close();
    core->stop(false);
    core->on_finished([&] { ++finished; });
  });
  loop->run_until_idle();
  EXPECT_EQ(finished, 1);
}

TEST_F(ServerTest, StopLeavesOutTheHandlersWhenAsked) {
  start();
  auto peer = open();
  core->stop(false);
  EXPECT_EQ(take_events(), (Words{"open", "release"}));
}

TEST_F(ServerTest, StopInsideEachHandlerIsSurvived) {
  const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string wicked = handshake("Origin: http://evil.example\r\n");
  const struct {
    const char* handler;
    std::string input;
    Words expected;
  } cases[] = {
      {"open", handshake() + text("a"), {"open", "close 1001", "release"}},
      {"message", handshake() + text("a") + text("b"), {"open", "text a", "close 1001", "release"}},
      {"close", handshake() + client_close(1000), {"open", "close 1000 clean", "release"}},
      {"fail", wicked, {"fail", "release"}},
      {"http", request + request, {"http GET /", "release"}},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.handler);
    const std::string name = each.handler;
    on_open = [&](Connection&) {
      if (name == "open") core->stop(true);
    };
    on_message = [&](Connection&, std::string_view, Opcode) {
      if (name == "message") core->stop(true);
    };
    on_close = [&](Connection&) {
      if (name == "close") core->stop(true);
    };
    on_fail = [&](Connection&) {
      if (name == "fail") core->stop(true);
    };
    on_http = [&](Connection& connection, const HttpRequest&) {
      core->stop(true);
      EXPECT_TRUE(*connection.respond({200, "still answered", {}}));
    };
    start();
    auto peer = connect();
    peer->send(each.input);
    loop->run_until_idle();
    EXPECT_EQ(take_events(), each.expected);
    if (name == "http") {
      const std::string answer = peer->take();
      EXPECT_NE(answer.find("still answered"), std::string::npos);
      EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    }
    peer->finish();
    core.reset();
  }
}

TEST_F(ServerTest, StopInsideACloseHandlerOfStopDoesNothingMore) {
  start();
  auto first = open(), second = open();
  on_close = [this](Connection&) { core->stop(true); };
  core->stop(true);
  EXPECT_EQ(take_events(),
            (Words{"open", "open", "close 1001", "release", "close 1001", "release"}));
}

TEST_F(ServerTest, SurvivesTheFailureOfEachOperation) {
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    turn_end.reset();
    loop = transport::MemoryLoop::make();
    turn_end = std::make_unique<TurnEnd>(*loop);
    start();
    on_open = [](Connection& connection) { (void)connection.send("welcome"); };
    on_message = [this](Connection& connection, std::string_view data, Opcode opcode) {
      (void)connection.send(data, opcode);
      (void)core->broadcast("all", Opcode::text, {});
    };
    on_http = [](Connection& connection, const HttpRequest&) { (void)connection.respond({}); };
    const std::size_t before = loop->operations();
    loop->fail_operation(n);
    auto web = connect();
    web->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    auto first = connect();
    first->send(handshake());
    auto second = connect();
    second->send(handshake());
    first->send(text("hello"));
    advance(20.1);
    second->send(client_close(1000));
    core->stop(true);
    advance(10);
    const std::size_t used = loop->operations() - before;
    const auto count = [this](std::string_view prefix) {
      return std::ranges::count_if(events,
                                   [&](const std::string& e) { return e.starts_with(prefix); });
    };
    EXPECT_EQ(count("open"), count("close")) << "each that opened has closed";
    EXPECT_LE(count("open") + count("fail"), 2);
    EXPECT_EQ(core->info().queued_bytes, 0u);
    EXPECT_EQ(core->info().connections, 0u);
    core.reset();
    connections.clear();
    events.clear();
    if (n > used) break;
  }
}

}  // namespace
}  // namespace simws::endpoint
