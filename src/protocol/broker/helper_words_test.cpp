#include "protocol/broker/helper_words.h"

#include "protocol/broker/helper_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using namespace helper_word;

// Line and payload of each frame, and why reading ended if it failed.
std::vector<std::string> frames_of(std::string_view bytes, std::size_t portion) {
  HelperFrames reader;
  std::vector<std::string> frames;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(portion, bytes.size()))) {
    Bytes input = as_bytes(bytes.substr(0, portion));
    while (!input.empty()) {
      const HelperFrames::Outcome outcome = reader.read(input);
      if (const auto* const failed = std::get_if<HelperFrames::Failed>(&outcome)) {
        frames.emplace_back(failed->reason);
        return frames;
      }
      const auto* const frame = std::get_if<HelperFrames::Frame>(&outcome);
      if (frame) {
        frames.push_back(std::string(frame->line) + "|" + std::string(as_text(frame->payload)));
      }
    }
  }
  return frames;
}

void expect_frames(const std::string& bytes, const std::vector<std::string>& expected) {
  for (std::size_t portion = 1; portion <= bytes.size(); ++portion) {
    EXPECT_EQ(frames_of(bytes, portion), expected) << "in portions of " << portion;
  }
}

std::string with_length(std::uint32_t length, const std::string& rest) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(length >> (8 * i) & 0xFF);
  return bytes + rest;
}

TEST(HelperFrames, AreALengthALineAndAPayload) {
  EXPECT_EQ(helper_frame::head("[\"x\"]", 258), with_length(264, "[\"x\"]\n"));
  expect_frames(helper_frame::head("a", 0) + helper_frame::head("b", 5) + "c\nd\n\n" +
                    helper_frame::head("", 1) + "e",
                {"a|", "b|c\nd\n\n", "|e"});
}

TEST(HelperFrames, WithoutALineFailForGood) {
  expect_frames(helper_frame::head("a", 0) + with_length(2, "bc") + helper_frame::head("d", 0),
                {"a|", "a frame has no header line"});
  expect_frames(with_length(0, "bc"), {"a frame has no header line"});
  const std::string line(helper_frame::max_line_size, 'x');
  EXPECT_EQ(frames_of(helper_frame::head(line, 0), 4096), std::vector{line + "|"});
  EXPECT_EQ(frames_of(helper_frame::head(line + "x", 0), 4096),
            std::vector<std::string>{"a header line is too long"});
}

TEST(HelperFrames, OverAGibibyteFailBeforeTheyCome) {
  expect_frames(with_length((1u << 30) + 1, "x"), {"a frame is over 1 GiB"});
  EXPECT_EQ(frames_of(with_length(1u << 30, "x"), 100), std::vector<std::string>{});
}

template <typename Word, typename Parse>
void expect_read(const std::string& head, const std::string& line, const Word& word, Parse parse) {
  EXPECT_EQ(head.substr(helper_frame::length_size), line + "\n");
  const auto read = parse(line);
  ASSERT_TRUE(read.ok()) << line << ": " << read.error().message;
  const Word* const same = std::get_if<Word>(&read.value());
  EXPECT_TRUE(same && *same == word) << line;
}

TEST(HelperWords, OfAServer) {
  const Start whole{"nats://h:4222", "/c", "/ca", "/x", "/y", "arm", "0123456789ab", "h:9000"};
  expect_read(start(whole),
              "[\"start\",{\"url\":\"nats://h:4222\",\"credentials\":\"/c\",\"ca\":\"/ca\","
              "\"certificate\":\"/x\",\"privateKey\":\"/y\",\"name\":\"arm\","
              "\"epoch\":\"0123456789ab\",\"address\":\"h:9000\"}]",
              whole, parse_server_word);
  expect_read(message("a/b", "k\"", Opcode::binary, 7, 1700000000000.123, true, 3),
              "[\"message\",\"a/b\",\"k\\\"\",\"binary\",7,1700000000000.123,true]",
              Message{"a/b", "k\"", Opcode::binary, 7, 1700000000000.123, true}, parse_server_word);
  const std::uint64_t most = 18446744073709551615U;
  expect_read(retained("a", "", Opcode::text, most, 1, 0),
              "[\"retained\",\"a\",\"\",\"text\",18446744073709551615,1.0]",
              Retained{"a", "", Opcode::text, most, 1}, parse_server_word);
  expect_read(mark(most), "[\"mark\",18446744073709551615]", Mark{most}, parse_server_word);
  expect_read(topics(0), "[\"topics\"]", Topics{}, parse_server_word);
  expect_read(mark(2, true), "[\"mark\",2,\"stored\"]", Mark{2, true}, parse_server_word);
  expect_read(stop(), "[\"stop\"]", Stop{}, parse_server_word);
}

TEST(HelperWords, OfTheHelper) {
  using Kind = State::Kind;
  expect_read(state(Kind::connecting, "no route"), "[\"state\",\"connecting\",\"no route\"]",
              State{Kind::connecting, "no route"}, parse_helper_word);
  expect_read(state(Kind::open, ""), "[\"state\",\"open\",\"\"]", State{Kind::open, ""},
              parse_helper_word);
  expect_read(state(Kind::held, "h:1"), "[\"state\",\"held\",\"h:1\"]", State{Kind::held, "h:1"},
              parse_helper_word);
  expect_read(state(Kind::error, "x"), "[\"state\",\"error\",\"x\"]", State{Kind::error, "x"},
              parse_helper_word);
  expect_read(problem(""), "[\"problem\",\"\"]", Problem{}, parse_helper_word);
  expect_read(acknowledge(3), "[\"ack\",3]", Acknowledge{3}, parse_helper_word);
  expect_read(publish({"e1", "::1", 7}, "a", Opcode::text, 4),
              "[\"publish\",\"e1\",{\"address\":\"::1\",\"connection\":7},\"a\",\"text\"]",
              Publish{{"e1", "::1", 7}, "a", Opcode::text}, parse_helper_word);
}

TEST(HelperWords, APayloadCounts) {
  EXPECT_EQ(frames_of(message("a", "", Opcode::text, 1, 0, false, 2) + "hi" + stop(), 1000),
            (std::vector<std::string>{"[\"message\",\"a\",\"\",\"text\",1,0.0,false]|hi",
                                      "[\"stop\"]|"}));
}

TEST(HelperWords, OfLaterVersionsArePassedOver) {
  for (const std::string_view line : {"[\"later\"]", "[\"later\",{\"a\":[1,{}]},null]"}) {
    EXPECT_TRUE(std::holds_alternative<Unknown>(parse_server_word(line).value())) << line;
    EXPECT_TRUE(std::holds_alternative<Unknown>(parse_helper_word(line).value())) << line;
  }
  EXPECT_TRUE(std::holds_alternative<Unknown>(parse_helper_word("[\"state\",\"x\",\"\"]").value()));
  EXPECT_EQ(std::get<Mark>(parse_server_word("[\"mark\",1,[{\"a\":2}],2]").value()).number, 1U);
}

TEST(HelperWords, ThatLackAValueAreErrors) {
  for (const std::string_view line :
       {"", "{", "{}", "\"mark\"", "[]", "[1]", "[[\"mark\"],1]", "[\"mark\"]", "[\"mark\",-1]",
        "[\"mark\",1.5]", "[\"mark\",\"1\"]", "[\"mark\",[1]]", "[\"start\"]", "[\"start\",\"\"]",
        "[\"message\",\"a\",\"\",\"text\",1,0]", "[\"message\",\"a\",\"\",\"x\",1,0,true]",
        "[\"retained\",\"a\",\"\",\"text\",1]", "[\"mark\",1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"}) {
    EXPECT_FALSE(parse_server_word(line).ok()) << line;
  }
  for (const std::string_view line :
       {"[\"state\"]", "[\"state\",\"open\"]", "[\"ack\",null]", "[\"problem\",1]",
        "[\"publish\",\"e\",\"\",\"a\",\"text\"]", "[\"publish\",\"e\",{},\"a\",\"texts\"]"}) {
    EXPECT_FALSE(parse_helper_word(line).ok()) << line;
  }
  EXPECT_EQ(parse_server_word("[\"mark\"]").error().message, "the word 'mark' lacks a value");
}

TEST(HelperWords, AViewerIsAnObject) {
  const RemoteViewer viewer{"e1", "10.0.0.1:5", 12};
  EXPECT_EQ(viewer_text(viewer), "{\"address\":\"10.0.0.1:5\",\"connection\":12}");
  EXPECT_EQ(parse_viewer(viewer_text(viewer), "e1").value(), viewer);
  EXPECT_EQ(parse_viewer("{\"more\":{\"address\":1},\"list\":[1,{\"connection\":5}],"
                         "\"connection\":2}",
                         "e")
                .value(),
            (RemoteViewer{"e", "", 2}));
  EXPECT_EQ(parse_viewer("{\"address\":1,\"connection\":-2}", "e").value(),
            (RemoteViewer{"e", "", 0}));
  for (const std::string_view text : {"", "[]", "[{}]", "1", "{", "{}x"}) {
    EXPECT_FALSE(parse_viewer(text, "e").ok()) << text;
  }
  EXPECT_FALSE(parse_viewer(std::string(1030, ' ') + "{}", "e").ok());
}

}  // namespace
}  // namespace simws::protocol
