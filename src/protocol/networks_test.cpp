#include "protocol/networks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using Entries = std::vector<std::string>;

bool contains(const Entries& entries, const char* address) {
  const auto networks = Networks::parse("trustedProxies", entries);
  EXPECT_TRUE(networks.ok());
  return networks->contains(*parse_ip(address));
}

std::string error_of(const Entries& entries) {
  const auto networks = Networks::parse("trustedProxies", entries);
  return networks ? "none" : networks.error().message;
}

TEST(Networks, ContainTheirAddresses) {
  const Entries entries = {"127.0.0.1", "10.0.0.0/8", "172.16.0.0/12", "::1", "fd00::/8"};
  for (const char* inside : {"127.0.0.1", "10.0.0.0", "10.255.255.255", "172.31.9.9", "::1",
                             "fdff::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(contains(entries, inside)) << inside;
  }
  for (const char* outside : {"127.0.0.2", "11.0.0.0", "9.255.255.255", "172.32.0.0", "172.15.0.0",
                              "::2", "fe00::", "::", "a00::", "0.0.0.0"}) {
    EXPECT_FALSE(contains(entries, outside)) << outside;
  }
}

TEST(Networks, ReachFromAllToOne) {
  EXPECT_TRUE(contains({"0.0.0.0/0"}, "203.0.113.9"));
  EXPECT_FALSE(contains({"0.0.0.0/0"}, "2001:db8::1"));
  EXPECT_TRUE(contains({"::/0"}, "2001:db8::1"));
  EXPECT_TRUE(contains({"203.0.113.9/32"}, "203.0.113.9"));
  EXPECT_FALSE(contains({"203.0.113.9/32"}, "203.0.113.8"));
  EXPECT_TRUE(contains({"2001:db8::1/128"}, "2001:db8::1"));
  EXPECT_TRUE(contains({"::ffff:203.0.113.9"}, "203.0.113.9"));
  EXPECT_FALSE(contains({}, "127.0.0.1"));
}

TEST(Networks, SayWhatIsWrong) {
  EXPECT_EQ(error_of({"10.0.0.1/8"}),
            "option trustedProxies: '10.0.0.1/8' is no network, but an address in one: use "
            "'10.0.0.0/8' or '10.0.0.1'");
  EXPECT_EQ(error_of({"fd00::1/8"}),
            "option trustedProxies: 'fd00::1/8' is no network, but an address in one: use "
            "'fd00::/8' or 'fd00::1'");
  EXPECT_EQ(error_of({"10.0.0.0/33"}),
            "option trustedProxies: '10.0.0.0/33' is no network: behind the slash stands a number "
            "from 0 to 32");
  EXPECT_EQ(error_of({"127.0.0.1", "127.0.0.1/32"}),
            "option trustedProxies: '127.0.0.1/32' is listed twice: leave one out");
  for (const char* wrong : {"", "*", "localhost", "[::1]", "10.0.0.0/", "10.0.0.0/-1",
                            "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.0/0x8",
                            "127.0.0.1:80", "10/8", "::1%lo", "10.0.0.0/999", "::/129"}) {
    EXPECT_NE(error_of({wrong}), "none") << wrong;
  }
}

}  // namespace
}  // namespace simws::protocol
