// max_total_queued_bytes: who makes room when more waits to be sent than may in all.
#include "endpoint/server_test_fixture.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;

constexpr std::size_t most_queued = 10'000;
constexpr std::size_t most_in_all = 20'000;

class TotalBoundTest : public ServerTest {
 protected:
  using Peer = std::unique_ptr<transport::MemoryPeer>;

  void start_bound() {
    ServerOptions options;
    options.max_queued_bytes = most_queued;
    options.max_total_queued_bytes = most_in_all;
    options.ping_interval = Seconds{0};
    start(std::move(options));
  }

  // A client that reads nothing.
  Peer open_stuck() {
    Peer peer = open();
    peer->set_window(0);
    return peer;
  }
  // Asks and takes only the beginning of the answer.
  Peer ask_stuck() {
    Peer peer = connect();
    peer->set_window(100);
    peer->send(get);
    return peer;
  }

  static std::string take_slowly(transport::MemoryPeer& peer) {
    peer.set_window(1);
    std::string all;
    for (std::string part = peer.take(); !part.empty(); part = peer.take()) all += part;
    return all;
  }

  static bool send(Connection& connection, std::size_t bytes) {
    return *connection.send(std::string(bytes, 'm'));
  }
  void answer_with(std::size_t bytes) {
    on_http = [bytes](Connection& connection, const HttpRequest&) {
      (void)connection.respond({200, std::string(bytes, 'a'), {}});
    };
  }
  std::size_t queued() const { return core->info().queued_bytes; }

  const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
};

TEST_F(TotalBoundTest, AnAnswerThatDoesNotFitGets500) {
  answer_with(most_in_all + 1);
  start_bound();
  auto peer = ask_stuck();
  const std::string answer = take_slowly(*peer);
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 500");
  EXPECT_NE(answer.find("no room for this answer"), std::string::npos);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("20001 bytes would pass maxTotalQueuedBytes (20000)"), std::string::npos);
  EXPECT_EQ(queued(), 0u);
  answer_with(most_in_all);
  peer = connect();
  peer->send(get);
  EXPECT_EQ(peer->take().substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(queued(), 0u);
}

TEST_F(TotalBoundTest, TheAnswerToOneThatCannotBeSentCountsToo) {
  on_http = [](Connection& connection, const HttpRequest&) {
    EXPECT_FALSE(connection.respond({200, "body", {{"X", "a\r\nb"}}}));
  };
  start_bound();
  auto peer = ask_stuck();
  EXPECT_NE(take_slowly(*peer).find("The answer could not be sent."), std::string::npos);
  EXPECT_EQ(queued(), 0u);
}

TEST_F(TotalBoundTest, ClosesTheConnectionInWhichMostWaits) {
  start_bound();
  auto most = open_stuck(), little = open_stuck(), calm = open();
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(send(*connections[0], 1000));
  EXPECT_TRUE(send(*connections[1], 8000));
  loop->run_until_idle();
  EXPECT_TRUE(send(*connections[2], 5000));
  EXPECT_EQ(connections[0]->state(), ConnectionState::closing);
  EXPECT_FALSE(send(*connections[0], 1));
  EXPECT_EQ(count_of("close"), 0) << "not inside the call";
  loop->run_until_idle();
  EXPECT_EQ(take_events(), (Words{"open", "open", "open", "close 1013", "release"}));
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("closed with 1013: over maxTotalQueuedBytes (20000)"), std::string::npos);
  EXPECT_EQ(core->info().dropped, 9u);
  EXPECT_EQ(calm->take().size(), 5000 + 4u);
  most->set_window(most_queued);
  EXPECT_EQ(most->take().substr(2, 2), close_payload(1013));
}

TEST_F(TotalBoundTest, WhatIsUnderWayGoesBeforeSomebodyElseIsClosed) {
  start_bound();
  auto most = open(), little = open_stuck(), calm = open();
  most->set_window(100);
  EXPECT_TRUE(send(*connections[0], 10'000));
  EXPECT_TRUE(send(*connections[1], 9'000));
  loop->run_until_idle();
  EXPECT_TRUE(send(*connections[2], 5000));
  loop->run_until_idle();
  EXPECT_EQ(count_of("close"), 1);
  EXPECT_TRUE(most->saw_reset());
  little->set_window(most_queued);
  EXPECT_EQ(little->take().size(), 9000 + 4u);
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(queued(), 0u);
}

TEST_F(TotalBoundTest, AnAnswerIsCutOffAtTheEndOfTheTurn) {
  answer_with(15'000);
  start_bound();
  auto asking = ask_stuck(), calm = open();
  take_events();
  EXPECT_TRUE(send(*connections[0], 9000));
  EXPECT_EQ(take_events(), Words{}) << "no handler is called inside a call";
  loop->run_until_idle();
  EXPECT_EQ(take_events(), Words{"release"});
  EXPECT_TRUE(asking->saw_reset());
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("an answer is cut off"), std::string::npos);
  EXPECT_EQ(calm->take().size(), 9000 + 4u);
}

TEST_F(TotalBoundTest, ABroadcastCountsOnceAndMakesRoom) {
  start_bound();
  std::vector<Peer> peers;
  for (int i = 0; i < 20; ++i) peers.push_back(open_stuck());
  EXPECT_EQ(*core->broadcast(std::string(9000, 'b'), Opcode::text, {}), 20u);
  loop->run_until_idle();
  EXPECT_EQ(count_of("close"), 0);
  EXPECT_LT(queued(), most_in_all);
  EXPECT_EQ(*core->broadcast(std::string(900, 'b'), Opcode::text, {}), 20u);
  EXPECT_EQ(*core->broadcast(std::string(9000, 'c'), Opcode::text, {}), 0u);
  loop->run_until_idle();
  EXPECT_EQ(count_of("close 1013"), 20) << "all hold as much";
}

TEST_F(TotalBoundTest, AMessageIsSentThatNeedsTheSendersOwnRoom) {
  start_bound();
  auto peer = open_stuck();
  answer_with(12'000);
  auto asking = ask_stuck();
  on_message = [](Connection& connection, std::string_view, Opcode) {
    for (int i = 0; i < 10; ++i) (void)connection.send(std::string(990, 'm'));
  };
  peer->send(text("send"));
  EXPECT_EQ(count_of("close"), 0);
  EXPECT_TRUE(asking->saw_reset()) << "it held more";
}

TEST_F(TotalBoundTest, AMessageThatIsRefusedCountsAsDroppedWhoeverRefusesIt) {
  start_bound();
  auto one = open_stuck(), other = open_stuck();
  EXPECT_TRUE(send(*connections[0], 9000));
  EXPECT_FALSE(send(*connections[0], 2000));
  EXPECT_EQ(core->info().dropped, 2u);
  connections[1]->overflow(protocol::Verdict::over_max_queued);  // as a binding's outlet did
  EXPECT_EQ(core->info().dropped, 3u);
}

TEST_F(TotalBoundTest, TheCloseHandlerHears1013AlsoWhenThePeersCloseComesFirst) {
  on_message = [](Connection& connection, std::string_view, Opcode) {
    while (*connection.send(std::string(3000, 'm'))) {
    }
  };
  start_bound();
  auto peer = open_stuck();
  peer->send(text("flood me") + client_close(1000));
  EXPECT_EQ(events[events.size() - 2], "close 1013");
}

// A script's thread sends at the same time: who counts in the other's numbers loses some.
TEST_F(TotalBoundTest, AnswersOfTheNetworksThreadLeaveTheSendersNumbersAlone) {
  on_http = [](Connection& connection, const HttpRequest&) {
    (void)connection.respond({200, "answer", {}});
  };
  start_bound();
  protocol::Outlet outlet(core->group().output_budget());
  outlet.open();
  std::atomic<bool> is_done = false;
  std::thread sender([&] {
    while (!is_done) {
      protocol::Charge charge;
      (void)outlet.admit("message", Opcode::text, true, charge);
    }
  });
  auto peer = connect();
  for (int i = 0; i < 20'000; ++i) {
    peer->send(get);
    peer->take();
  }
  is_done = true;
  sender.join();
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

}  // namespace
}  // namespace simws::endpoint
