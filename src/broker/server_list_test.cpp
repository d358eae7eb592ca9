#include "broker/server_list.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::broker {
namespace {

TEST(ServerList, OneServerNeedsNoMoreThanAHost) {
  const auto servers = parse_servers("nats://broker.example");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->urls, std::vector<std::string>{"nats://broker.example"});
  EXPECT_FALSE(servers->is_secure);
  EXPECT_EQ(servers->user, "");
  EXPECT_EQ(servers->token, "");
}

TEST(ServerList, ServersShareWhatTheFirstSaysOfTheUser) {
  const auto servers =
      parse_servers("nats://arm:p%40ss@a:4222,tls://b:4223/,nats://x:y@[::1]:4222");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->urls,
            (std::vector<std::string>{"nats://a:4222", "tls://b:4223", "nats://[::1]:4222"}));
  EXPECT_TRUE(servers->is_secure);
  EXPECT_EQ(servers->user, "arm");
  EXPECT_EQ(servers->password, "p@ss");
  EXPECT_EQ(servers->shown(), "nats://a:4222,tls://b:4223,nats://[::1]:4222");
}

TEST(ServerList, WhatHasNoColonIsAToken) {
  const auto servers = parse_servers("nats://s3cret@a");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->token, "s3cret");
  EXPECT_EQ(servers->shown(), "nats://a");
}

TEST(ServerList, AFaultShowsNoPassword) {
  for (const std::string urls :
       {"", "broker", "http://a", "nats://", "nats://:4222", "nats://u:secret@", "nats://a,",
        "nats://u:secret%4@a", "nats://a/b", "nats://a b", "tls://u:secret@a?b"}) {
    const auto servers = parse_servers(urls);
    ASSERT_FALSE(servers) << urls;
    EXPECT_TRUE(servers.error().message.starts_with("invalid broker: it") ||
                servers.error().message.starts_with("invalid broker: a '%'"))
        << urls;
    EXPECT_EQ(servers.error().message.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace simws::broker
