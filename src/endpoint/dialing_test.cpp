#include "endpoint/dialing.h"
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using transport::Address;
using transport::Reach;

constexpr int port = 9000;

Address v4(std::uint8_t last) {
  return {{10, 0, 0, last}, port, false};
}
Address v6(std::uint8_t last) {
  Address address{{0xFD}, port, true};
  address.ip[15] = last;
  return address;
}

class DialingTest : public testing::Test {
 protected:
  void name(std::vector<Address> addresses) { loop->set_name("robot", std::move(addresses)); }
  void reach(const Address& address, Reach reach) { loop->set_reach(address, reach); }
  void dial(const std::string& host = "robot") {
    result.reset();
    dialing = std::make_unique<Dialing>(*loop, host, port, [this](auto told) {
      EXPECT_FALSE(result) << "told once";
      result = std::move(told);
    });
    loop->run_until_idle();
  }
  void advance(int milliseconds) { loop->advance(std::chrono::milliseconds(milliseconds)); }
  // Who was reached, or why nobody was.
  std::string outcome() {
    if (!result) return "";
    return *result ? (**result)->remote_address().ip_to_string() : result->error().message;
  }

  std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  std::unique_ptr<transport::Listener> listener =
      loop->listen("0.0.0.0", port, [](auto) {}).value();
  std::unique_ptr<transport::Listener> on_ipv6 = loop->listen("::", port, [](auto) {}).value();
  std::optional<Result<std::unique_ptr<transport::Stream>>> result;
  std::unique_ptr<Dialing> dialing;
};

TEST(Interleave, TakesTheFamiliesInTurn) {
  EXPECT_EQ(interleave({}), std::vector<Address>{});
  EXPECT_EQ(interleave({v6(1), v6(2), v6(3), v4(1), v4(2)}),
            (std::vector{v6(1), v4(1), v6(2), v4(2), v6(3)}));
  EXPECT_EQ(interleave({v4(1), v4(2), v6(1)}), (std::vector{v4(1), v6(1), v4(2)}));
}

TEST_F(DialingTest, TheFirstAddressWins) {
  name({v6(1), v4(1)});
  dial();
  EXPECT_EQ(outcome(), v6(1).ip_to_string());
}

TEST_F(DialingTest, AnAddressThatHangsHoldsUpFor250Milliseconds) {
  name({v6(1), v4(1)});
  reach(v6(1), Reach::never);
  dial();
  advance(249);
  EXPECT_EQ(outcome(), "");
  advance(1);
  loop->run_until_idle();
  EXPECT_EQ(outcome(), "10.0.0.1");
}

TEST_F(DialingTest, AnAddressThatFailsHoldsUpNobody) {
  name({v6(1), v6(2), v4(1)});
  reach(v6(1), Reach::no_route);
  dial();
  EXPECT_EQ(outcome(), "10.0.0.1");
}

TEST_F(DialingTest, OfThoseThatFailEachIsNamed) {
  name({v6(1), v4(1)});
  reach(v6(1), Reach::no_route);
  listener.reset();
  on_ipv6.reset();
  dial();
  EXPECT_EQ(
      outcome(),
      "could not connect to [fd00::1]:9000 (robot): Network is unreachable; nor to 10.0.0.1:9000: "
      "Connection refused");
}

TEST_F(DialingTest, AHangingOneIsWaitedForWhenTheOthersFail) {
  name({v6(1), v4(1)});
  reach(v6(1), Reach::never);
  reach(v4(1), Reach::no_route);
  dial();
  advance(60'000);
  EXPECT_EQ(outcome(), "") << "who dials sets the limit";
  dialing.reset();
  advance(60'000);
  EXPECT_EQ(outcome(), "");
}

TEST_F(DialingTest, ANameThatIsNotFound) {
  dial("nobody");
  EXPECT_EQ(outcome().substr(0, 42), "the name 'nobody' could not be looked up: ");
}

TEST_F(DialingTest, ItsHandlerMayDestroyIt) {
  name({v4(1), v4(2)});
  dialing = std::make_unique<Dialing>(*loop, "robot", port, [this](auto) { dialing.reset(); });
  loop->run_until_idle();
  EXPECT_EQ(dialing, nullptr);
}

TEST_F(DialingTest, NotEndlessAddressesAreTried) {
  std::vector<Address> many;
  for (int i = 0; i < 200; ++i) many.push_back(v4(static_cast<std::uint8_t>(i)));
  for (const Address& address : many) reach(address, Reach::no_route);
  name(many);
  dial();
  const std::string words = outcome();
  EXPECT_NE(words.find("10.0.0.15:"), std::string::npos);
  EXPECT_EQ(words.find("10.0.0.16:"), std::string::npos);
}

}  // namespace
}  // namespace simws::endpoint
