// What is sent of what has just been read: it's the peer's whole, whoever keeps up and however
// often it's sent, in the order in which it was sent.
#include "endpoint/both_wires_test.h"

#include <string>
#include <string_view>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

std::string bytes_of(std::size_t size, char first) {
  std::string bytes(size, first);
  for (std::size_t i = 0; i < size; i += 7) bytes[i] = static_cast<char>('a' + (i / 7) % 26);
  return bytes;
}

class LendingTest : public OverBothWires {
 protected:
  // Sizes below, at and above what is lent, and what leaves in fragments.
  static constexpr std::size_t sizes[] = {
      10, Lending::smallest - 1, Lending::smallest, 16'000, 65'536, 65'537, 100'000, 5000};

  void start_with(std::function<void(Connection&, std::string_view, Opcode)> handler) {
    on_message = std::move(handler);
    start();
    peer = open();
  }
  void send_all_sizes() {
    std::string frames;
    for (const std::size_t size : sizes) {
      messages.push_back(bytes_of(size, 'x'));
      frames += text(messages.back());
    }
    peer->send(frames);
  }
  std::string echoes() const {
    std::string frames;
    for (const std::string& message : messages)
      frames += server_message(FrameOpcode::text, message);
    return frames;
  }
  // In windows of this size, with other peers' data coming in between.
  std::string take_all(std::size_t window) {
    std::string taken;
    for (std::string more = peer->take(); !more.empty() || taken.empty(); more = peer->take()) {
      taken += more;
      peer->set_window(window);
      loop->run_until_idle();
    }
    return taken;
  }
  void expect_nothing_left() {
    EXPECT_EQ(core->info().queued_bytes, 0u);
    EXPECT_EQ(core->group().output_budget()->used(), 0u);
  }

  std::unique_ptr<transport::MemoryPeer> peer;
  std::vector<std::string> messages;
};
INSTANTIATE_TEST_SUITE_P(, LendingTest, both_wires(), wire_name);

void echo(Connection& connection, std::string_view data, Opcode opcode) {
  EXPECT_TRUE(*connection.send(data, opcode));
}

TEST_P(LendingTest, AnEchoIsWhatCame) {
  start_with(echo);
  send_all_sizes();
  EXPECT_TRUE(peer->take() == echoes());
  expect_nothing_left();
}

TEST_P(LendingTest, WhatAPeerDoesNotTakeAtOnceIsTheServersOwn) {
  for (const std::size_t window : {1u, 5000u, 16'010u, 150'000u}) {
    SCOPED_TRACE(window);
    start_with(echo);
    peer->set_window(window);
    send_all_sizes();
    const auto other = open();
    other->send(text(bytes_of(100'000, '?')));
    EXPECT_TRUE(take_all(window + 10'000) == echoes());
    expect_nothing_left();
    messages.clear();
    core->stop(false);
    loop->run_until_idle();
    core.reset();
  }
}

TEST_P(LendingTest, PartsOfItAndWhatIsSentBetweenKeepTheirOrder) {
  const std::string message = bytes_of(20'000, 'x');
  start_with([](Connection& connection, std::string_view data, Opcode) {
    EXPECT_TRUE(*connection.send("first"));
    EXPECT_TRUE(*connection.send(data.substr(1000, 5000)));
    EXPECT_TRUE(*connection.send("then"));
    EXPECT_TRUE(*connection.send(data.substr(0, 3), Opcode::text, {.fin = false}));
    EXPECT_TRUE(*connection.send(data.substr(3, 9000), Opcode::continuation, {.fin = true}));
  });
  peer->send(client_frame(FrameOpcode::ping, "1") + text(message) +
             client_frame(FrameOpcode::ping, "2"));
  std::string taken = peer->take();
  for (const char* const number : {"1", "2"}) {
    const std::string pong = server_frame(FrameOpcode::pong, number);
    const std::size_t at = taken.find(pong);
    ASSERT_NE(at, std::string::npos);
    taken.erase(at, pong.size());
  }
  const std::string_view all = message;
  EXPECT_TRUE(taken == server_frame(FrameOpcode::text, "first") +
                           server_frame(FrameOpcode::text, all.substr(1000, 5000)) +
                           server_frame(FrameOpcode::text, "then") +
                           server_frame(FrameOpcode::text, all.substr(0, 3), false) +
                           server_frame(FrameOpcode::continuation, all.substr(3, 9000), true));
  expect_nothing_left();
}

TEST_P(LendingTest, ItMayBeSentAgainAndAgain) {
  const std::string message = bytes_of(50'000, 'x');
  start_with([](Connection& connection, std::string_view data, Opcode) {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(*connection.send(data));
  });
  peer->set_window(30'000);
  peer->send(text(message));
  std::string expected;
  for (int i = 0; i < 20; ++i) expected += server_message(FrameOpcode::text, message);
  EXPECT_TRUE(take_all(200'000) == expected);
  expect_nothing_left();
}

TEST_P(LendingTest, WhatAnotherConnectionGetsOfItIsItsOwn) {
  start_with([this](Connection& connection, std::string_view data, Opcode) {
    for (Connection* const each : connections) {
      EXPECT_TRUE(each == &connection || *each->send(data));
    }
  });
  const auto other = open();
  peer->send(text(bytes_of(20'000, '1')) + text(bytes_of(20'000, '2')));
  EXPECT_TRUE(other->take() == server_message(FrameOpcode::text, bytes_of(20'000, '1')) +
                                   server_message(FrameOpcode::text, bytes_of(20'000, '2')));
  EXPECT_EQ(peer->take(), "");
}

TEST_P(LendingTest, AConnectionMayEndWithIt) {
  const std::string message = bytes_of(50'000, 'x');
  start_with([](Connection& connection, std::string_view data, Opcode) {
    EXPECT_TRUE(*connection.send(data));
    EXPECT_TRUE(*connection.close(CloseCode::normal, "enough"));
  });
  peer->set_window(10);
  peer->send(text(message) + text(message));
  EXPECT_TRUE(take_all(60'000) ==
              server_message(FrameOpcode::text, message) + close_frame(1000, "enough"));
}

TEST_P(LendingTest, AConnectionMayDropIt) {
  const std::string message = bytes_of(50'000, 'x');
  start_with([](Connection& connection, std::string_view data, Opcode) {
    EXPECT_TRUE(*connection.send(data));
    EXPECT_TRUE(*connection.close_now(CloseCode::normal, "now"));
  });
  peer->send(text(message));
  EXPECT_TRUE(peer->take() == close_frame(1000, "now"));
  EXPECT_EQ(core->info().dropped, 1u);
  EXPECT_EQ(core->group().output_budget()->used(), 0u);
}

TEST_P(LendingTest, AConnectionThatMayHoldNoMoreIsClosedWithoutIt) {
  on_message = [](Connection& connection, std::string_view data, Opcode) {
    (void)connection.send(data);
  };
  ServerOptions options;
  options.max_queued_bytes = 60'000;
  start(std::move(options));
  peer = open();
  peer->set_window(1000);
  for (int i = 0; i < 5; ++i) peer->send(text(bytes_of(50'000, 'x')));
  loop->run_until_idle();
  EXPECT_EQ(count_of("close 1013"), 1);
  EXPECT_LE(core->group().output_budget()->used(), 60'000u);
}

}  // namespace
}  // namespace simws::endpoint
