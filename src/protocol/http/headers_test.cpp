#include "protocol/http/headers.h"

#include "base/request_head_builder.h"
#include "protocol/http/syntax.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol::http {
namespace {

TEST(HasListItem, LooksInAllFieldsOfOneName) {
  RequestHeadBuilder builder;
  builder.begin("GET", "/");
  builder.add("Connection", "keep-alive");
  builder.add("X", "close");
  builder.add("connection", "x, Upgrade");
  const RequestHead head = builder.finish();
  EXPECT_TRUE(has_list_item(head, "Connection", "upgrade"));
  EXPECT_TRUE(has_list_item(head, "CONNECTION", "Keep-Alive"));
  EXPECT_FALSE(has_list_item(head, "Connection", "close"));
  EXPECT_FALSE(has_list_item(RequestHead(), "Connection", "close"));
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
