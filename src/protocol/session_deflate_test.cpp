// The session with permessage-deflate: what a peer may compress, and what it may not (RFC 7692).
#include "protocol/deflate_decoder.h"
#include "protocol/deflate_test_fixture.h"
#include "protocol/session.h"
#include "protocol/session_test_fixture.h"

#include <string>
#include <vector>

namespace simws::protocol::test {
namespace {

using enum FrameOpcode;

constexpr DeflateSide alone{false, 15}, in_context{true, 15};

DeflatePool& shared_pool() {
  static DeflatePool pool;
  return pool;
}

Settings inflating(DeflateSide peer = alone, std::size_t max_message_size = 1 << 20) {
  return {.max_message_size = max_message_size,
          .extension = [=] { return std::make_unique<DeflateDecoder>(shared_pool(), peer); }};
}

std::string frame(FrameOpcode opcode, std::string payload, bool fin = true) {
  const bool begins = opcode != continuation;
  return client_frame({.fin = fin, .rsv1 = begins, .opcode = opcode}, std::move(payload));
}

std::string hex(FrameOpcode opcode, std::string_view payload, bool fin = true) {
  return frame(opcode, bytes_of(payload), fin);
}

const std::string not_deflate = "failure:1007:compressed data that can't be inflated";
const std::string not_utf8 = "failure:1007:text that isn't UTF-8";
const std::string too_big = "failure:1009:message over maxMessageSize";

struct Case {
  std::string wire;
  Events events;
};

void expect_all(const std::vector<Case>& cases, const Settings& settings = inflating()) {
  for (const Case& each : cases) {
    EXPECT_EQ(events_of(each.wire, settings), each.events) << testing::PrintToString(each.wire);
  }
}

// RFC 7692, 7.2.3.
TEST(SessionDeflate, InflatesTheStandardsExamples) {
  expect_all({
      {hex(text, "f2 48 cd c9 c9 07 00"), {"text:Hello"}},
      {hex(text, "f2 48 cd", false) + hex(continuation, "c9 c9 07 00"), {"text:Hello"}},
      {hex(text, "00 05 00 fa ff 48 65 6c 6c 6f 00"), {"text:Hello"}},
      {hex(text, "f3 48 cd c9 c9 07 00 00"), {"text:Hello"}},
      {hex(text, "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"), {"text:Hello"}},
      {hex(text, "00"), {"text:"}},
      {hex(text, "f2 48 cd c9 c9 07 00") + hex(text, "f2 48 cd c9 c9 07 00"),
       {"text:Hello", "text:Hello"}},
  });
  expect_all({{hex(text, "f2 48 cd c9 c9 07 00") + hex(text, "f2 00 11 00 00"),
               {"text:Hello", "text:Hello"}}},
             inflating(in_context));
}

TEST(SessionDeflate, InflatesBlocksOfEveryKind) {
  const std::string varied = varied_text(3000);
  Compressing compressing;
  const std::string dynamic = compressing.message(varied);
  ASSERT_LT(dynamic.size(), varied.size() / 2);
  const std::string stored = compressing.message(noise(700));
  const std::string first = compressing.fragment("first, ");
  const std::string second = compressing.message("second");
  expect_all({
      {frame(text, dynamic), {"text:" + varied}},
      {frame(binary, stored), {"binary:" + noise(700)}},
      {frame(text, compressing.message("")), {"text:"}},
      {frame(text, first + second), {"text:first, second"}},
      {frame(text, first, false) + client_frame(ping, "p") + frame(continuation, "", false) +
           frame(continuation, second),
       {"ping:p", "text:first, second"}},
  });
}

TEST(SessionDeflate, PlainMessagesComeBetween) {
  for (const DeflateSide peer : {alone, in_context}) {
    Compressing compressing(peer);
    const std::string first = compressing.message("a message, and a message");
    const std::string third = compressing.message("a message, and another message");
    expect_all(
        {{frame(text, first) + client_frame(text, "plain") + frame(text, third),
          {"text:a message, and a message", "text:plain", "text:a message, and another message"}}},
        inflating(peer));
  }
}

TEST(SessionDeflate, ABlockMayBeTheLastOneInTheMiddle) {
  const std::string last = "f3 48 cd c9 c9 07 00";  // "Hello", BFINAL set
  expect_all({
      {hex(text, last + "f2 48 cd c9 c9 07 00"), {"text:HelloHello"}},
      {hex(text, last + last + "00"), {"text:HelloHello"}},
      {hex(text, last + "00") + hex(text, last + "00"), {"text:Hello", "text:Hello"}},
      {hex(text, last + "00 00 00 ff ff 00"), {"text:Hello"}},
  });
  expect_all({{hex(text, last + "00") + hex(text, "f2 00 11 00 00"), {"text:Hello", "text:Hello"}}},
             inflating(in_context));
}

TEST(SessionDeflate, RefusesWhatIsNoDeflate) {
  const std::vector<std::string> wrong = {
      "",                                     // no block at all
      "f2 48 cd c9 c9 07",                    // cut off
      "f2 48 cd c9 c9",                       // cut off within a block
      "f3 48 cd c9 c9 07 00",                 // the last block, and not the byte that must follow
      "00 05 00 fa ff 48 65 6c",              // a block without compression, cut off
      "00 05 00 fb ff 48 65 6c 6c 6f 00",     // its length isn't that
      "06",                                   // a block of type 3
      "07 00",                                // the same, as the last one
      "f2 00 11 00 00",                       // refers to what there isn't
      "ec c0 01 01 00 00 00 80 90 fe af ee",  // more codes of a length than can be
      "fc ff ff",                             // too many codes
      "f2 48 cd c9 c9 07 00 ff",              // something behind the end
  };
  for (const std::string& payload : wrong) {
    SCOPED_TRACE(payload);
    for (const DeflateSide peer : {alone, in_context}) {
      const Events events = events_of(hex(binary, payload), inflating(peer));
      ASSERT_EQ(events, Events{not_deflate});
    }
  }
}

TEST(SessionDeflate, ContextsAreOnlyWhereTheyWereAgreedOn) {
  Compressing keeping(in_context);
  const std::string message = varied_text(500);
  const std::string first = keeping.message(message), second = keeping.message(message);
  ASSERT_LT(second.size(), 30u);
  const std::string wire = frame(text, first) + frame(text, second);
  expect_all({{wire, {"text:" + message, "text:" + message}}}, inflating(in_context));
  expect_all({{wire, {"text:" + message, not_deflate}}}, inflating(alone));
}

// No three bytes of it come twice.
std::string without_repeats(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < size; ++i) {
    bytes += static_cast<char>(i % 128);
    bytes += static_cast<char>(128 + i / 128);
  }
  return bytes;
}

// What lies farther back than the window isn't there any more.
TEST(SessionDeflate, AWindowIsAsLargeAsWasAgreedOn) {
  Compressing wide(in_context);
  const std::string far = without_repeats(64), between = without_repeats(2000).substr(64);
  std::string wire = frame(binary, wide.message(far + between));
  wire += frame(binary, wide.message(far));
  expect_all({{wire, {"binary:" + far + between, "binary:" + far}}}, inflating(in_context));
  expect_all({{wire, {"binary:" + far + between, not_deflate}}}, inflating({true, 9}));
}

TEST(SessionDeflate, LimitsWhatComesOut) {
  Compressing compressing;
  const std::string thousand = varied_text(1000);
  expect_all({{frame(text, compressing.message(thousand)), {"text:" + thousand}}},
             inflating(alone, 1000));
  expect_all({{frame(text, compressing.message(thousand)), {too_big}}}, inflating(alone, 999));
  expect_all({{frame(text, compressing.message(thousand)), {too_big}}}, inflating(in_context, 999));
  expect_all({{frame(text, compressing.message(thousand)), {too_big}}}, inflating(alone, 1));
}

// 1 MB of it would be 1 GB.
TEST(SessionDeflate, ABombIsRefusedBeforeItsMemoryIsTaken) {
  constexpr std::size_t limit = 1 << 20;
  Compressing compressing;
  const std::string zeros(16 << 20, '\0');
  const std::string bomb = compressing.message(zeros);
  ASSERT_LT(bomb.size(), 20'000u);
  const std::string half = zeros.substr(0, limit / 2);
  std::string in_fragments = frame(binary, compressing.fragment(half), false);
  for (int i = 0; i < 4; ++i) {
    in_fragments += frame(continuation, compressing.fragment(half), false);
  }
  Compressing beginning;
  std::string at_the_end = frame(binary, beginning.fragment("small"), false);
  at_the_end += frame(continuation, beginning.message(zeros));
  for (const std::string& wire : {frame(binary, bomb), in_fragments, at_the_end}) {
    Session session(Role::server, limit, inflating().extension());
    Recorder recorder;
    std::size_t most = 0;
    std::string rest = wire;
    for (std::size_t i = 0; i < rest.size() && !session.stopped(); ++i) {
      session.receive(as_mutable_bytes(std::span(rest).subspan(i, 1)), recorder);
      most = std::max(most, session.assembly_size());
    }
    EXPECT_EQ(recorder.events, Events{too_big});
    EXPECT_LE(most, limit);
    EXPECT_EQ(events_chopped(wire, inflating(alone, limit), {}), Events{too_big});
  }
}

TEST(SessionDeflate, ValidatesTextAsItComesOut) {
  Compressing compressing;
  const std::string whole = varied_text(600) + "\xC3\xA4" + varied_text(600);
  expect_all({
      {frame(text, compressing.message(whole)), {"text:" + whole}},
      {frame(text, compressing.message("\xFF")), {not_utf8}},
      {frame(text, compressing.message(varied_text(600) + "\xED\xA0\x80")), {not_utf8}},
      {frame(text, compressing.message("cut off \xC3")), {not_utf8}},
      {frame(binary, compressing.message("\xFF")), {"binary:\xFF"}},
  });
  // As soon as it's certain: neither the message's end nor the frame's has come.
  const std::string begun = compressing.fragment("a\xFE");
  expect_all({{frame(text, begun, false), {not_utf8}}});
  const std::string more = compressing.message("more");
  const std::string cut = frame(text, begun + more);
  expect_all({{cut.substr(0, cut.size() - 3), {not_utf8}}});
}

TEST(SessionDeflate, OwnsRsv1OfAMessagesFirstFrameOnly) {
  expect_all({
      {client_frame({.rsv1 = true, .opcode = ping}, "p"),
       {"failure:1002:RSV1 set on a control frame"}},
      {client_frame({.rsv1 = true, .opcode = close}, ""),
       {"failure:1002:RSV1 set on a control frame"}},
      {hex(text, "f2 48 cd", false) +
           client_frame({.rsv1 = true, .opcode = continuation}, bytes_of("c9 c9 07 00")),
       {"failure:1002:RSV1 set on a continuation frame"}},
      {client_frame({.rsv1 = true, .rsv2 = true}, "a"),
       {"failure:1002:RSV2 or RSV3 set without an extension that defines it"}},
  });
}

TEST(SessionDeflate, NothingIsInflatedThatIsDiscarded) {
  const std::string wire = hex(text, "f2 48 cd", false) + hex(continuation, "06") +
                           hex(binary, "06") + client_frame(close, "");
  for (const std::size_t size : {1UL, wire.size()}) {
    Session session(Role::server, 1000, inflating().extension());
    Recorder recorder;
    receive(session, hex(text, "f2 48", false), recorder);
    session.discard_messages();
    receive(session, hex(continuation, "06") + wire, recorder, {.size = size});
    EXPECT_EQ(recorder.events, (Events{"close:1005:"}));
  }
}

// Inflaters are borrowed for the time of a message.
TEST(SessionDeflate, AClientsSideInflatesToo) {
  Compressing compressing;
  Settings settings = inflating();
  settings.role = Role::client;
  const std::string payload = compressing.message("from the server");
  std::array<std::byte, max_frame_header_size> header;
  const std::size_t size =
      encode_frame_header({.rsv1 = true, .opcode = text, .payload_length = payload.size()}, header);
  const std::string wire = std::string(as_text(Bytes(header).first(size))) + payload;
  EXPECT_EQ(events_of(wire, settings), Events{"text:from the server"});
}

}  // namespace
}  // namespace simws::protocol::test
