// What a listener does, over both networks; and addresses.
#include "transport/address.h"
#include "transport/test_network.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::transport {
namespace {

struct AddressCase {
  const char* ip;
  const char* written;  // with port 80; null: no address
};

const AddressCase address_cases[] = {
    {"127.0.0.1", "127.0.0.1:80"},
    {"0.0.0.0", "0.0.0.0:80"},
    {"255.255.255.255", "255.255.255.255:80"},
    {"::", "[::]:80"},
    {"::1", "[::1]:80"},
    {"2001:db8:0:0:0:0:0:1", "[2001:db8::1]:80"},
    {"FE80::A", "[fe80::a]:80"},
    {"::ffff:1.2.3.4", "[::ffff:1.2.3.4]:80"},
    {"", nullptr},
    {"localhost", nullptr},
    {"*", nullptr},
    {"127.0.0.1:80", nullptr},
    {"[::1]", nullptr},
    {"256.0.0.1", nullptr},
    {"127.1", nullptr},
    {"1:2:3", nullptr},
};

TEST(AnAddress, IsReadAndWritten) {
  for (const AddressCase& each : address_cases) {
    const auto address = parse_address(each.ip, 80);
    ASSERT_EQ(address.has_value(), each.written != nullptr) << each.ip;
    if (each.written != nullptr) {
      EXPECT_EQ(address->to_string(), each.written);
    }
  }
  EXPECT_FALSE(parse_address({"127.0.0.1\0x", 11}, 80).has_value());
  EXPECT_FALSE(parse_address("::1", -1).has_value());
  EXPECT_FALSE(parse_address("::1", 65536).has_value());
  EXPECT_EQ(parse_address("::1", 65535)->to_string(), "[::1]:65535");
}

class AListener : public OverBothNetworks {
 protected:
  Result<std::unique_ptr<Listener>> listen(int port = 0, const std::string& ip = "127.0.0.1") {
    return loop().listen(ip, port, [this](auto stream) { accepted_.push_back(std::move(stream)); });
  }

  std::vector<std::unique_ptr<Stream>> accepted_;
};

TEST_P(AListener, PicksAFreePort) {
  const auto one = listen(), other = listen();
  ASSERT_TRUE(one && other);
  EXPECT_NE((*one)->address().port, 0);
  EXPECT_NE((*one)->address().port, (*other)->address().port);
  EXPECT_EQ((*one)->address().ip_to_string(), "127.0.0.1");
}

TEST_P(AListener, AcceptsAllThatWait) {
  const auto listener = listen().value();
  std::vector<std::unique_ptr<TestPeer>> peers;
  for (int i = 0; i < 300; ++i) peers.push_back(network_->connect(listener->address()));
  EXPECT_TRUE(until([&] { return accepted_.size() == peers.size(); }));
}

TEST_P(AListener, IsRefusedAPortInUse) {
  const auto listener = listen().value();
  const auto again = listen(listener->address().port);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::address_in_use);
  EXPECT_EQ(again.error().message, "Address already in use");
}

TEST_P(AListener, IsRefusedWhatIsNoAddress) {
  for (const auto& [ip, port] : {std::pair("localhost", 0), {"127.0.0.1", 65536}, {"::1", -1}}) {
    const auto refused = listen(port, ip);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(refused.error().message.find(ip), std::string::npos);
  }
}

TEST_P(AListener, FreesItsPortAtOnce) {
  auto listener = listen().value();
  const Address address = listener->address();
  std::vector<std::unique_ptr<TestPeer>> peers;
  for (int i = 0; i < 50; ++i) {
    peers.push_back(network_->connect(address));
    ASSERT_TRUE(until([&] { return accepted_.size() == peers.size(); }));
    listener.reset();
    EXPECT_EQ(network_->connect(address), nullptr);
    auto again = listen(address.port);
    ASSERT_TRUE(again) << again.error().message;
    listener = std::move(again).value();
  }
}

TEST_P(AListener, FindsItsPortThoughConnectionsOfItLinger) {
  auto listener = listen().value();
  const int port = listener->address().port;
  for (int i = 0; i < 10; ++i) {
    const auto peer = network_->connect(listener->address());
    ASSERT_TRUE(until([&] { return !accepted_.empty(); }));
    // Who closes first keeps the connection's end in TIME_WAIT (RFC 9293, 3.6.1).
    accepted_.clear();
    EXPECT_TRUE(until([&] {
      peer->take();
      return peer->saw_end();
    }));
  }
  listener.reset();
  const auto again = listen(port);
  EXPECT_TRUE(again.ok());
}

TEST_P(AListener, LeavesItsConnectionsOpenWhenItIsDestroyed) {
  auto listener = listen().value();
  const auto peer = network_->connect(listener->address());
  ASSERT_TRUE(until([&] { return accepted_.size() == 1; }));
  listener.reset();
  const Bytes text = as_bytes("on");
  EXPECT_EQ(accepted_[0]->write({&text, 1}), 2U);
  EXPECT_TRUE(until([&] { return peer->take() == "on"; }));
}

TEST_P(AListener, MayBeDestroyedByItsHandler) {
  std::unique_ptr<Listener> listener;
  const std::string owned(100, 'x');
  std::string seen;
  listener = loop()
                 .listen("127.0.0.1", 0,
                         [&, owned](std::unique_ptr<Stream>) {
                           listener.reset();
                           seen += owned[0];
                         })
                 .value();
  const Address address = listener->address();
  const auto one = network_->connect(address), other = network_->connect(address);
  EXPECT_TRUE(until([&] { return !seen.empty(); }));
  settle();
  EXPECT_EQ(seen, "x");
}

TEST_P(AListener, MayDropWhatItAccepts) {
  const auto listener = loop().listen("127.0.0.1", 0, [](std::unique_ptr<Stream>) {}).value();
  const auto peer = network_->connect(listener->address());
  EXPECT_TRUE(until([&] {
    peer->take();
    return peer->saw_end();
  }));
}

INSTANTIATE_TEST_SUITE_P(Over, AListener, both_networks(), network_name);

}  // namespace
}  // namespace simws::transport
