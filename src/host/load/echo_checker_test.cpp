#include "host/load/echo_checker.h"
#include "host/load/server_frame_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simws::load {
namespace {

using ::testing::HasSubstr;

std::string echo_of(const Batch& batch) {
  std::string wire;
  for (const std::string& message : batch.messages) wire += frame(0x80 | batch.opcode, message);
  return wire;
}

std::string error_for(const Batch& batch, std::string_view wire) {
  EchoChecker checker(batch, true);
  checker.consume(wire);
  return checker.error();
}

TEST(EchoChecker, CountsMessagesInPortionsOfAnySize) {
  for (const std::size_t size : {0u, 1u, 5u, 125u, 126u, 1000u}) {
    const Batch batch = make_batch(size, 3, Payload::utf8);
    const std::string wire = echo_of(batch) + echo_of(batch);
    for (std::size_t portion = 1; portion <= wire.size(); ++portion) {
      EchoChecker checker(batch, true);
      std::size_t completed = 0;
      for (std::size_t at = 0; at < wire.size(); at += portion) {
        completed += checker.consume(std::string_view{wire}.substr(at, portion));
      }
      ASSERT_EQ(checker.error(), "");
      ASSERT_EQ(completed, 6u) << "size " << size << ", portions of " << portion;
    }
  }
}

TEST(EchoChecker, JoinsFragments) {
  const Batch batch = make_batch(10, 1, Payload::ascii);
  const std::string& message = batch.messages[0];
  EchoChecker checker(batch, true);
  EXPECT_EQ(checker.consume(frame(0x01, message.substr(0, 4)) + frame(0x00, message.substr(4, 3))),
            0u);
  EXPECT_EQ(checker.consume(frame(0x80, message.substr(7))), 1u);
  EXPECT_EQ(checker.error(), "");
}

TEST(EchoChecker, AnswersPings) {
  const Batch batch = make_batch(10, 1, Payload::ascii);
  const std::string& message = batch.messages[0];
  const std::string ping = frame(0x89, "ping");
  const std::string wire = ping + frame(0x01, message.substr(0, 4)) + frame(0x89, "") +
                           frame(0x8A, "pong") + frame(0x80, message.substr(4)) + ping;
  for (std::size_t portion = 1; portion <= wire.size(); ++portion) {
    EchoChecker checker(batch, true);
    std::size_t completed = 0;
    for (std::size_t at = 0; at < wire.size(); at += portion) {
      completed += checker.consume(std::string_view{wire}.substr(at, portion));
    }
    ASSERT_EQ(checker.error(), "");
    ASSERT_EQ(completed, 1u) << "portions of " << portion;
    const std::string key(4, '\0');
    const std::string pong = "\x8A\x84" + key + "ping";
    ASSERT_EQ(checker.take_pongs(), pong + "\x8A\x80" + key + pong) << "portions of " << portion;
  }
}

TEST(EchoChecker, SaysWhyItWasClosed) {
  const Batch batch = make_batch(10, 1, Payload::ascii);
  EXPECT_EQ(error_for(batch, frame(0x88, "\x03\xF0no room")), "a Close with 1008 ('no room')");
  EXPECT_THAT(error_for(batch, frame(0x89, std::string(126, 'x'))), HasSubstr("control frame"));
}

TEST(EchoChecker, CountsUnframedMessages) {
  const Batch batch = make_raw_batch(100, 3);
  EchoChecker checker(batch, false);
  EXPECT_EQ(checker.consume(batch.wire.substr(0, 150)), 1u);
  EXPECT_EQ(checker.consume(batch.wire.substr(150) + batch.wire), 5u);
  EXPECT_EQ(checker.error(), "");
}

TEST(EchoChecker, FindsWhatDiffers) {
  const Batch batch = make_batch(10, 2, Payload::ascii);
  const std::string& first = batch.messages[0];
  std::string changed = first;
  changed.back() ^= 1;
  EXPECT_THAT(error_for(batch, frame(0x81, changed)), HasSubstr("came instead of"));
  EXPECT_THAT(error_for(batch, frame(0x81, batch.messages[1])),
              HasSubstr("byte 0: '1 {\"joint\"' came instead of '0 {\"joint\"'"));
  EXPECT_THAT(error_for(batch, frame(0x82, first)), HasSubstr("opcode"));
  EXPECT_THAT(error_for(batch, frame(0xC1, first)), HasSubstr("opcode"));
  EXPECT_THAT(error_for(batch, frame(0x81, first.substr(0, 9))), HasSubstr("shorter"));
  EXPECT_THAT(error_for(batch, frame(0x81, first + "x")), HasSubstr("longer"));
  EXPECT_THAT(error_for(batch, batch.wire), HasSubstr("masked"));
  EXPECT_THAT(error_for(batch, frame(0x88, "")), HasSubstr("Close"));
}

TEST(Batch, HasMessagesOfTheSizeAskedFor) {
  for (const Payload payload : {Payload::ascii, Payload::utf8, Payload::binary}) {
    for (const std::size_t size : {0u, 1u, 2u, 3u, 64u, 16384u}) {
      for (const std::string& message : make_batch(size, 2, payload).messages) {
        EXPECT_EQ(message.size(), size);
      }
    }
  }
}

// RFC 6455, 5.3: unmasking is masking again.
TEST(Batch, MasksEachFrame) {
  const Batch batch = make_batch(126, 1, Payload::utf8);
  ASSERT_EQ(batch.wire.size(), 2u + 2u + 4u + 126u);
  EXPECT_EQ(batch.wire.substr(0, 4), std::string("\x81\xFE\x00\x7E", 4));
  std::string payload = batch.wire.substr(8);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>(payload[i] ^ batch.wire[4 + i % 4]);
  }
  EXPECT_EQ(payload, batch.messages[0]);
}

}  // namespace
}  // namespace simws::load
