// Servers that compress, from the handshake to the last frame.
#include "endpoint/compression_test_fixture.h"

#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;
using protocol::test::Compressing;
using protocol::test::noise;
using protocol::test::varied_text;

class CompressionTest : public ServerTest {
 protected:
  static ServerOptions compressing(Compression compression = {}) {
    ServerOptions options;
    options.compression = compression;
    options.ping_interval = Seconds{0};
    return options;
  }

  // A client that offers it; its answer's field of extensions is kept.
  std::unique_ptr<transport::MemoryPeer> open_offering(const std::string& offered = offer) {
    auto peer = connect();
    peer->send(handshake(offered));
    const std::string answer = peer->take();
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 101");
    const std::size_t at = answer.find("Sec-WebSocket-Extensions: ");
    agreed = at == answer.npos ? "" : answer.substr(at + 26, answer.find("\r\n", at) - at - 26);
    return peer;
  }

  void echo() {
    on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
      EXPECT_TRUE(*connection.send(data, opcode));
    };
  }

  void expect_nothing_charged() { EXPECT_EQ(core->info().queued_bytes, 0u); }

  std::string agreed;
};

TEST_F(CompressionTest, IsAgreedOnOnlyWhereBothWantIt) {
  start(compressing());
  const auto first = open_offering();
  EXPECT_EQ(agreed, "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  EXPECT_TRUE(connections[0]->info().compression);
  const auto second = open();
  EXPECT_FALSE(connections[1]->info().compression);
  const auto third = open_offering("Sec-WebSocket-Extensions: permessage-bzip2\r\n");
  EXPECT_EQ(agreed, "");
  const auto malformed = connect();
  malformed->send(handshake("Sec-WebSocket-Extensions: permessage-deflate; =\r\n"));
  EXPECT_EQ(malformed->take().substr(0, 12), "HTTP/1.1 400");
}

TEST_F(CompressionTest, IsOffByDefault) {
  start();
  const auto peer = open_offering();
  EXPECT_EQ(agreed, "");
  peer->send(compressed_frame("x"));
  EXPECT_EQ(take_events().at(1), "close 1002");
}

TEST_F(CompressionTest, MessagesGoBothWays) {
  for (const bool server : {false, true}) {
    for (const bool client : {false, true}) {
      Compression compression;
      compression.server_context_takeover = server;
      compression.client_context_takeover = client;
      echo();
      start(compressing(compression));
      const auto peer = open_offering();
      Compressing ours({client, 15});
      Inflating theirs({server, 15});
      for (const std::size_t size : {300u, 5000u, 300u, 70'000u, 300u}) {
        const std::string text = varied_text(size);
        peer->send(compressed_frame(ours.message(text)));
        loop->run_until_idle();
        EXPECT_EQ(theirs.read(peer->take()), Words{"~" + text});
      }
      EXPECT_LT(theirs.payload_bytes, 30'000u);
      expect_nothing_charged();
      core->stop(false);
      loop->run_until_idle();
      core.reset();
    }
  }
}

TEST_F(CompressionTest, LeavesAsItIsWhatIsShortOrDoesntShrink) {
  Compression compression;
  compression.threshold = 100;
  start(compressing(compression));
  const auto peer = open_offering();
  Inflating theirs({false, 15});
  Connection& connection = *connections[0];
  const std::string text = varied_text(200);
  EXPECT_TRUE(*connection.send(text.substr(0, 99)));
  EXPECT_TRUE(*connection.send(text.substr(0, 100)));
  EXPECT_TRUE(*connection.send(noise(5000), Opcode::binary));
  EXPECT_TRUE(*connection.send(text, Opcode::text, {.compress = false}));
  EXPECT_TRUE(*connection.send(text));
  loop->run_until_idle();
  EXPECT_EQ(theirs.read(peer->take()),
            (Words{text.substr(0, 99), "~" + text.substr(0, 100), noise(5000), text, "~" + text}));
}

TEST_F(CompressionTest, ALargeMessageThatDoesntShrinkLeavesAsItIs) {
  Compression compression;
  compression.server_context_takeover = true;
  start(compressing(compression));
  const auto peer = open_offering();
  Inflating theirs({true, 15});
  const std::string text = varied_text(400);
  for (const std::string& message : {text, noise(300'000), text}) {
    EXPECT_TRUE(*connections[0]->send(message, Opcode::binary));
    loop->run_until_idle();
    const Words words = theirs.read_messages(peer->take());
    EXPECT_EQ(words, Words{(message == text ? "~" : "") + message});
  }
  expect_nothing_charged();
}

// Each turn does its part; others go on meanwhile.
TEST_F(CompressionTest, ALargeMessageHoldsUpNobody) {
  echo();
  start(compressing());
  const auto slow = open_offering(), other = open_offering();
  Inflating to_slow({false, 15}), to_other({false, 15});
  const std::string large = varied_text(1'000'000);
  EXPECT_TRUE(*connections[0]->send(large));
  EXPECT_TRUE(*connections[0]->send("behind it"));
  EXPECT_GT(connections[0]->queued_bytes(), large.size()) << "plain bytes until it's compressed";
  EXPECT_TRUE(loop->turn());
  for (int i = 0; i < 5; ++i) {
    const std::string text = varied_text(1000);
    other->send(client_frame(FrameOpcode::text, text));
    EXPECT_EQ(to_other.read(other->take()), Words{"~" + text}) << i;
    slow->send(client_frame(FrameOpcode::ping, "alive"));
    EXPECT_EQ(to_slow.read(slow->take()), Words{"pong alive"}) << "goes ahead";
  }
  int turns = 0;
  while (connections[0]->queued_bytes() > 0 && loop->turn()) ++turns;
  EXPECT_GE(turns, 5);
  EXPECT_EQ(to_slow.read_messages(slow->take()), (Words{"~" + large, "behind it"}));
  expect_nothing_charged();
}

TEST_F(CompressionTest, AClosePassesNothing) {
  start(compressing());
  const auto peer = open_offering();
  Inflating theirs({false, 15});
  const std::string large = varied_text(300'000);
  EXPECT_TRUE(*connections[0]->send(large));
  EXPECT_TRUE(*connections[0]->send("small"));
  EXPECT_TRUE(*connections[0]->close());
  loop->run_until_idle();
  EXPECT_EQ(theirs.read_messages(peer->take()), (Words{"~" + large, "small", "close"}));
  peer->send(client_close(1000));
  loop->run_until_idle();
  EXPECT_EQ(take_events(), (Words{"open", "close 1000 clean", "release"}));
  expect_nothing_charged();
}

TEST_F(CompressionTest, ThePeersCloseIsAnsweredBehindWhatWasSent) {
  start(compressing());
  const auto peer = open_offering();
  Inflating theirs({false, 15});
  const std::string large = varied_text(300'000);
  EXPECT_TRUE(*connections[0]->send(large));
  peer->send(client_close(1000));
  loop->run_until_idle();
  EXPECT_EQ(theirs.read_messages(peer->take()), (Words{"~" + large, "close"}));
  EXPECT_TRUE(peer->saw_end());
  expect_nothing_charged();
}

TEST_F(CompressionTest, AStoppedServerStillSendsWhatWaits) {
  start(compressing());
  const auto peer = open_offering();
  Inflating theirs({false, 15});
  const std::string large = varied_text(300'000);
  EXPECT_TRUE(*connections[0]->send(large));
  core->stop(false);
  loop->run_until_idle();
  EXPECT_EQ(theirs.read_messages(peer->take()), (Words{"~" + large, "close"}));
}

TEST_F(CompressionTest, WhoIsLostInTheMiddleLeavesNothing) {
  start(compressing());
  for (const bool takes_over : {false, true}) {
    const auto peer = open_offering();
    const std::string large = varied_text(500'000);
    EXPECT_TRUE(*connections[0]->send(large));
    EXPECT_TRUE(loop->turn());
    if (takes_over) {
      peer->reset();
    } else {
      EXPECT_TRUE(*connections[0]->close_now(CloseCode::try_again_later, "slow"));
    }
    loop->run_until_idle();
    expect_nothing_charged();
    EXPECT_EQ(core->info().dropped, takes_over ? 2u : 1u);
    advance(10);
  }
  // Others still can.
  const auto peer = open_offering();
  const std::string text = varied_text(100'000);
  EXPECT_TRUE(*connections.back()->send(text));
  loop->run_until_idle();
  EXPECT_EQ(Inflating({false, 15}).read(peer->take()), Words{"~" + text});
}

TEST_F(CompressionTest, FragmentsAreCompressedAsTheFirstOneIs) {
  for (const bool takes_over : {false, true}) {
    Compression compression;
    compression.server_context_takeover = takes_over;
    start(compressing(compression));
    const auto peer = open_offering();
    Inflating theirs({takes_over, 15});
    Connection& connection = *connections.back();
    const std::string first = varied_text(1000), large = varied_text(200'000);
    EXPECT_TRUE(*connection.send(first, Opcode::text, {.fin = false}));
    EXPECT_TRUE(*connection.send(large, Opcode::continuation, {.fin = false}));
    EXPECT_TRUE(*connection.send("short", Opcode::continuation, {.fin = false}));
    EXPECT_TRUE(*connection.send("", Opcode::continuation));
    EXPECT_TRUE(*connection.send("short", Opcode::text, {.fin = false}));
    EXPECT_TRUE(*connection.send(first, Opcode::continuation));
    EXPECT_TRUE(*connection.send(first, Opcode::text, {.fin = false, .compress = false}));
    EXPECT_TRUE(*connection.send(first, Opcode::continuation));
    EXPECT_TRUE(*connection.send(first));
    loop->run_until_idle();
    EXPECT_EQ(theirs.read(peer->take()),
              (Words{"~" + first + "+", "~" + large + "+", "~short+", "~", "short+", first,
                     first + "+", first, "~" + first}));
    expect_nothing_charged();
    core->stop(false);
    loop->run_until_idle();
    core.reset();
  }
}

TEST_F(CompressionTest, ABroadcastIsCompressedOnceForAllThatAgreedAlike) {
  Compression compression;
  compression.server_context_takeover = true;
  start(compressing(compression));
  const std::string alone =
      "Sec-WebSocket-Extensions: permessage-deflate; "
      "server_no_context_takeover";
  const auto first = open_offering(alone + "\r\n"), second = open_offering(alone + "\r\n");
  const auto narrow = open_offering(alone + "; server_max_window_bits=9\r\n");
  const auto keeping = open_offering();
  const auto plain = open();
  Inflating inflating[] = {Inflating({false, 15}), Inflating({false, 15}), Inflating({false, 9}),
                           Inflating({true, 15}), Inflating({false, 15})};
  transport::MemoryPeer* const peers[] = {first.get(), second.get(), narrow.get(), keeping.get(),
                                          plain.get()};
  for (const std::size_t size : {300u, 100'000u, 400u}) {
    const std::string text = varied_text(size);
    EXPECT_EQ(*core->broadcast(text, Opcode::text, {}), 5u);
    EXPECT_EQ(*core->broadcast("short", Opcode::text, {}), 5u);
    EXPECT_EQ(*core->broadcast(text, Opcode::text, {}, {.compress = false}), 5u);
    loop->run_until_idle();
    for (std::size_t i = 0; i < 5; ++i) {
      const std::string mark = i == 4 ? "" : "~";
      EXPECT_EQ(inflating[i].read_messages(peers[i]->take()), (Words{mark + text, "short", text}))
          << i;
    }
    expect_nothing_charged();
  }
  const std::string bytes = noise(100'000);
  EXPECT_EQ(*core->broadcast(bytes, Opcode::binary, {}), 5u);
  loop->run_until_idle();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(inflating[i].read_messages(peers[i]->take()), Words{bytes}) << i;
  }
  expect_nothing_charged();
}

TEST_F(CompressionTest, HoldsNoMemoryForWhoDoesntRead) {
  ServerOptions options = compressing();
  options.max_queued_bytes = 200'000;
  start(std::move(options));
  const auto peer = open_offering();
  peer->set_window(100);
  const std::string text = varied_text(50'000);
  int sent = 0;
  while (sent < 1000 && *connections[0]->send(text)) {
    ++sent;
    loop->run_until_idle();
  }
  EXPECT_GT(sent, 10) << "compressed bytes count";
  loop->run_until_idle();
  EXPECT_EQ(events.at(1), "close 1013");
  advance(10);
  expect_nothing_charged();
}

}  // namespace
}  // namespace simws::endpoint
