#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws {
namespace {

using namespace std::string_literals;

std::optional<std::size_t> find_invalid(std::string_view text) {
  return find_invalid_utf8(as_bytes(text));
}

const std::string valid_texts[] = {
    "",
    "plain",
    "\0"s,
    "\x7f",
    "\u0080",
    "\u07ff",
    "\u0800",
    "\xed\x9f\xbf",
    "\ue000",
    "\uffff",
    "\U00010000",
    "\U0010ffff",
    "κόσμε, grüß dich, 世界, 🤖",
    "a text that is longer than one block of sixty-four bytes, with ä at its end: ä",
};

struct Invalid {
  std::string text;
  std::size_t offset;
};

// What can't be right at `offset`, whatever follows (RFC 3629, 3 and 4).
const Invalid invalid_texts[] = {
    {"\x80", 0},
    {"\xbf", 0},
    {"ab\x80", 2},
    {"\xc0\x80", 0},  // overlong
    {"\xc1\xbf", 0},
    {"\xe0\x80\x80", 1},
    {"\xe0\x9f\xbf", 1},
    {"\xf0\x80\x80\x80", 1},
    {"\xf0\x8f\xbf\xbf", 1},
    {"\xed\xa0\x80", 1},  // surrogates
    {"\xed\xbf\xbf", 1},
    {"\xf4\x90\x80\x80", 1},  // beyond U+10FFFF
    {"\xf5\x80\x80\x80", 0},
    {"\xff", 0},
    {"\xfe", 0},
    {"\xc3\x28", 1},  // cut by another character
    {"\xe2\x82\x28", 2},
    {"\xf0\x9f\xa4\x28", 3},
    {"\xc3\xc3", 1},
    {"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80 edited", 12},
    {std::string(200, 'x') + "\xff" + std::string(200, 'x'), 200},
};

// The text ends in the middle of a character.
const std::string incomplete_texts[] = {"\xc3",         "\xe2\x82",       "\xe2", "\xf0\x9f\xa4",
                                        "\xf0\x9f",     "\xf0",           "\xe0", "\xed\x9f",
                                        "\xf4\x8f\xbf", "abc\xf1\x80\x80"};

TEST(FindInvalidUtf8, FindsNothingInValidText) {
  for (const std::string& text : valid_texts) EXPECT_EQ(find_invalid(text), std::nullopt) << text;
}

TEST(FindInvalidUtf8, FindsTheFirstByteThatCannotBeRight) {
  for (const Invalid& invalid : invalid_texts) {
    EXPECT_EQ(find_invalid(invalid.text), invalid.offset) << testing::PrintToString(invalid.text);
  }
}

TEST(FindInvalidUtf8, FindsABadByteAnywhereInTextsOfAnySize) {
  for (std::size_t size = 0; size <= 150; ++size) {
    std::string text(size, '\x7f');
    EXPECT_EQ(find_invalid(text), std::nullopt) << size;
    for (std::size_t place = 0; place < size; ++place) {
      text[place] = '\x80';
      EXPECT_EQ(find_invalid(text), place) << size;
      text[place] = 'a';
    }
  }
}

TEST(FindInvalidUtf8, GivesTheSizeOfATextThatEndsWithinACharacter) {
  for (const std::string& text : incomplete_texts) {
    EXPECT_EQ(find_invalid(text), text.size()) << testing::PrintToString(text);
  }
}

// How many bytes are taken when `text` comes in portions of `size`: all, or up to the one refused.
std::size_t bytes_taken(Utf8Validator& validator, std::string_view text, std::size_t size) {
  std::size_t taken = 0;
  while (taken < text.size()) {
    const std::string_view portion = text.substr(taken, size);
    if (!validator.consume(as_bytes(portion))) return taken;
    taken += portion.size();
  }
  return taken;
}

TEST(Utf8Validator, TakesValidTextWholeInPortionsAndSplitAtEveryPlace) {
  for (const std::string& text : valid_texts) {
    for (std::size_t size = 1; size <= text.size() + 1; ++size) {
      Utf8Validator validator;
      EXPECT_EQ(bytes_taken(validator, text, size), text.size()) << text;
      EXPECT_TRUE(validator.complete()) << text;
    }
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Validator validator;
      EXPECT_TRUE(validator.consume(as_bytes(text).first(cut))) << text << " cut at " << cut;
      EXPECT_TRUE(validator.consume(as_bytes(text).subspan(cut))) << text << " cut at " << cut;
      EXPECT_TRUE(validator.complete());
    }
  }
}

TEST(Utf8Validator, FailsAtTheFirstByteThatCannotBeRight) {
  for (const Invalid& invalid : invalid_texts) {
    SCOPED_TRACE(testing::PrintToString(invalid.text));
    const Bytes text = as_bytes(invalid.text);
    for (std::size_t cut = 0; cut <= invalid.offset; ++cut) {
      Utf8Validator validator;
      EXPECT_TRUE(validator.consume(text.first(cut)));
      EXPECT_TRUE(validator.consume(text.subspan(cut, invalid.offset - cut)));
      EXPECT_FALSE(validator.consume(text.subspan(invalid.offset, 1))) << "cut at " << cut;
    }
    for (std::size_t cut = 0; cut <= invalid.offset; ++cut) {
      Utf8Validator validator;
      EXPECT_TRUE(validator.consume(text.first(cut)));
      EXPECT_FALSE(validator.consume(text.subspan(cut))) << "cut at " << cut;
    }
  }
}

TEST(Utf8Validator, IsIncompleteWithinACharacterUntilItIsReset) {
  for (const std::string& text : incomplete_texts) {
    for (std::size_t size = 1; size <= text.size(); ++size) {
      Utf8Validator validator;
      EXPECT_EQ(bytes_taken(validator, text, size), text.size()) << testing::PrintToString(text);
      EXPECT_FALSE(validator.complete()) << testing::PrintToString(text);
      validator.reset();
      EXPECT_TRUE(validator.complete());
      EXPECT_TRUE(validator.consume(as_bytes("a")));
    }
  }
}

}  // namespace
}  // namespace simws
