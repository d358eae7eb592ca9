#include "protocol/broker/broker_options.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

BrokerOptions at(std::string url) {
  BrokerOptions broker;
  broker.url = std::move(url);
  return broker;
}

std::string fault(const BrokerOptions& broker, std::string_view name = "arm") {
  const auto checked = check_broker(broker, name);
  return checked ? "" : checked.error().message;
}

TEST(BrokerOptions, ThatCanBe) {
  for (const char* url : {"nats://localhost:4222", "tls://user:pass@10.0.0.1", "nats://[::1]:4222",
                          "nats://a:1, nats://b:2,tls://token@c", " nats://a , nats://b "}) {
    EXPECT_EQ(fault(at(url)), "") << url;
  }
  EXPECT_EQ(fault(at("nats://b"), std::string(64, 'x')), "");
  EXPECT_EQ(fault(at("nats://b"), "Arm_2-left"), "");
}

TEST(BrokerOptions, ErrorsSayWhatToWrite) {
  EXPECT_EQ(fault(at("")),
            "the option broker has no url; write nats://host:4222, where the broker is");
  EXPECT_EQ(fault(at("localhost:4222")),
            "broker 'localhost:4222' is no address of a NATS server; write nats://host:4222, or "
            "tls://host:4222");
  EXPECT_EQ(fault(at("nats://a,http://b")),
            "broker 'http://b' is no address of a NATS server; write nats://host:4222, or "
            "tls://host:4222");
  EXPECT_EQ(fault(at("nats://:4222")),
            "broker 'nats://:4222' names no host; write nats://host:4222");
  EXPECT_EQ(fault(at("nats://b"), ""),
            "the option broker needs the option name, by which edges find this simulation");
  EXPECT_EQ(fault(at("nats://b"), "a.b"),
            "invalid name: 'a.b' isn't 1 to 64 of the characters A-Z, a-z, 0-9, '_' and '-'");
  EXPECT_NE(fault(at("nats://b"), std::string(65, 'x')), "");
  EXPECT_EQ(fault(at("nats://b\xFF")), "broker.url isn't UTF-8 of at most 1,024 bytes without NUL");
  BrokerOptions keyed = at("nats://b");
  keyed.private_key = "/key.pem";
  EXPECT_EQ(fault(keyed), "broker.privateKey is given without broker.certificate");
}

TEST(BrokerOptions, NoPasswordIsShown) {
  EXPECT_EQ(fault(at("http://me:secret@b")),
            "broker 'http://***@b' is no address of a NATS server; write nats://host:4222, or "
            "tls://host:4222");
}

}  // namespace
}  // namespace simws::protocol
