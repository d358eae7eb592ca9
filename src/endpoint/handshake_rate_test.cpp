#include "endpoint/handshake_rate.h"

#include "transport/address.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace simws::endpoint {
namespace {

using namespace std::chrono_literals;

transport::Address at(const std::string& ip, int port = 1) {
  return *transport::parse_address(ip, port);
}

constexpr Time begin = Time{} + 100s;

TEST(HandshakeRate, AdmitsSoManyInASecond) {
  HandshakeRate rate(2);
  EXPECT_TRUE(rate.admit(at("10.0.0.1"), begin));
  EXPECT_TRUE(rate.admit(at("10.0.0.1", 2), begin + 400ms));
  EXPECT_FALSE(rate.admit(at("10.0.0.1", 3), begin + 999ms));
  EXPECT_TRUE(rate.admit(at("10.0.0.2"), begin + 999ms)) << "another address";
  EXPECT_TRUE(rate.admit(at("10.0.0.1"), begin + 1s));
  EXPECT_TRUE(rate.admit(at("10.0.0.1"), begin + 1s));
  EXPECT_FALSE(rate.admit(at("10.0.0.1"), begin + 1s));
}

TEST(HandshakeRate, TakesANetworkOfIpv6ForOne) {
  HandshakeRate rate(1);
  EXPECT_TRUE(rate.admit(at("2001:db8:0:1::1"), begin));
  EXPECT_FALSE(rate.admit(at("2001:db8:0:1:ffff::9"), begin));
  EXPECT_TRUE(rate.admit(at("2001:db8:0:2::1"), begin));
  EXPECT_TRUE(rate.admit(at("32.1.13.184"), begin)) << "the same bytes in IPv4";
}

TEST(HandshakeRate, HasNoLimitByDefault) {
  HandshakeRate rate(0);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(rate.admit(at("10.0.0.1"), begin));
  EXPECT_EQ(rate.size(), 0u);
}

TEST(HandshakeRate, ForgetsWhatIsOverAndWhatIsTooMuch) {
  HandshakeRate rate(1);
  const auto many = [&](Time now) {
    for (int i = 0; i < 20'000; ++i) {
      const std::string ip = "10." + std::to_string(i / 250 % 250) + "." + std::to_string(i % 250) +
                             "." + std::to_string(i / 62'500);
      EXPECT_TRUE(rate.admit(at(ip), now));
    }
  };
  many(begin);
  EXPECT_EQ(rate.size(), HandshakeRate::most_addresses);
  EXPECT_FALSE(rate.admit(at("10.79.249.0"), begin)) << "the newest are still known";
  EXPECT_TRUE(rate.admit(at("10.0.0.9"), begin + 1s));
  EXPECT_EQ(rate.size(), 1u);
}

}  // namespace
}  // namespace simws::endpoint
