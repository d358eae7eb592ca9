// Frames that break the protocol or a limit, and those at its very edge.
#include "endpoint/hostile_test_fixture.h"

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

// After an opening handshake.
HostileCase breaks(const std::string& name, const std::string& frames, const std::string& code,
                   Words before = {}) {
  Words events{"open"};
  std::string answer = "101";
  for (std::string& word : before) {
    answer += word.starts_with("text") ? " text" : " binary";
    events.push_back(std::move(word));
  }
  events.push_back("close " + code);
  events.emplace_back("release");
  return {name, handshake() + frames, answer + " close " + code, events};
}

HostileCase passes(const std::string& name, const std::string& frames, const std::string& answer,
                   Words told) {
  told.insert(told.begin(), "open");
  return {name, handshake() + frames, answer.empty() ? "101" : "101 " + answer, told};
}

std::string fragment(FrameOpcode opcode, std::string payload) {
  return client_frame(opcode, std::move(payload), false);
}

std::string continuation(std::string payload, bool fin = true) {
  return client_frame(FrameOpcode::continuation, std::move(payload), fin);
}

std::string control(FrameOpcode opcode, std::string payload = {}) {
  return client_frame(opcode, std::move(payload));
}

// A masked header that announces `length` in 2 or 8 bytes, and a little payload.
std::string announced(int bytes, std::uint64_t length, int first = 0x82) {
  std::string frame{static_cast<char>(first), static_cast<char>(0x80 | (bytes == 2 ? 126 : 127))};
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    frame += static_cast<char>(length >> shift);
  }
  return frame + "keykpayload";
}

TEST_P(HostileTest, ReservedBitsOpcodesAndMasks) {
  serve();
  run(breaks("not masked", server_frame(FrameOpcode::text, "a"), "1002"));
  run(breaks("RSV1", raw_frame(0xC1, "a"), "1002"));
  run(breaks("RSV2", raw_frame(0xA1, "a"), "1002"));
  run(breaks("RSV3", raw_frame(0x91, "a"), "1002"));
  run(breaks("RSV1 on a continuation", fragment(FrameOpcode::text, "a") + raw_frame(0xC0, "b"),
             "1002"));
  run(breaks("RSV1 on a ping", raw_frame(0xC9, "a"), "1002"));
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    run(breaks("opcode " + std::to_string(opcode), text("a") + raw_frame(0x80 | opcode, "b"),
               "1002", {"text a"}));
  }
}

TEST_P(HostileTest, LengthsAreRefusedByTheHeaderAlone) {
  serve();
  run(breaks("2 bytes for 125", announced(2, 125), "1002"));
  run(breaks("8 bytes for 65535", announced(8, 65'535), "1002"));
  run(breaks("the high bit", announced(8, 1ull << 63), "1002"));
  run(breaks("2^64-1", announced(8, ~0ull), "1002"));
  run(breaks("2^63-1", announced(8, ~0ull >> 1), "1009"));
  run(breaks("wraps 64 bits with its header", announced(8, (~0ull >> 1) - 13), "1009"));
  run(breaks("wraps 32 bits with its header", announced(8, 0xFFFF'FFF8), "1009"));
  run(breaks("one over maxMessageSize", announced(8, (32u << 20) + 1), "1009"));
}

TEST_P(HostileTest, ControlFrames) {
  serve();
  run(breaks("ping of 126 bytes", control(FrameOpcode::ping, std::string(126, 'p')), "1002"));
  run(breaks("fragmented ping", fragment(FrameOpcode::ping, "p"), "1002"));
  run(breaks("fragmented close", fragment(FrameOpcode::close, close_payload(1000)), "1002"));
  run(breaks("ping announced in 8 bytes", announced(8, 70'000, 0x89), "1002"));
  run(passes("unsolicited pongs",
             control(FrameOpcode::pong) + control(FrameOpcode::pong, "12345678") + text("a"),
             "text", {"text a"}));
  run(passes("ping inside a message",
             fragment(FrameOpcode::text, "a") + control(FrameOpcode::ping, "p") + continuation("b"),
             "pong text", {"text ab"}));
}

TEST_P(HostileTest, Fragments) {
  ServerOptions options;
  options.max_message_size = 10;
  serve(options);
  run(breaks("nothing to continue", continuation("a"), "1002"));
  run(breaks("nothing to continue any more",
             fragment(FrameOpcode::text, "a") + continuation("b") + continuation("c"), "1002",
             {"text ab"}));
  run(breaks("text inside a message", fragment(FrameOpcode::text, "a") + text("b"), "1002"));
  run(breaks("binary inside a message",
             fragment(FrameOpcode::text, "a") + client_frame(FrameOpcode::binary, "b"), "1002"));
  run(passes("at the limit", fragment(FrameOpcode::binary, "12345") + continuation("67890"),
             "binary", {"binary 1234567890"}));
  run(breaks(
      "over the limit by the last byte",
      fragment(FrameOpcode::binary, "12345") + continuation("67890", false) + continuation("1"),
      "1009"));
  run(breaks("over the limit in one", client_frame(FrameOpcode::binary, "12345678901"), "1009"));
}

TEST_P(HostileTest, TextThatIsNotUtf8) {
  serve();
  for (const char* bytes : {"\xff", "a\xc0", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80",
                            "a\xe2\x82", "\xe2\x28\xa1"}) {
    run(breaks(testing::PrintToString(bytes), text(bytes), "1007"));
  }
  run(breaks("split over fragments", fragment(FrameOpcode::text, "\xe2") + continuation("\x28"),
             "1007"));
  run(breaks("as soon as it is certain", fragment(FrameOpcode::text, "\xc0"), "1007"));
  run(breaks("before the frame ends", text("\xff" + std::string(100, 'a')).substr(0, 20), "1007"));
  run(passes("a character split over fragments",
             fragment(FrameOpcode::text, "\xe2") + control(FrameOpcode::ping) +
                 continuation("\x82", false) + continuation("\xac"),
             "pong text", {"text \xe2\x82\xac"}));
}

TEST_P(HostileTest, CloseFrames) {
  serve();
  run(breaks("payload of one byte", control(FrameOpcode::close, "\x03"), "1002"));
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    run(breaks(std::to_string(code), client_close(code), "1002"));
  }
  run(breaks("reason that is not UTF-8", client_close(1000, "\xff"), "1007"));
  run(breaks("reason of 124 bytes", client_close(1000, std::string(124, 'r')), "1002"));
  const Words closed{"close 1000 clean", "release"};
  run(passes("data after it", client_close(1000) + text("a") + raw_frame(0xFF, "b"), "close 1000",
             closed));
  run(passes("twice", client_close(1000) + client_close(1001), "close 1000", closed));
  run(passes("without a code", control(FrameOpcode::close), "close",
             {"close 1005 clean", "release"}));
  run(passes("inside a message", fragment(FrameOpcode::text, "a") + client_close(1000),
             "close 1000", closed));
}

TEST_P(HostileTest, MaskingKeys) {
  serve();
  std::string zero = client_frame(FrameOpcode::text, std::string("\1\2\3\4\1\2", 6));
  zero.replace(2, 4, 4, '\0');  // what was masked is now what it says
  run(passes("zero", zero, "text", {"text " + std::string(6, '\0')}));
  std::string other = text("abcd");
  for (std::size_t i = 2; i < other.size(); ++i) other[i] = static_cast<char>(other[i] ^ 0x5A);
  run(passes("another for each frame", text("abcd") + other + zero, "text text text",
             {"text abcd", "text abcd", "text " + std::string(6, '\0')}));
}

TEST_P(HostileTest, SizesAtTheEdgesOfLengths) {
  serve();
  for (const std::size_t size : {0u, 125u, 126u, 127u, 65'535u, 65'536u}) {
    const std::string payload(size, 'x');
    run(passes(std::to_string(size), text(payload), "text", {"text " + payload}));
  }
}

TEST_P(HostileTest, EchoesByteForByteAtTheEdgesOfLengths) {
  serve();
  auto peer = open();
  for (const std::size_t size : {0u, 125u, 126u, 127u, 65'535u, 65'536u}) {
    const std::string payload(size, '\xfe');
    peer->send(client_frame(FrameOpcode::binary, payload));
    EXPECT_TRUE(peer->take() == server_frame(FrameOpcode::binary, payload)) << size;
  }
}

TEST_P(HostileTest, AClientThatEndsItsSideStillReads) {
  serve();
  auto peer = connect();
  peer->set_window(200);
  peer->send(handshake() + text(std::string(5000, 'a')));
  peer->finish();
  std::string got;
  for (std::string part = peer->take(); !part.empty(); part = peer->take()) {
    got += part;
    loop->run_until_idle();
  }
  EXPECT_EQ(words_of_answer(got), "101 text");
  EXPECT_TRUE(peer->saw_end());
  EXPECT_EQ(count(events, "close 1006"), 1);
  expect_clean();
}

// Of all files.
INSTANTIATE_TEST_SUITE_P(Over, HostileTest, both_wires(), wire_name);

}  // namespace
}  // namespace simws::endpoint
