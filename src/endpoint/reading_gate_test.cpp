// What a server has received and the application has not handled: the bound, and who is read.
#include "endpoint/server_test_fixture.h"

#include <iterator>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;

// Of a bound of 320 KiB one connection may hold 10 KiB whatever others do, which is "little".
constexpr std::size_t bound = 320 * 1024;
constexpr std::size_t little = bound / 32;

std::string message_of(std::size_t size) {
  return text(std::string(size, 'x'));
}

class ReadingGateTest : public ServerTest {
 protected:
  using Peer = std::unique_ptr<transport::MemoryPeer>;

  void start_with(ServerOptions options) {
    options.max_pending_bytes = bound;
    options.ping_interval = Seconds{0};
    start(std::move(options));
  }
  void start_holding() {
    hold_messages();
    start_with({});
  }

  // A peer in the middle of a message of 400 KiB.
  Peer begin_message(std::size_t bytes) {
    Peer peer = open();
    peer->send(big_.substr(0, bytes));
    return peer;
  }
  void end_message(Peer& peer, std::size_t had) { peer->send(big_.substr(had)); }

  // Each holds its share of messages, so that together they hold the bound.
  std::vector<Peer> fill() {
    std::vector<Peer> peers;
    for (std::size_t i = 0; i < 32; ++i) {
      peers.push_back(open());
      peers.back()->send(message_of(little + 1));
    }
    EXPECT_TRUE(core->group().gate().is_closed());
    return peers;
  }

  const std::string big_ = message_of(400 * 1024);
};

TEST_F(ReadingGateTest, StopsReadingOneThatHoldsMoreThanItsShare) {
  start_holding();
  auto flood = open(), calm = open();
  flood->send(message_of(little + 1));
  EXPECT_FALSE(flood->is_read());
  EXPECT_TRUE(calm->is_read());
  connections[0]->release_pending(little / 2);
  EXPECT_FALSE(flood->is_read()) << "half of its share must be free";
  connections[0]->release_pending(little / 2);
  EXPECT_TRUE(flood->is_read());
}

TEST_F(ReadingGateTest, AlwaysReadsOneThatHoldsLittle) {
  start_holding();
  const auto peers = fill();
  auto calm = open();
  EXPECT_TRUE(calm->is_read()) << "new connections too";
  calm->send(message_of(little - 1).substr(0, little / 2));
  EXPECT_TRUE(calm->is_read()) << "in the middle of a small message";
  calm->send(message_of(little - 1).substr(little / 2));
  EXPECT_TRUE(calm->is_read());
  EXPECT_EQ(events.back(), "text " + std::string(little - 1, 'x'));
  calm->send(text("xx"));
  EXPECT_FALSE(calm->is_read()) << "now it holds much";
}

TEST_F(ReadingGateTest, LetsMuchBeReadAtOnceWhereItIsLittleOfTheBoundAndTheGateIsOpen) {
  start_holding();
  auto first = open();
  first->send(message_of(1));
  const LazyGate& gate = core->group().gate();
  EXPECT_TRUE(gate.may_read_at_once(little));
  EXPECT_FALSE(gate.may_read_at_once(little + 1));
  const auto peers = fill();
  EXPECT_FALSE(gate.may_read_at_once(little));
}

TEST_F(ReadingGateTest, ServesRequestsWhateverOthersHold) {
  on_http = [](Connection& connection, const HttpRequest& request) {
    (void)connection.respond({200, std::to_string(request.body.size()), {}});
  };
  start_holding();
  const auto peers = fill();
  auto asking = connect();
  asking->send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n");
  asking->send(std::string(9000, 'b'));
  EXPECT_TRUE(asking->take().ends_with("9000"));
}

TEST_F(ReadingGateTest, HoldsWhatAConnectionHasLeftUntilTheApplicationReleasesIt) {
  start_holding();
  for (std::size_t i = 0; i < 33; ++i) {
    auto brief = open();
    brief->send(message_of(little) + client_close(1000));
    brief->finish();
  }
  EXPECT_TRUE(core->group().gate().is_closed());
  auto flood = begin_message(little + 100);
  EXPECT_FALSE(flood->is_read());
  core->group().gate().release_ended(little * 8);
  EXPECT_FALSE(flood->is_read()) << "a quarter of the bound must be free";
  core->group().gate().release_ended(little * 3);
  EXPECT_TRUE(flood->is_read());
}

TEST_F(ReadingGateTest, ReadsOnWhereItHasClosedHoweverBehindTheApplicationIs) {
  start_holding();
  auto flood = open();
  flood->send(message_of(little + 1));
  EXPECT_FALSE(flood->is_read());
  EXPECT_TRUE(*connections[0]->close());
  loop->run_until_idle();
  flood->send(text("read over") + client_close(1000));
  EXPECT_EQ(events.back(), "release");
  EXPECT_EQ(*std::prev(events.end(), 2), "close 1000 clean");
}

TEST_F(ReadingGateTest, ReadsOnWhereItHasClosedAlsoWhenTheGateClosesLater) {
  start_holding();
  auto leaving = open();
  leaving->send(message_of(little + 1));
  connections[0]->release_pending(little);
  EXPECT_TRUE(*connections[0]->close());
  connections[0]->hold_pending(little);
  const auto peers = fill();
  leaving->send(client_close(1000));
  EXPECT_EQ(count_of("close 1000 clean"), 1);
}

// What is read over holds up nobody.
TEST_F(ReadingGateTest, AMessageOfOneThatHasClosedTakesNoTurn) {
  start_holding();
  auto leaving = open();
  leaving->send(message_of(little + 1) + big_.substr(0, 1000));
  auto second = begin_message(200'000), third = begin_message(200'000);
  EXPECT_TRUE(*connections[0]->close());
  EXPECT_TRUE(second->is_read() || third->is_read());
}

TEST_F(ReadingGateTest, OneBigMessageAloneIsReadOn) {
  start_with({});
  auto peer = begin_message(bound + 10'000);
  auto other = begin_message(little + 1);
  EXPECT_TRUE(peer->is_read());
  EXPECT_TRUE(other->is_read()) << "what has come of the oldest doesn't count";
}

TEST_F(ReadingGateTest, BigMessagesTakeTurnsTheOldestFirst) {
  start_holding();
  auto first = begin_message(bound), second = begin_message(200'000),
       third = begin_message(200'000);
  auto idle = open();
  EXPECT_TRUE(first->is_read());
  EXPECT_FALSE(second->is_read());
  EXPECT_FALSE(third->is_read());
  EXPECT_TRUE(idle->is_read());
  end_message(first, bound);
  EXPECT_EQ(events.back().size(), 5 + 400 * 1024u);
  EXPECT_FALSE(second->is_read()) << "what came of the first isn't handled yet";
  connections[0]->release_pending(400 * 1024);
  EXPECT_TRUE(second->is_read());
  end_message(second, 200'000);
  connections[1]->release_pending(400 * 1024);
  EXPECT_TRUE(third->is_read());
}

TEST_F(ReadingGateTest, TakesAMessageThatBeginsBehindAnotherForAYoungerOne) {
  start_with({});
  auto first = begin_message(200'000), second = begin_message(200'000);
  EXPECT_TRUE(first->is_read());
  first->send(big_.substr(200'000) + big_.substr(0, 200'000));
  second->send(big_.substr(200'000, 150'000));
  first->send(big_.substr(200'000, 190'000));
  EXPECT_TRUE(second->is_read()) << "its message is the oldest now";
  EXPECT_FALSE(first->is_read());
}

TEST_F(ReadingGateTest, ABigMessageWaitsWhileTheApplicationIsBehind) {
  start_holding();
  auto begun = begin_message(little + 100);
  const auto peers = fill();
  EXPECT_FALSE(begun->is_read());
  for (std::size_t i = 1; i <= 10; ++i) connections[i]->release_pending(little + 1);
  EXPECT_TRUE(begun->is_read());
}

// Three have stopped in the middle; the fourth has more to give, which we don't read.
TEST_F(ReadingGateTest, EndsAtOnceAllBigMessagesThatGainNothingWhileOthersWait) {
  start_with({});
  auto first = begin_message(150'000), second = begin_message(150'000),
       third = begin_message(150'000), fourth = begin_message(100'000);
  auto idle = open();
  fourth->send(big_.substr(100'000, 100'000));
  EXPECT_FALSE(fourth->is_read());
  advance(4.9);
  EXPECT_EQ(count_of("close 1013"), 0);
  advance(0.2);
  EXPECT_EQ(count_of("close 1013"), 3);
  EXPECT_EQ(log.size(), 3u);
  for (auto* const peer : {first.get(), second.get(), third.get()}) {
    EXPECT_EQ(peer->take().substr(0, 1), "\x88");
  }
  end_message(fourth, 200'000);
  EXPECT_EQ(events.back().size(), 5 + 400 * 1024u);
  EXPECT_TRUE(idle->is_read());
}

TEST_F(ReadingGateTest, LetsABigMessageTakeItsTimeWhereNobodyWaits) {
  start_with({});
  auto alone = begin_message(300'000);
  advance(60);
  end_message(alone, 300'000);
  EXPECT_EQ(events.back().size(), 5 + 400 * 1024u);
}

TEST_F(ReadingGateTest, LetsASlowMessageThatGainsEnoughEnd) {
  start_with({});
  auto first = begin_message(200'000), second = begin_message(200'000),
       third = begin_message(200'000);
  std::size_t had = 200'000;
  for (; had < 380'000; had += 3 * little) {
    first->send(big_.substr(had, 3 * little));
    advance(4);
  }
  end_message(first, had);
  EXPECT_EQ(count_of("text " + std::string(400 * 1024, 'x')), 1);
}

TEST_F(ReadingGateTest, ABodyThatGainsNothingGets408) {
  ServerOptions options;
  options.handshake_timeout = Seconds{60};  // of the whole request; the gate's patience as well
  start_with(options);
  const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n";
  auto first = connect(), second = connect(), third = connect();
  for (auto* const peer : {first.get(), second.get(), third.get()}) {
    peer->send(head + std::string(200'000, 'b'));
  }
  advance(60.1);
  EXPECT_EQ(first->take().substr(0, 12), "HTTP/1.1 408");
}

TEST_F(ReadingGateTest, SuspendsThePongsDeadlineWhileThePeerIsNotRead) {
  hold_messages();
  ServerOptions options;
  options.max_pending_bytes = bound;
  start(options);
  auto peer = open();
  advance(20.1);
  peer->send(message_of(little + 1));
  EXPECT_FALSE(peer->is_read());
  advance(100);
  EXPECT_EQ(events.size(), 2u);
  connections[0]->release_pending(little + 1);
  advance(19);
  EXPECT_EQ(events.size(), 2u);
  advance(30);
  EXPECT_EQ(events.back(), "release");
}

// The worst case of docs/limits.md.
TEST_F(ReadingGateTest, HoldsNoMoreThanTheBoundAMessageAndLittleOfEach) {
  ServerOptions options;
  options.max_message_size = 400 * 1024;
  hold_messages();
  start_with(options);
  std::vector<Peer> peers;
  constexpr std::size_t count = 100;
  for (std::size_t i = 0; i < count; ++i) peers.push_back(open());
  std::size_t most = 0;
  for (std::size_t at = 0; at < 300'000; at += 4096) {
    for (Peer& peer : peers) {
      peer->send(big_.substr(at, 4096));
      most = std::max(most, core->group().gate().total());
    }
  }
  EXPECT_LE(most, bound + options.max_message_size + count * little);
  EXPECT_GE(most, bound);
}

}  // namespace
}  // namespace simws::endpoint
