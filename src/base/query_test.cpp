#include "base/query.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws {
namespace {

std::vector<std::string> pairs_of(std::string_view query) {
  std::vector<std::string> pairs;
  for_each_query_pair(query,
                      [&](std::string_view pair, std::string_view name, std::string_view value) {
                        EXPECT_TRUE(pair.starts_with(name) && pair.ends_with(value));
                        pairs.push_back(std::string(name).append("|").append(value));
                      });
  return pairs;
}

TEST(Query, StandsBehindTheFirstMark) {
  EXPECT_EQ(query_of("/a?b=c?d"), "b=c?d");
  EXPECT_EQ(query_of("/a"), "");
  EXPECT_EQ(query_of("/a?"), "");
  EXPECT_EQ(path_of("/a?b"), "/a");
  EXPECT_EQ(path_of("/a"), "/a");
  EXPECT_EQ(path_of("?b"), "");
}

TEST(Query, HasPairs) {
  using Pairs = std::vector<std::string>;
  EXPECT_EQ(pairs_of(""), Pairs{});
  EXPECT_EQ(pairs_of("&&"), Pairs{});
  EXPECT_EQ(pairs_of("a=1&b=2"), (Pairs{"a|1", "b|2"}));
  EXPECT_EQ(pairs_of("a&=b&&c=d=e&"), (Pairs{"a|", "|b", "c|d=e"}));
}

TEST(Query, IsDecoded) {
  EXPECT_EQ(percent_decode("a%20b%2Bc+d"), "a b+c+d");
  EXPECT_EQ(percent_decode("%"), "%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%-1%+1%0x%41"), "%zz%-1%+1%0xA");
  EXPECT_EQ(percent_decode("%00%ff"), std::string("\0\xff", 2));
  EXPECT_EQ(percent_decode("%2541"), "%41") << "once";
  EXPECT_EQ(form_decode("a+b%2Bc"), "a b+c");
}

TEST(Query, IsEncodedSoThatItMeansTheSame) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a+b&c=d%/\xff"), "a%2Bb%26c%3Dd%25%2F%FF");
  EXPECT_EQ(form_decode(percent_encode("a+b&c=d%/\xff ")), "a+b&c=d%/\xff ");
}

TEST(PercentDecoded, IsNothingWhereDigitsAreMissing) {
  EXPECT_EQ(percent_decoded("a%2Fb%c3%9f"), "a/b\u00df");
  EXPECT_EQ(percent_decoded(""), "");
  for (const char* const text : {"%", "a%4", "%4g", "%%41"}) {
    EXPECT_FALSE(percent_decoded(text)) << text;
  }
}

}  // namespace
}  // namespace simws
