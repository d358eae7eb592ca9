// How a session frames what it sends, in both roles.
#include "protocol/session_test_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using namespace test;

// 1, 2, 3, ... in turn.
class CountingKeys final : public MaskingKeySource {
 public:
  MaskingKey next_key() override {
    ++count;
    return {std::byte{count}, std::byte{0x80}, std::byte{0}, std::byte{0xFF}};
  }

  std::uint8_t count = 0;
};

struct Sent {
  FrameOpcode opcode;
  bool fin;
  std::string payload;
};

const std::vector<Sent> conversation = {
    {FrameOpcode::text, true, "hello"},
    {FrameOpcode::binary, false, std::string(126, 'b')},
    {FrameOpcode::ping, true, "amid"},
    {FrameOpcode::continuation, true, std::string(300, 'c')},
    {FrameOpcode::text, true, ""},
    {FrameOpcode::pong, true, std::string(125, 'p')},
    {FrameOpcode::close, true, std::string("\x03\xE8", 2) + "bye"},
};

const Events heard = {"text:hello",
                      "ping:amid",
                      "binary:" + std::string(126, 'b') + std::string(300, 'c'),
                      "text:",
                      "pong:" + std::string(125, 'p'),
                      "close:1000:bye"};

std::string encode_all(const Session& session) {
  Buffer wire;
  for (const Sent& each : conversation) {
    session.encode(wire, each.opcode, each.fin, as_bytes(each.payload));
  }
  return std::string(wire.text());
}

TEST(SessionEncode, AServerUnderstandsAClientHoweverItsBytesCome) {
  CountingKeys keys;
  const Session client(Role::client, 1000, nullptr, &keys);
  EXPECT_FALSE(client.sends_plain_frames());
  EXPECT_EQ(events_of(encode_all(client)), heard);
  EXPECT_EQ(keys.count, conversation.size()) << "a key of its own for each frame";
}

TEST(SessionEncode, AClientUnderstandsAServerHoweverItsBytesCome) {
  const Session server(Role::server, 1000);
  EXPECT_TRUE(server.sends_plain_frames());
  EXPECT_EQ(events_of(encode_all(server), {.role = Role::client}), heard);
}

TEST(SessionEncode, AClientMasksWithTheKeysGiven) {
  CountingKeys keys;
  const Session client(Role::client, 1000, nullptr, &keys);
  Buffer wire("before");
  client.encode(wire, FrameOpcode::text, true, as_bytes("ABCDE"));
  EXPECT_EQ(wire.text(), "before" + std::string("\x81\x85\x01\x80\x00\xFF"
                                                "\x40\xC2\x43\xBB\x44",
                                                11));
  client.encode(wire, FrameOpcode::ping, true, {});
  EXPECT_EQ(wire.text().substr(17), std::string("\x89\x80\x02\x80\x00\xFF", 6));
}

TEST(SessionEncode, AServersFramesAreThoseOfMessages) {
  const Session server(Role::server, 1000);
  Buffer wire;
  server.encode(wire, FrameOpcode::text, false, as_bytes("part"));
  EXPECT_EQ(wire.text(), "\x01\x04part");
}

}  // namespace
}  // namespace simws::protocol
