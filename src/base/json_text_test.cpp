#include "base/json_text.h"

#include "base/cut_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace simws {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonText, StringsAreEscaped) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("plain \xC3\xBC \xE2\x82\xAC"), "\"plain \xC3\xBC \xE2\x82\xAC\"");
  EXPECT_EQ(json_of("a\"b\\c/"), R"("a\"b\\c/")");
  EXPECT_EQ(json_of(std::string("\0\n\x1f\x7f", 4)), "\"\\u0000\\n\\u001f\x7f\"");
}

TEST(JsonText, WhatIsNoUtf8IsReplaced) {
  const std::string bad = "\xEF\xBF\xBD";
  const std::pair<std::string, std::string> cases[] = {
      {"\xFF", bad},
      {"a\xFF\xFE\"z", "a" + bad + bad + "\\\"z"},
      {"a\xE2\x82", "a" + bad},
      {"\xE2\x82X", bad + "X"},
      {"\xE2\xE2\x82\xAC", bad + "\xE2\x82\xAC"},
      {"\xC0\x80", bad + bad},
      {"\xED\xA0\x80", bad + bad + bad},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(json_of(text), '"' + expected + '"');
}

TEST(JsonText, TextsAreCutBetweenCharacters) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("abc", 2), "ab");
  EXPECT_EQ(cut_text("a\xE2\x82\xAC", 3), "a");
  EXPECT_EQ(cut_text("a\xE2\x82\xACz", 4), "a\xE2\x82\xAC");
  EXPECT_EQ(cut_text("\x80\x80\x80", 1), "");
}

TEST(JsonText, ValuesStandInTheirOrder) {
  JsonText json;
  json.begin_object().member("a", 1).member("b", 0.5).member("c", std::string_view("x\n"));
  json.name("d").begin_array().number(1u).text("").flag(true).null().begin_object().end_object();
  json.begin_array().end_array().end_array().member("e", false).end_object();
  EXPECT_EQ(json.get(), R"({"a":1,"b":0.5,"c":"x\n","d":[1,"",true,null,{},[]],"e":false})");
  EXPECT_EQ(json.size(), json.get().size());
}

TEST(JsonText, NumbersAreJsonsOwn) {
  JsonText json;
  json.begin_array().number(-3).number(std::numeric_limits<std::uint64_t>::max());
  json.number(1e-9).number(1234567.5).number(std::numeric_limits<double>::infinity());
  json.number(std::numeric_limits<double>::quiet_NaN()).end_array();
  EXPECT_EQ(json.take(), "[-3,18446744073709551615,1e-09,1234567.5,null,null]");
}

}  // namespace
}  // namespace simws
