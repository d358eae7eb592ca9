// What shows that a peer is alive, and what of our own overtakes a backlog to ask for it.
#include "endpoint/server_test_fixture.h"

#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

class LifeSignsTest : public ServerTest {
 protected:
  void start_asking() {
    ServerOptions options;
    options.ping_interval = options.ping_timeout = Seconds{2};
    start(std::move(options));
  }
};

TEST_F(LifeSignsTest, ADownloadThatGoesOnIsOne) {
  start_asking();
  auto peer = open();
  peer->set_window(1000);
  EXPECT_TRUE(*connections[0]->send(std::string(60'000, 'd')));
  std::string taken;
  for (int second = 0; second < 50; ++second) {
    advance(1);
    taken += peer->take();
  }
  EXPECT_EQ(taken.size(), 50'000u);
  EXPECT_EQ(count_of("close"), 0);
  advance(4.1);
  EXPECT_EQ(count_of("close 1006"), 1) << "nothing more is taken";
}

// The system took all of it, so that only what the peer's system acknowledges can tell.
TEST_F(LifeSignsTest, AcknowledgedBytesAreOne) {
  start_asking();
  auto peer = open();
  EXPECT_TRUE(*connections[0]->send(std::string(500, 'd')));
  advance(3);
  peer->take();
  advance(2.9);
  EXPECT_EQ(count_of("close"), 0);
  advance(0.2);
  EXPECT_EQ(count_of("close 1006"), 1) << "that was the last sign";
  EXPECT_TRUE(peer->saw_reset());
}

TEST_F(LifeSignsTest, ThePingsOwnBytesAreNone) {
  start_asking();
  auto peer = open();
  advance(3);
  EXPECT_EQ(peer->take().substr(0, 1), "\x89");
  advance(1.1);
  EXPECT_EQ(count_of("close 1006"), 1);
}

TEST_F(LifeSignsTest, AnyByteOfThePeerIsOne) {
  start_asking();
  auto peer = open();
  for (int second = 0; second < 20; ++second) {
    advance(1);
    peer->send(client_frame(FrameOpcode::pong, "unasked"));
  }
  EXPECT_EQ(count_of("close"), 0);
  advance(4.1);
  EXPECT_EQ(count_of("close 1006"), 1);
}

TEST_F(LifeSignsTest, PingsOvertakeABigBacklog) {
  start_asking();
  auto peer = open();
  peer->set_window(1000);
  const std::string message(100'000, 'd');
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(*connections[0]->send(message));
  loop->run_until_idle();
  advance(2.1);
  const std::size_t fragment = protocol::Fragments::most + 10;
  std::string taken;
  while (taken.size() < fragment + 100) taken += peer->take();
  EXPECT_EQ(taken.substr(fragment, 2), "\x89\x08") << "behind what is under way";
}

TEST_F(LifeSignsTest, APongBehindABacklogIsMeasuredAndEndsTheWait) {
  start_asking();
  auto peer = open();
  peer->set_window(1000);
  EXPECT_TRUE(*connections[0]->send(std::string(5000, 'd')));
  advance(2.1);
  std::string taken;
  for (std::string part = peer->take(); !part.empty(); part = peer->take()) taken += part;
  advance(1);
  peer->send(client_frame(FrameOpcode::pong, taken.substr(taken.size() - 8)));
  ASSERT_TRUE(connections[0]->round_trip_time());
  EXPECT_NEAR(connections[0]->round_trip_time()->count(), 1.1, 0.001);
  advance(1.9);
  EXPECT_EQ(peer->take(), "") << "the next one is due 2 s after the pong";
  advance(0.2);
  EXPECT_EQ(peer->take().substr(0, 1), "\x89");
}

}  // namespace
}  // namespace simws::endpoint
