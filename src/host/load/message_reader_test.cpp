#include "host/load/message_reader.h"
#include "host/load/server_frame_test.h"

#include <gtest/gtest.h>

#include <vector>

namespace simws::load {
namespace {

std::vector<std::string> read(MessageReader& reader, std::string_view wire, std::size_t portion) {
  std::vector<std::string> messages;
  for (std::size_t at = 0; at < wire.size(); at += portion) {
    reader.append(wire.substr(at, portion));
    while (reader.next()) messages.emplace_back(reader.message());
  }
  return messages;
}

TEST(MessageReader, JoinsPortionsOfAnySize) {
  const std::string big(300, 'b');
  const std::string wire = frame(0x81, "a") + frame(0x01, "x") + frame(0x89, "ping") +
                           frame(0x80, "yz") + frame(0x82, big) + frame(0x81, "");
  for (std::size_t portion = 1; portion <= wire.size(); ++portion) {
    MessageReader reader;
    EXPECT_EQ(read(reader, wire, portion), (std::vector<std::string>{"a", "xyz", big, ""}));
    EXPECT_FALSE(reader.is_closed());
  }
}

TEST(MessageReader, SaysWhatAMessageIs) {
  const std::string wire = frame(0x42, "a") + frame(0x80, "b") + frame(0x81, "c");
  MessageReader reader;
  reader.append(wire);
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.is_compressed());
  EXPECT_EQ(reader.opcode(), 2);
  ASSERT_TRUE(reader.next());
  EXPECT_FALSE(reader.is_compressed());
  EXPECT_EQ(reader.opcode(), 1);
}

TEST(MessageReader, EndsAtAClose) {
  MessageReader reader;
  EXPECT_TRUE(read(reader, frame(0x88, "") + frame(0x81, "after"), 100).empty());
  EXPECT_TRUE(reader.is_closed());
}

TEST(MessageReader, SaysWhyItEnds) {
  const auto end_of = [](const std::string& wire) {
    MessageReader reader;
    reader.append(wire);
    while (reader.next()) {
    }
    return reader.end();
  };
  EXPECT_EQ(end_of(frame(0x81, "a")), "");
  EXPECT_EQ(end_of(frame(0x88, "")), "a Close without a code");
  EXPECT_EQ(end_of(frame(0x88, "\x03\xF0no \x1b")), "a Close with 1008 ('no \\x1b')");
  EXPECT_EQ(end_of(frame(0x88, "x")), "a malformed Close");
  EXPECT_EQ(end_of(frame(0x80, "a")), "a continuation of nothing");
  EXPECT_EQ(end_of(frame(0x01, "a") + frame(0x81, "b")), "a message within another");
  EXPECT_EQ(end_of(frame(0x89, std::string(126, 'x'))), "a control frame of more than 125 bytes");
  EXPECT_EQ(end_of(std::string("\x81\x81\0\0\0\0x", 7)), "a masked frame");
  EXPECT_EQ(end_of(std::string("\x82\x7f\x00\x00\x00\x00\x80\x00\x00\x00", 10)),
            "a message of more than 128 MiB");
}

TEST(MessageReader, AnswersPings) {
  MessageReader reader;
  EXPECT_TRUE(read(reader, frame(0x89, "abc") + frame(0x89, ""), 3).empty());
  EXPECT_EQ(reader.take_pongs(),
            std::string("\x8A\x83\0\0\0\0abc", 9) + std::string("\x8A\x80\0\0\0\0", 6));
  EXPECT_EQ(reader.take_pongs(), "");
}

TEST(MessageReader, CutsRawBytesBySize) {
  MessageReader reader(3);
  EXPECT_EQ(read(reader, "abcdefgh", 2), (std::vector<std::string>{"abc", "def"}));
}

}  // namespace
}  // namespace simws::load
