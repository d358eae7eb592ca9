#include "recording/line_reader.h"
#include "recording/line_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::recording {
namespace {

std::string line(const Entry& entry) {
  std::string text;
  append_line(text, entry);
  return text;
}

struct Case {
  Entry entry;
  std::string text;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {{0, Message{"hello"}}, "{\"t\":0.000000,\"text\":\"hello\"}\n"},
      {{1500, Message{""}}, "{\"t\":0.001500,\"text\":\"\"}\n"},
      {{1'000'000, Message{"a\"b\\c\nd\re\tf\x01g\x7f\u00e9"}},
       "{\"t\":1.000000,\"text\":\"a\\\"b\\\\c\\nd\\re\\tf\\u0001g\x7f\u00e9\"}\n"},
      {{12'345'678, Message{{"\0\xFF\x10", 3}, Opcode::binary}},
       "{\"t\":12.345678,\"binary\":\"AP8Q\"}\n"},
      {{2, Message{"x", Opcode::text, "a/b", "k", true}},
       "{\"t\":0.000002,\"topic\":\"a/b\",\"key\":\"k\",\"retain\":true,\"text\":\"x\"}\n"},
      {{2, Message{"x", Opcode::text, "", "", false, 3, 0}},
       "{\"t\":0.000002,\"from\":3,\"text\":\"x\"}\n"},
      {{2, Message{"x", Opcode::text, "", "", false, 0, 4}},
       "{\"t\":0.000002,\"to\":4,\"text\":\"x\"}\n"},
      {{3, Opened{1, "127.0.0.1:5"}}, "{\"t\":0.000003,\"open\":1,\"address\":\"127.0.0.1:5\"}\n"},
      {{3, Opened{2}}, "{\"t\":0.000003,\"open\":2}\n"},
      {{4, Closed{1, 1001, "bye"}},
       "{\"t\":0.000004,\"close\":1,\"code\":1001,\"reason\":\"bye\"}\n"},
      {{5, Lost{12, 3456}}, "{\"t\":0.000005,\"lost\":12,\"bytes\":3456}\n"},
  };
  return all;
}

TEST(Line, IsWrittenAsTheFormatSays) {
  for (const Case& each : cases()) EXPECT_EQ(line(each.entry), each.text);
}

TEST(Line, IsReadAsItWasWritten) {
  for (const Case& each : cases()) {
    LineReader reader;
    const auto entry = reader.read(std::string_view(each.text).substr(0, each.text.size() - 1));
    ASSERT_TRUE(entry) << entry.error().message << each.text;
    ASSERT_TRUE(*entry) << each.text;
    EXPECT_EQ(**entry, each.entry) << each.text;
  }
}

TEST(Line, HeaderIsReadAsItWasWritten) {
  const Header headers[] = {
      {"2026-11-30T10:41:40.123456Z", "ws://robot:9000/", "", "simws.topics.1"},
      {"2026-11-30T10:41:40.000000Z", "", "127.0.0.1:9000", ""}};
  for (const Header& header : headers) {
    std::string text;
    append_line(text, header);
    EXPECT_TRUE(text.starts_with("{\"format\":\"simws-recording\",\"version\":1,\"began\":\"2026"));
    const auto read = LineReader().read_header(std::string_view(text).substr(0, text.size() - 1));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, header);
  }
}

TEST(Line, WhatIsNotKnownIsPassedOver) {
  LineReader reader;
  EXPECT_EQ(
      **reader.read("{\"new\":{\"t\":[1,{\"text\":\"no\"}]},\"t\":1,\"text\":\"x\",\"n\":null}"),
      (Entry{1'000'000, Message{"x"}}));
  EXPECT_FALSE(*reader.read("{\"t\":2,\"newer\":\"kind\"}"));
  EXPECT_FALSE(*reader.read(""));
  EXPECT_FALSE(*reader.read(" \t\r"));
  const auto header =
      LineReader().read_header("{\"version\":1,\"more\":[{}],\"format\":\"simws-recording\"}");
  ASSERT_TRUE(header);
  EXPECT_EQ(*header, Header());
}

TEST(Line, TimesMayBeWrittenInAnyWay) {
  LineReader reader;
  for (const auto& [text, time] : {std::pair{"0", 0u},
                                   {"1e-3", 1000u},
                                   {"0.0015", 1500u},
                                   {"1", 1'000'000u},
                                   {"1.5E0", 1'500'000u}}) {
    const auto entry = reader.read("{\"text\":\"\",\"t\":" + std::string(text) + "}");
    ASSERT_TRUE(entry && *entry) << text;
    EXPECT_EQ((*entry)->time, time);
  }
}

TEST(Line, WhatCannotBeSaysWhatToDo) {
  const std::pair<std::string, std::string> wrong[] = {
      {"x", "is no JSON object"},
      {"[]", "is no JSON object"},
      {"{\"t\":0,\"text\":\"\xFF\"}", "is no JSON object; each line must be one, in UTF-8"},
      {"{\"t\":0,\"text\":\"x\"", "is no JSON object"},
      {"{\"t\":0,\"text\":\"\\ud800\"}", "is no JSON object"},
      {"{\"text\":\"x\"}", "needs 't'"},
      {"{\"t\":\"0\",\"text\":\"x\"}", "needs 't'"},
      {"{\"t\":-1,\"text\":\"x\"}", "needs 't'"},
      {"{\"t\":1e10,\"text\":\"x\"}", "needs 't'"},
      {"{\"t\":0,\"t\":0,\"text\":\"x\"}", "has 't' twice"},
      {"{\"t\":0,\"text\":\"x\",\"binary\":\"\"}", "has both 'text' and 'binary'"},
      {"{\"t\":0,\"text\":1}", "'text' must be a string"},
      {"{\"t\":0,\"text\":null}", "'text' must be a string"},
      {"{\"t\":0,\"text\":\"x\",\"topic\":{}}", "'topic' must be a string"},
      {"{\"t\":0,\"text\":\"x\",\"retain\":1}", "'retain' must be true or false"},
      {"{\"t\":0,\"text\":\"x\",\"from\":-1}", "'from' must be a whole number"},
      {"{\"t\":0,\"text\":\"x\",\"to\":0.5}", "'to' must be a whole number"},
      {"{\"t\":0,\"binary\":\"A\"}", "'binary' must be base64"},
      {"{\"t\":0,\"close\":1,\"code\":70000}", "'code' must be a close code"},
  };
  for (const auto& [text, words] : wrong) {
    LineReader reader;
    const auto entry = reader.read(text);
    ASSERT_FALSE(entry) << text;
    EXPECT_NE(entry.error().message.find(words), std::string::npos) << entry.error().message;
  }
}

TEST(Line, TimesMayNotFall) {
  LineReader reader;
  EXPECT_TRUE(reader.read("{\"t\":2,\"text\":\"x\"}"));
  EXPECT_TRUE(reader.read("{\"t\":2,\"text\":\"x\"}"));
  const auto earlier = reader.read("{\"t\":1.999999,\"text\":\"x\"}");
  ASSERT_FALSE(earlier);
  EXPECT_NE(earlier.error().message.find("sort the lines by 't'"), std::string::npos);
}

TEST(Line, HeadersOfOtherThingsAreRefused) {
  const std::pair<std::string, std::string> wrong[] = {
      {"{}", "is this the right file?"},
      {"hello", "is this the right file?"},
      {"{\"format\":\"x\",\"version\":1}", "is this the right file?"},
      {"{\"format\":1,\"version\":1}", "is this the right file?"},
      {"{\"format\":\"simws-recording\",\"version\":2}", "is of version 2"},
      {"{\"format\":\"simws-recording\"}", "is of version 0"},
      {"{\"format\":\"simws-recording\",\"version\":1,\"url\":1}", "'url' must be a string"},
  };
  for (const auto& [text, words] : wrong) {
    const auto header = LineReader().read_header(text);
    ASSERT_FALSE(header) << text;
    EXPECT_NE(header.error().message.find(words), std::string::npos) << header.error().message;
  }
}

TEST(Line, TellsTheTimeOfDay) {
  using std::chrono::system_clock;
  EXPECT_EQ(rfc3339(system_clock::time_point()), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(rfc3339(system_clock::time_point(std::chrono::microseconds(1'700'000'000'000'042))),
            "2023-11-14T22:13:20.000042Z");
}

}  // namespace
}  // namespace simws::recording
