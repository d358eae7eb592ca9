// How long a connection stays that is owed nothing any more, and one that is.
#include "endpoint/server_test_fixture.h"

#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;

class LingerTest : public ServerTest {
 protected:
  void serve() {
    on_http = [](Connection& connection, const HttpRequest&) {
      (void)connection.respond({200, "answer", {}});
    };
    start();
    core->on_finished([this] { is_finished = true; });
  }

  // The server, which is stopped now, has finished in so many seconds, and not much sooner.
  void expect_finished_in(double seconds) {
    advance(seconds - 0.02);
    EXPECT_FALSE(is_finished);
    advance(0.04);
    EXPECT_TRUE(is_finished);
  }

  const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  bool is_finished = false;
};

TEST_F(LingerTest, IdleHttpIsFinishedAtOnceAndClosedSoonAfterAStop) {
  serve();
  auto peer = connect();
  peer->send(get);
  core->stop(true);
  loop->run_until_idle();
  EXPECT_TRUE(peer->take().ends_with("answer"));
  EXPECT_TRUE(peer->saw_end());
  expect_finished_in(0.3);
  EXPECT_FALSE(peer->saw_reset());
}

TEST_F(LingerTest, SoIsAConnectionThatNeverSentAByte) {
  serve();
  auto peer = connect();
  loop->run_until_idle();
  core->stop(true);
  loop->run_until_idle();
  EXPECT_TRUE(peer->saw_end());
  expect_finished_in(0.3);
}

TEST_F(LingerTest, SoIsOneThatHasAnsweredTheClose) {
  serve();
  auto peer = open();
  core->stop(true);
  advance(2);
  EXPECT_FALSE(peer->saw_end()) << "its Close is awaited";
  peer->send(client_close(1001));
  EXPECT_TRUE(peer->saw_end());
  expect_finished_in(0.3);
}

TEST_F(LingerTest, SoIsOneThatLeftBeforeTheStop) {
  serve();
  auto peer = open();
  peer->send(client_close(1000));
  advance(1);
  EXPECT_FALSE(is_finished);
  core->stop(true);
  expect_finished_in(0.3);
}

TEST_F(LingerTest, ThePeersEndIsEnough) {
  serve();
  auto idle = connect(), silent = connect(), opened = open();
  idle->send(get);
  core->stop(true);
  opened->send(client_close(1001));
  for (auto* const peer : {idle.get(), silent.get(), opened.get()}) peer->finish();
  loop->run_until_idle();
  EXPECT_TRUE(is_finished);
}

TEST_F(LingerTest, AnUnansweredCloseIsAwaitedUntilCloseTimeout) {
  serve();
  const auto peer = open();
  core->stop(true);
  expect_finished_in(5);
}

TEST_F(LingerTest, WhatIsQueuedIsOwedUntilCloseTimeout) {
  serve();
  auto peer = connect();
  peer->set_window(0);
  peer->send(get);
  core->stop(true);
  advance(4);
  EXPECT_FALSE(is_finished);
  peer->set_window(100'000);
  EXPECT_TRUE(peer->take().ends_with("answer"));
  EXPECT_TRUE(peer->saw_end());
  expect_finished_in(0.3);
}

TEST_F(LingerTest, WhatNobodyReadsIsDroppedAtCloseTimeout) {
  serve();
  auto peer = connect();
  peer->set_window(0);
  peer->send(get);
  core->stop(true);
  expect_finished_in(5);
  EXPECT_TRUE(peer->saw_reset());
}

TEST_F(LingerTest, WhileTheServerRunsThePeerHasUntilCloseTimeout) {
  serve();
  auto peer = connect();
  peer->send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(peer->take().ends_with("answer"));
  EXPECT_TRUE(peer->saw_end());
  advance(4.9);
  EXPECT_EQ(count_of("release"), 0);
  advance(0.2);
  EXPECT_EQ(count_of("release"), 1);
}

TEST_F(LingerTest, ARefusedBodyIsReadOverThatStillComes) {
  serve();
  auto peer = connect();
  peer->send("POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 403");
  EXPECT_TRUE(peer->saw_end());
  for (int i = 0; i < 10; ++i) {
    peer->send(std::string(100'000, 'b'));
    EXPECT_TRUE(peer->is_read());
    advance(0.1);
  }
  EXPECT_FALSE(peer->saw_reset());
  EXPECT_EQ(core->group().gate().total(), 0u);
}

}  // namespace
}  // namespace simws::endpoint
