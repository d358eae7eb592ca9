// What a server has received and the application has not handled: the bound, and who is read.
#include "endpoint/server_test_fixture.h"

#include <iterator>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;

class PendingTest : public ServerTest {
 protected:
  void start_bound(std::size_t bound) {
    ServerOptions options;
    options.max_pending_bytes = bound;
    start(options);
  }
  void start_holding(std::size_t bound) {
    hold_messages();
    start_bound(bound);
  }
};

TEST_F(PendingTest, StopsReadingWhileTheApplicationIsBehind) {
  start_holding(4000);
  auto flood = open();
  auto calm = open();
  flood->send(text(std::string(1500, 'x')));
  EXPECT_FALSE(flood->is_read()) << "over its share of the bound";
  EXPECT_TRUE(calm->is_read());
  calm->send(text(std::string(2700, 'y')));
  EXPECT_FALSE(calm->is_read());
  connections[0]->release_pending(1500);
  connections[1]->release_pending(2700);
  EXPECT_TRUE(flood->is_read());
  EXPECT_TRUE(calm->is_read());
}

TEST_F(PendingTest, HoldsWhatAConnectionHasLeftUntilTheApplicationReleasesIt) {
  start_holding(4000);
  auto calm = open();
  for (int i = 0; i < 3; ++i) {
    auto brief = open();
    brief->send(text(std::string(1500, 'x')) + client_close(1000));
    brief->finish();
  }
  EXPECT_FALSE(calm->is_read()) << "three have left 4500 bytes";
  core->pending().release_ended(1000);
  EXPECT_FALSE(calm->is_read()) << "a quarter of the bound must be free";
  core->pending().release_ended(500);
  EXPECT_TRUE(calm->is_read());
}

TEST_F(PendingTest, ReadsOnWhereItHasClosedHoweverBehindTheApplicationIs) {
  start_holding(4000);
  auto flood = open(), other = open();
  flood->send(text(std::string(5000, 'x')));
  EXPECT_FALSE(other->is_read());
  EXPECT_TRUE(*connections[0]->close());
  EXPECT_TRUE(*connections[1]->close());
  loop->run_until_idle();
  for (auto* const peer : {flood.get(), other.get()}) {
    peer->send(text("read over") + client_close(1000));
    EXPECT_EQ(events.back(), "release");
    EXPECT_EQ(*std::prev(events.end(), 2), "close 1000 clean");
  }
}

TEST_F(PendingTest, HoldsUpAllOthersWhenMuchWaitsBehindAnUnansweredRequest) {
  start_bound(4000);
  Connection* asking = nullptr;
  on_http = [&](Connection& connection, const HttpRequest&) { asking = &connection; };
  auto other = open(), behind = connect();
  const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::string many;
  while (many.size() < 5000) many += request;
  behind->send(many);
  EXPECT_FALSE(other->is_read());
  while (std::exchange(asking, nullptr)->respond({})) {
    loop->run_until_idle();
    if (!asking) break;
  }
  EXPECT_TRUE(other->is_read());
}

TEST_F(PendingTest, ReadsOnlyTheOldestUnfinishedMessagePastTheBound) {
  start_bound(4000);
  auto old = open(), young = open(), idle = open();
  const std::string message = text(std::string(6000, 'x'));
  old->send(message.substr(0, 5000));
  EXPECT_TRUE(idle->is_read()) << "one message alone holds up nobody";
  young->send(message.substr(0, 4500));
  EXPECT_TRUE(old->is_read());
  EXPECT_FALSE(young->is_read());
  EXPECT_FALSE(idle->is_read());
  old->send(message.substr(5000));
  EXPECT_TRUE(young->is_read());
  EXPECT_TRUE(idle->is_read());
  EXPECT_EQ(take_events().size(), 4u);
}

TEST_F(PendingTest, ReadsTheNextUnfinishedMessageWhenTheOneBeforeIsHandled) {
  start_holding(4000);
  const std::string message = text(std::string(6000, 'x'));
  auto first = open(), second = open(), third = open();
  first->send(message.substr(0, 3000));
  second->send(message.substr(0, 3000));
  third->send(message.substr(0, 3500));
  EXPECT_TRUE(first->is_read());
  EXPECT_FALSE(second->is_read());
  first->send(message.substr(3000));
  EXPECT_FALSE(second->is_read()) << "what came of the first isn't handled yet";
  connections[0]->release_pending(6000);
  EXPECT_TRUE(second->is_read());
  EXPECT_FALSE(third->is_read());
}

TEST_F(PendingTest, TakesAMessageThatBeginsBehindAnotherForAYoungerOne) {
  start_bound(4000);
  auto first = open(), second = open();
  const std::string message = text(std::string(6000, 'x'));
  first->send(message.substr(0, 3000));
  second->send(message.substr(0, 3500));
  first->send(message.substr(3000) + message.substr(0, 3000));
  second->send(message.substr(3500, 1000));
  first->send(message.substr(3000, 2000));
  EXPECT_TRUE(second->is_read()) << "its message is the oldest now";
  EXPECT_FALSE(first->is_read());
}

TEST_F(PendingTest, ReadsNobodyPastTheBoundWhenTheApplicationIsBehind) {
  start_holding(4000);
  auto begun = open(), flood = open();
  begun->send(text(std::string(100, 'x')).substr(0, 50));
  flood->send(text(std::string(5000, 'y')));
  EXPECT_FALSE(flood->is_read());
  EXPECT_FALSE(begun->is_read());
  connections[1]->release_pending(5000);
  EXPECT_TRUE(begun->is_read());
}

TEST_F(PendingTest, ClosesAPeerWhoseMessageHoldsUpAllOthersForTooLong) {
  ServerOptions options;
  options.max_pending_bytes = 4000;
  options.ping_interval = Seconds{0};
  start(options);
  auto old = open(), young = open(), idle = open();
  const std::string message = text(std::string(6000, 'x'));
  old->send(message.substr(0, 10));
  young->send(message.substr(0, 4500));
  EXPECT_FALSE(idle->is_read());
  advance(19.9);
  EXPECT_FALSE(idle->is_read());
  advance(0.2);
  EXPECT_TRUE(idle->is_read());
  EXPECT_EQ(take_events(), (Words{"open", "open", "open", "close 1013", "release"}));
  EXPECT_EQ(old->take().substr(0, 1), "\x88");
  young->send(message.substr(4500));
  EXPECT_EQ(take_events().size(), 1u) << "the younger message ends now";
}

TEST_F(PendingTest, SuspendsThePongsDeadlineWhileThePeerIsNotRead) {
  start_holding(1000);
  auto peer = open();
  advance(20.1);
  peer->send(text(std::string(500, 'x')));
  EXPECT_FALSE(peer->is_read());
  advance(100);
  EXPECT_EQ(events.size(), 2u);
  connections[0]->release_pending(500);
  advance(19);
  EXPECT_EQ(events.size(), 2u);
  advance(30);
  EXPECT_EQ(events.back(), "release");
}

}  // namespace
}  // namespace simws::endpoint
