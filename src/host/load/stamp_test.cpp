#include "host/load/stamp.h"

#include <gtest/gtest.h>

namespace simws::load {
namespace {

using Kind = TopicsHeader::Kind;

TEST(Stamp, IsOfEitherClock) {
  const auto monotonic = stamp_of("00000000012345678900....");
  ASSERT_TRUE(monotonic);
  EXPECT_TRUE(monotonic->is_monotonic);
  EXPECT_DOUBLE_EQ(monotonic->seconds, 12.3456789);
  const auto of_system = stamp_of("1764500000123456789 {\"x\":1}");
  ASSERT_TRUE(of_system);
  EXPECT_FALSE(of_system->is_monotonic);
  EXPECT_NEAR(of_system->seconds, 1764500000.123456789, 1e-6);
}

TEST(Stamp, MayBeInSeconds) {
  const auto stamp = stamp_of("1764500000.25");
  ASSERT_TRUE(stamp);
  EXPECT_FALSE(stamp->is_monotonic);
  EXPECT_DOUBLE_EQ(stamp->seconds, 1764500000.25);
  EXPECT_DOUBLE_EQ(stamp_of("1764500000.2.5")->seconds, 1764500000.2);
  EXPECT_TRUE(stamp_of("1764500000.")->is_monotonic);
}

TEST(Stamp, IsNotInEveryMessage) {
  for (const char* const text :
       {"", "hello", "{\"t\":1764500000123456789}", "123456789", "12.5", " 1764500000123456789"}) {
    EXPECT_FALSE(stamp_of(text)) << text;
  }
}

TEST(TopicsHeader, HasTheTimeBehindTopicAndKey) {
  const auto header = topics_header_of("[\"message\",\"a,\\\"b\",\"[1,2]\",1764500000123.5]\nbody");
  EXPECT_EQ(header.kind, Kind::message);
  EXPECT_FALSE(header.stamp.is_monotonic);
  EXPECT_DOUBLE_EQ(header.stamp.seconds, 1764500000.1235);
}

TEST(TopicsHeader, CountsTheLastPartAsTheMessage) {
  EXPECT_EQ(topics_header_of("[\"part\",\"a\",\"\",1764500000123,0,2]\nx").kind, Kind::other);
  const auto last = topics_header_of("[\"part\",\"a\",\"\",1764500000123,1,2]\nx");
  EXPECT_EQ(last.kind, Kind::message);
  EXPECT_DOUBLE_EQ(last.stamp.seconds, 1764500000.123);
}

TEST(TopicsHeader, PassesOverWhatALaterVersionAdds) {
  const auto header = topics_header_of("[\"message\",\"a\",\"\",1764500000123,\"4f2a\",17]\nx");
  EXPECT_DOUBLE_EQ(header.stamp.seconds, 1764500000.123);
  const auto part = topics_header_of("[\"part\",\"a\",\"\",1764500000123,1,2,\"4f2a\",17]\nx");
  EXPECT_EQ(part.kind, Kind::message);
  EXPECT_DOUBLE_EQ(part.stamp.seconds, 1764500000.123);
}

TEST(TopicsHeader, HasTheNumberOfAMark) {
  EXPECT_EQ(topics_header_of("[\"mark\",17,0.25]").mark, "17");
  EXPECT_EQ(topics_header_of("[\"mark\",17]\n").mark, "17");
}

TEST(TopicsHeader, IsOtherwiseNothing) {
  for (const char* const text : {"", "\nhello", "[]", "[\"message\"]", "[\"message\",\"a\"",
                                 "[\"subscribed\",\"a\",{}]", "[\"part\",1]", "[\"mark\"]"}) {
    EXPECT_EQ(topics_header_of(text).kind, Kind::other) << text;
  }
}

}  // namespace
}  // namespace simws::load
