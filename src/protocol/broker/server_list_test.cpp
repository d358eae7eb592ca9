#include "protocol/broker/server_list.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {
namespace {

TEST(ServerList, OneServerNeedsNoMoreThanAHost) {
  const auto servers = parse_servers("nats://broker.example");
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->urls, std::vector<std::string>{"nats://broker.example"});
  EXPECT_FALSE(servers->is_secure);
  EXPECT_EQ(servers->user, "");
  EXPECT_EQ(servers->token, "");
}

TEST(ServerList, PortsAreNumbers) {
  for (const char* url : {"nats://a:1", "nats://a:65535/", "nats://[::1]:4222", "nats://[::1]"}) {
    EXPECT_TRUE(parse_servers(url)) << url;
  }
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

TEST(ServerList, SpacesAroundCommasAreNoPartOfIt) {
  const std::string_view spaced = " nats://u:p@a:1, nats://b ,\ttls://c  ";
  const auto servers = parse_servers(spaced);
  ASSERT_TRUE(servers);
  EXPECT_EQ(servers->urls, (std::vector<std::string>{"nats://a:1", "nats://b", "tls://c"}));
  EXPECT_EQ(shown_url(spaced), "nats://***@a:1,nats://b,tls://c");
}

struct Faulty {
  std::string urls;
  std::string error;
};

TEST(ServerList, FaultsShowTheAddressButNoPassword) {
  const std::string no_address =
      " is no address of a NATS server; write nats://host:4222, or tls://host:4222";
  const std::string no_host = " names no host; write nats://host:4222";
  const std::string no_digits =
      " has a '%' before the '@' that isn't followed by two hexadecimal digits; write %25 for '%'";
  const std::string too_much =
      " has something in its host, or behind it, that can't be there; write nats://host:4222";
  const std::string no_port =
      " has a port that can't be; write a number from 1 to 65535 behind the ':'";
  const std::string no_end = " has a '[' without ']'; write nats://[::1]:4222";
  const std::string no_brackets =
      " has several ':' in its host; write an IPv6 address in brackets: nats://[::1]:4222";
  for (const auto& [urls, error] :
       std::vector<Faulty>{{"", "''" + no_address},
                           {"broker", "'broker'" + no_address},
                           {"http://a", "'http://a'" + no_address},
                           {"u:secret@a", "'***@a'" + no_address},
                           {"nats://a,", "''" + no_address},
                           {"nats://a, ,nats://b", "''" + no_address},
                           {"nats://", "'nats://'" + no_host},
                           {"nats://:4222", "'nats://:4222'" + no_host},
                           {"nats:///", "'nats:///'" + no_host},
                           {"nats://u:secret@", "'nats://***@'" + no_host},
                           {"nats://u:secret%4@a", "'nats://***@a'" + no_digits},
                           {"nats://a/b", "'nats://a/b'" + too_much},
                           {"nats://a b", "'nats://a b'" + too_much},
                           {"tls://u:secret@a?b", "'tls://***@a?b'" + too_much},
                           {"nats://a:", "'nats://a:'" + no_port},
                           {"nats://a:b", "'nats://a:b'" + no_port},
                           {"nats://a:0", "'nats://a:0'" + no_port},
                           {"nats://a:65536", "'nats://a:65536'" + no_port},
                           {"nats://u:secret@a:-1", "'nats://***@a:-1'" + no_port},
                           {"nats://[::1]:x", "'nats://[::1]:x'" + no_port},
                           {"nats://[::1", "'nats://[::1'" + no_end},
                           {"nats://::1:4222", "'nats://::1:4222'" + no_host},
                           {"nats://fe80::1", "'nats://fe80::1'" + no_brackets}}) {
    const auto servers = parse_servers(urls);
    ASSERT_FALSE(servers) << urls;
    EXPECT_EQ(servers.error().message, "broker " + error);
  }
}

TEST(ServerList, NoPasswordIsShown) {
  EXPECT_EQ(shown_url("nats://me:p@ss@b:4222,tls://token@c,nats://d"),
            "nats://***@b:4222,tls://***@c,nats://d");
  EXPECT_EQ(without_secrets("me:secret at nats://me:secret@b: secret is wrong, me:secret",
                            "nats://me:secret@b,nats://c"),
            "*** at nats://***@b: *** is wrong, ***");
  EXPECT_EQ(without_secrets("token refused", "nats://token@b"), "*** refused");
}

}  // namespace
}  // namespace simws::protocol
