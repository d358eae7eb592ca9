#include "protocol/ip_address.h"

#include <gtest/gtest.h>

#include <string_view>

namespace simws::protocol {
namespace {

TEST(IpAddress, IsWrittenInOneWay) {
  const std::string_view addresses[][2] = {
      {"127.0.0.1", "127.0.0.1"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"FE80::1", "fe80::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"1::", "1::"},
      {"::ffff:192.0.2.1", "::ffff:c000:201"},
  };
  for (const auto& [text, written] : addresses) {
    const auto address = parse_ip(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), written);
    EXPECT_EQ(parse_ip(address->to_string()), address);
  }
}

TEST(IpAddress, IsNothingElse) {
  for (const std::string_view text :
       {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", "[::1]", "::1%eth0",
        ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "12345::", "::1:", "localhost"}) {
    EXPECT_FALSE(parse_ip(text)) << text;
  }
}

TEST(IpAddress, KnowsMappedOnesAndThoseOfThisMachine) {
  EXPECT_EQ(without_mapping(*parse_ip("::ffff:192.0.2.1")), *parse_ip("192.0.2.1"));
  EXPECT_EQ(without_mapping(*parse_ip("::fffe:192.0.2.1")), *parse_ip("::fffe:192.0.2.1"));
  EXPECT_EQ(without_mapping(*parse_ip("192.0.2.1")), *parse_ip("192.0.2.1"));
  EXPECT_TRUE(is_loopback(*parse_ip("127.9.9.9")));
  EXPECT_TRUE(is_loopback(*parse_ip("::1")));
  EXPECT_FALSE(is_loopback(*parse_ip("128.0.0.1")));
  EXPECT_FALSE(is_loopback(*parse_ip("1::1")));
  EXPECT_FALSE(is_loopback(*parse_ip("::")));
}

}  // namespace
}  // namespace simws::protocol
