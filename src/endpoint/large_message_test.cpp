// What goes ahead of a large message that its peer takes slowly.
#include "endpoint/server_test_fixture.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

constexpr std::size_t fragment = protocol::Fragments::most;
constexpr std::size_t size = 20 * fragment;

class LargeMessageTest : public ServerTest {
 protected:
  // A peer that has taken the first bytes of one.
  void start_sending(const std::function<void()>& send) {
    start();
    peer = open();
    peer->set_window(1000);
    send();
    loop->run_until_idle();
    taken = peer->take();
    EXPECT_EQ(taken.size(), 1000u);
  }
  void take_all() {
    peer->set_window(10'000'000);
    loop->run_until_idle();
    taken += peer->take();
  }
  // It lies so far behind the message's beginning.
  std::size_t offset_of(const std::string& frame) const {
    const std::size_t at = taken.find(frame);
    EXPECT_NE(at, std::string::npos);
    return at;
  }

  void expect_pong_after_a_fragment() {
    const std::string pong = server_frame(FrameOpcode::pong, "now?");
    peer->send(client_frame(FrameOpcode::ping, "now?"));
    take_all();
    const std::size_t at = offset_of(pong);
    EXPECT_EQ(at, fragment + 10);
    EXPECT_TRUE(taken.erase(at, pong.size()) == frames);
  }

  std::unique_ptr<transport::MemoryPeer> peer;
  std::string taken;
  const std::string message = std::string(size, 'm');
  const std::string frames = server_message(FrameOpcode::text, message);
};

TEST_F(LargeMessageTest, APongWaitsForAFragmentOfItAtMost) {
  start_sending([&] { EXPECT_TRUE(*connections[0]->send(message)); });
  expect_pong_after_a_fragment();
}

TEST_F(LargeMessageTest, APongWaitsForAFragmentOfABroadcastAtMost) {
  start_sending([&] { EXPECT_EQ(*core->broadcast(message, Opcode::text, {}), 1u); });
  expect_pong_after_a_fragment();
}

TEST_F(LargeMessageTest, APeerThatLeavesIsAnsweredAfterAFragmentOfIt) {
  start_sending([&] { EXPECT_TRUE(*connections[0]->send(message)); });
  peer->send(client_close(1000));
  take_all();
  EXPECT_EQ(offset_of(close_frame(1000)), fragment + 10);
  EXPECT_EQ(count_of("close 1000 clean"), 1);
  EXPECT_EQ(core->info().dropped, 1u);
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

TEST_F(LargeMessageTest, APeerThatKeepsUpGetsAllOfItBeforeItsCloseIsAnswered) {
  start();
  peer = open();
  on_message = [&](Connection& connection, std::string_view, Opcode) {
    EXPECT_TRUE(*connection.send(message));
  };
  peer->send(text("all?") + client_close(1000));
  take_all();
  EXPECT_TRUE(taken == frames + close_frame(1000));
  EXPECT_EQ(core->info().dropped, 0u);
}

}  // namespace
}  // namespace simws::endpoint
