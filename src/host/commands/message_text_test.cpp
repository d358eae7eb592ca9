#include "host/commands/message_text.h"

#include <gtest/gtest.h>

namespace simws::host {
namespace {

using std::string_view_literals::operator""sv;

TEST(SafeForTerminal, LeavesTextAsItIs) {
  for (const auto text : {"", "hello", "gr\xC3\xBC\xC3\x9F", "a\tb\nc", "\xE2\x82\xAC",
                          "\xF0\x9F\xA4\x96", "back\\slash", "\xC2\xA0"}) {
    EXPECT_EQ(safe_for_terminal(text), text);
  }
}

TEST(SafeForTerminal, ShowsWhatWouldDriveTheTerminal) {
  for (const auto& [text, shown] :
       {std::pair("\x1b[2J"sv, "\\x1b[2J"sv),
        std::pair("\x1b]0;title\x07"sv, "\\x1b]0;title\\x07"sv), std::pair("a\rb"sv, "a\\x0db"sv),
        std::pair("\0"sv, "\\x00"sv), std::pair("\x7f"sv, "\\x7f"sv),
        std::pair("\x08"sv, "\\x08"sv),
        std::pair("\xC2\x9B"
                  "31m"sv,
                  "\\u009b31m"sv),
        std::pair("\xC2\x80"sv, "\\u0080"sv), std::pair("\xE2\x80\xAE"sv, "\\u202e"sv),
        std::pair("\xE2\x81\xA6"sv, "\\u2066"sv), std::pair("\xD8\x9C"sv, "\\u061c"sv)}) {
    EXPECT_EQ(safe_for_terminal(text), shown);
  }
}

TEST(SafeForTerminal, ShowsBytesThatAreNoText) {
  for (const auto& [text, shown] :
       {std::pair("\x9B"
                  "31m"sv,
                  "\\x9b31m"sv),
        std::pair("\xC3"sv, "\\xc3"sv), std::pair("\xE2\x82"sv, "\\xe2\\x82"sv),
        std::pair("\xFF\xFE"sv, "\\xff\\xfe"sv), std::pair("\xC0\x9B"sv, "\\xc0\\x9b"sv),
        std::pair("\xE2\x1b[m"sv, "\\xe2\\x1b[m"sv),
        std::pair("\xED\xA0\x80"sv, "\\xed\\xa0\\x80"sv)}) {
    EXPECT_EQ(safe_for_terminal(text), shown);
  }
}

TEST(Hex, GoesBothWays) {
  const auto bytes = "\0\x01\xAB\xFFz"sv;
  EXPECT_EQ(to_hex(bytes), "0001abff7a");
  EXPECT_EQ(from_hex("0001abff7a"), bytes);
  EXPECT_EQ(from_hex(" 00 01\tAB fF7a "), bytes);
  EXPECT_EQ(from_hex(""), "");
  for (const auto text : {"0", "00 1", "0x00", "zz", "0 0", "+1", "00,01"}) {
    EXPECT_FALSE(from_hex(text)) << text;
  }
}

}  // namespace
}  // namespace simws::host
