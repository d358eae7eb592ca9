#include "protocol/http/headers.h"

#include "protocol/http/syntax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Headers, FindsTheFirstFieldOfANameWhateverItsCase) {
  Headers headers;
  EXPECT_EQ(headers.find("A"), std::nullopt);
  headers.add("Accept", "one");
  headers.add("X", "");
  headers.add("ACCEPT", "two");
  EXPECT_EQ(headers.find("accept"), "one");
  EXPECT_EQ(headers.find("x"), "");
  EXPECT_EQ(headers.find("Acc"), std::nullopt);
  EXPECT_EQ(headers.count("aCCept"), 2u);
  EXPECT_EQ(headers.count("Y"), 0u);
}

TEST(Headers, JoinsFieldsOfOneName) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "");
  headers.add("A", "3, 4");
  EXPECT_EQ(headers.joined("a"), "1, , 3, 4");
  EXPECT_EQ(headers.joined("B"), "2");
  EXPECT_EQ(headers.joined("C"), "");
}

TEST(Headers, LooksForAnItemInAllFieldsOfOneName) {
  Headers headers;
  headers.add("Connection", "keep-alive");
  headers.add("X", "close");
  headers.add("connection", "x, Upgrade");
  EXPECT_TRUE(headers.has_list_item("Connection", "upgrade"));
  EXPECT_TRUE(headers.has_list_item("CONNECTION", "Keep-Alive"));
  EXPECT_FALSE(headers.has_list_item("Connection", "close"));
}

TEST(Headers, KeepsNamesValuesAndOrder) {
  Headers headers;
  headers.add("B", "2");
  headers.add("a", "\xff");
  headers.shrink_to_fit();
  EXPECT_THAT(headers.to_list(), ElementsAre(Pair("B", "2"), Pair("a", "\xff")));
}

TEST(ListContains, ComparesWholeTokens) {
  for (const char* list : {"upgrade", "Upgrade", " upgrade\t", "a,upgrade", "a, UPGRADE , b",
                           ",, ,upgrade,,", "\"x, y\", upgrade", "a=\"\\\",\", upgrade"}) {
    EXPECT_TRUE(list_contains(list, "upgrade")) << list;
  }
  for (const char* list : {"", ",", "upgradefoo", "xupgrade", "up grade", "upgrade;q=1",
                           "\"upgrade\"", "\"a, upgrade, b\"", "\"a\\\", upgrade, \"", "\"upgrade",
                           "upgrade\"", "upgrade b", "a b,upgrad"}) {
    EXPECT_FALSE(list_contains(list, "upgrade")) << list;
  }
}

TEST(InQuotes, IsPrintableAndShort) {
  EXPECT_EQ(in_quotes(""), "''");
  EXPECT_EQ(in_quotes("a b"), "'a b'");
  EXPECT_EQ(in_quotes("a'b\\c"), "'a\\'b\\\\c'");
  EXPECT_EQ(in_quotes(std::string("\0\r\n\x7f\xff", 5)), "'\\x00\\x0d\\x0a\\x7f\\xff'");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), "'" + std::string(100, 'x') + "'");
  EXPECT_EQ(in_quotes(std::string(65536, 'x')), "'" + std::string(100, 'x') + "...'");
}

}  // namespace
}  // namespace simws::protocol::http
