// A client's end and a server's, over one connection in memory.
#include "endpoint/websocket_end.h"
#include "endpoint/server_test_fixture.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::Role;

class CountingKeys final : public protocol::MaskingKeySource {
 public:
  protocol::MaskingKey next_key() override {
    ++count;
    return {std::byte(count), std::byte{7}, std::byte{0}, std::byte{0xFE}};
  }
  int count = 0;
};

// One side: a channel, what speaks on it, and what it's told as words.
class Side final : private ChannelOwner, private WebSocketHost {
 public:
  Side(ChannelGroup& group, std::unique_ptr<transport::Stream> stream, Role role)
      : channel(group, *this, std::move(stream)),
        end(channel, *this, protocol::Session(role, 1 << 20, nullptr, &keys)) {
    channel.set_speaker(end);
    channel.start_reading();
  }

  void send(std::string_view data, Opcode opcode = Opcode::text, SendOptions options = {}) {
    EXPECT_TRUE(*end.send(data, opcode, options));
  }

  CountingKeys keys;
  Words events;
  std::function<void()> on_event;  // after each is noted
  Channel channel;
  WebSocketEnd end;

 private:
  void note(std::string event) {
    events.push_back(std::move(event));
    if (on_event) on_event();
  }
  void on_channel_closed() noexcept override { events.emplace_back("gone"); }
  void on_message(std::string_view data, Opcode opcode) override {
    note((opcode == Opcode::text ? "text " : "binary ") + std::string(data));
  }
  void on_closed(EndingPtr told) override {
    const Ending& ending = *told;
    note("close " + std::to_string(static_cast<int>(ending.code)) +
         (ending.clean ? " clean " : " ") + ending.reason);
  }
  bool make_room(std::size_t) override { return false; }
};

class WebSocketEndTest : public testing::Test {
 protected:
  WebSocketEndTest() {
    using std::chrono::seconds;
    deadlines.set_duration(DeadlineKind::ping, seconds(20));
    deadlines.set_duration(DeadlineKind::pong, seconds(20));
    deadlines.set_duration(DeadlineKind::close, seconds(5));
    const transport::Address address{{127, 0, 0, 1}, test_port, false};
    auto listener = loop->listen("127.0.0.1", test_port, [this](auto stream) {
      server.emplace(group, std::move(stream), Role::server);
    });
    EXPECT_TRUE(listener);
    const auto connecting = loop->connect(address, [this](auto stream) {
      client.emplace(group, std::move(stream).value(), Role::client);
    });
    loop->run_until_idle();
  }

  void expect_nothing_charged() {
    EXPECT_EQ(server->channel.queued_bytes(), 0u);
    EXPECT_EQ(client->channel.queued_bytes(), 0u);
    EXPECT_EQ(group.output_budget()->used(), 0u);
  }

  std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  Words log;
  TurnEnd turn_end{*loop};
  Deadlines deadlines{*loop};
  const ReadingLimits reading{1 << 20, std::chrono::seconds(5), *loop};
  ChannelGroup group{turn_end, deadlines, reading,
                     std::make_shared<protocol::OutputBudget>(100'000u, 200'000u),
                     [this](LogLevel, std::string_view line) { log.emplace_back(line); }};
  std::optional<Side> server, client;
};

TEST_F(WebSocketEndTest, MessagesGoBothWays) {
  client->send("from the client");
  EXPECT_EQ(client->channel.queued_bytes(), 15 + 2 + 4u) << "with its masking key";
  server->send("from the server");
  client->send(std::string(50'000, 'c'), Opcode::binary);
  server->send(std::string(50'000, 's'), Opcode::binary);
  client->send("in two ", Opcode::text, {.fin = false});
  client->send("parts", Opcode::continuation);
  loop->run_until_idle();
  EXPECT_EQ(server->events, (Words{"text from the client", "binary " + std::string(50'000, 'c'),
                                   "text in two parts"}));
  EXPECT_EQ(client->events, (Words{"text from the server", "binary " + std::string(50'000, 's')}));
  EXPECT_EQ(client->keys.count, 4) << "a key for each frame";
  EXPECT_EQ(server->keys.count, 0);
  expect_nothing_charged();
}

TEST_F(WebSocketEndTest, WhatWasAdmittedElsewhereIsMaskedToo) {
  protocol::OutgoingMessage own{protocol::Message("own", Opcode::text, true), nullptr, {}};
  EXPECT_TRUE(client->channel.outlet().admit("own", Opcode::text, true, own.charge));
  client->end.deliver(own);
  const auto shared =
      protocol::SharedMessages().make(group.output_budget(), std::string(5000, 's'), Opcode::text);
  EXPECT_TRUE(client->end.send_shared(shared));
  EXPECT_TRUE(server->end.send_shared(shared));
  loop->run_until_idle();
  EXPECT_EQ(server->events, (Words{"text own", "text " + std::string(5000, 's')}));
  EXPECT_EQ(client->events, Words{"text " + std::string(5000, 's')});
  EXPECT_EQ(group.output_budget()->used(), shared->view().frame().size());
}

TEST_F(WebSocketEndTest, EachSideMayClose) {
  client->send("last");
  EXPECT_TRUE(*client->end.close(CloseCode::normal, "bye"));
  EXPECT_FALSE(*client->end.close(CloseCode::normal, "again"));
  EXPECT_FALSE(*client->end.send("late", Opcode::text));
  EXPECT_FALSE(client->end.send("\xFF", Opcode::text)) << "wrong all the same";
  loop->run_until_idle();
  EXPECT_EQ(server->events, (Words{"text last", "close 1000 clean bye", "gone"}));
  EXPECT_EQ(client->events, (Words{"close 1000 clean bye", "gone"}));
  expect_nothing_charged();
}

TEST_F(WebSocketEndTest, BothMayCloseAtOnce) {
  EXPECT_TRUE(*client->end.close(CloseCode::normal, "enough"));
  EXPECT_TRUE(*server->end.close(static_cast<CloseCode>(4000), "too"));
  loop->run_until_idle();
  EXPECT_EQ(server->events, (Words{"close 1000 clean enough", "gone"}));
  EXPECT_EQ(client->events, (Words{"close 4000 clean too", "gone"}));
}

TEST_F(WebSocketEndTest, CloseNowIsToldAtTheEndOfTheTurnOnceAndWithItsCode) {
  server->send("dropped");
  EXPECT_TRUE(*server->end.close_now(CloseCode::try_again_later, "busy"));
  EXPECT_FALSE(*server->end.close_now(CloseCode::try_again_later, "again"));
  EXPECT_EQ(server->events, Words{});
  loop->run_until_idle();
  EXPECT_EQ(server->events, (Words{"close 1013 busy", "gone"}));
  EXPECT_EQ(client->events, (Words{"close 1013 clean busy", "gone"}));
  EXPECT_EQ(group.counters().dropped.get(), 1u);
  expect_nothing_charged();
}

TEST_F(WebSocketEndTest, CloseNowInsideAMessageStopsTheMessagesBehindIt) {
  server->on_event = [this] {
    server->on_event = nullptr;
    EXPECT_TRUE(*server->end.close_now(CloseCode::try_again_later, "busy"));
  };
  client->send("one");
  client->send("two");
  EXPECT_TRUE(*client->end.close(CloseCode::normal, "bye"));
  loop->run_until_idle();
  EXPECT_EQ(server->events, (Words{"text one", "close 1013 busy", "gone"}));
}

TEST_F(WebSocketEndTest, AnOverflowInsideAMessageClosesWith1013) {
  server->on_event = [this] {
    server->on_event = nullptr;
    while (*server->end.send(std::string(40'000, 'x'), Opcode::text)) {
    }
  };
  client->send("one");
  client->send("two");
  loop->run_until_idle();
  EXPECT_EQ(server->events[0], "text one");
  EXPECT_EQ(server->events[1].substr(0, 10), "close 1013");
  EXPECT_EQ(server->events.size(), 3u);
  EXPECT_EQ(log.size(), 1u);
  expect_nothing_charged();
}

TEST_F(WebSocketEndTest, ItsHostMayBeTheLastThatHearsOfALoss) {
  client->channel.reset();
  loop->run_until_idle();
  EXPECT_EQ(server->events.size(), 2u);
  EXPECT_EQ(server->events[0].substr(0, 10), "close 1006");
  EXPECT_EQ(client->events, Words{"gone"}) << "who resets a channel knows";
}

TEST_F(WebSocketEndTest, PingsOfBothSidesAreAnswered) {
  loop->advance(std::chrono::minutes(5));
  EXPECT_EQ(server->events, Words{});
  EXPECT_EQ(client->events, Words{});
  EXPECT_EQ(server->channel.outlet().round_trip_time(), 0.0F);
  EXPECT_EQ(client->channel.outlet().round_trip_time(), 0.0F);
  expect_nothing_charged();
}

TEST_F(WebSocketEndTest, AFrameOfTheWrongRoleFailsTheConnection) {
  Output& output = client->channel.output();
  std::string plain = server_frame(protocol::FrameOpcode::text, "not masked");
  output.append_raw(std::move(plain));
  client->channel.queued();
  loop->run_until_idle();
  EXPECT_EQ(server->events[0].substr(0, 10), "close 1002");
  EXPECT_EQ(client->events[0].substr(0, 16), "close 1002 clean");
}

}  // namespace
}  // namespace simws::endpoint
