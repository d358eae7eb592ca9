#include "script/handles.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace simws::script {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

TEST(Handles, AreReadAsTheyAreWritten) {
  for (const std::uint64_t number : {std::uint64_t{2}, std::uint64_t{43}, largest}) {
    EXPECT_EQ(parse_endpoint_handle(HandleText(number).view()), number);
    const auto parsed = parse_connection_handle(HandleText(ConnectionHandle{7, number}).view());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->endpoint, shown_number(7));
    EXPECT_EQ(parsed->connection, number);
  }
}

TEST(Handles, LookLikeThis) {
  EXPECT_EQ(HandleText(6).view(), "simWS.Server:3");
  EXPECT_EQ(HandleText(9).view(), "simWS.Client:4");
  EXPECT_EQ(HandleText(ConnectionHandle{9, 17}).view(), "simWS.Connection:4:17");
  EXPECT_EQ(HandleText(ConnectionHandle{6, 17}).view(), "simWS.Connection:3:17");
  EXPECT_EQ(HandleText(ConnectionHandle{largest, largest}).view(),
            "simWS.Connection:9223372036854775807:18446744073709551615");
}

TEST(Handles, AreFollowedByANul) {
  EXPECT_EQ(*HandleText(3).view().end(), '\0');
  const HandleText longest(ConnectionHandle{largest, largest});
  EXPECT_EQ(*longest.view().end(), '\0');
}

TEST(LatestHandles, KnowNoOthers) {
  LatestHandles latest;
  EXPECT_FALSE(latest.find(latest.endpoint(), latest.connection()));
  latest.set({6, 17});
  EXPECT_EQ(latest.endpoint(), "simWS.Server:3");
  EXPECT_EQ(latest.connection(), "simWS.Connection:3:17");
  EXPECT_EQ(latest.find("simWS.Server:3", "simWS.Connection:3:17"), (ConnectionHandle{6, 17}));
  EXPECT_FALSE(latest.find("simWS.Server:4", "simWS.Connection:3:17"));
  EXPECT_FALSE(latest.find("simWS.Server:3", "simWS.Connection:3:1"));
  EXPECT_FALSE(latest.find("simWS.Server:3", "simWS.Connection:3:170"));
}

TEST(LatestHandles, ChangeWithTheEvent) {
  LatestHandles latest;
  for (const ConnectionHandle handle : {ConnectionHandle{6, 17}, ConnectionHandle{6, 18},
                                        ConnectionHandle{8, 18}, ConnectionHandle{9, 18}}) {
    latest.set(handle);
    EXPECT_EQ(latest.endpoint(), HandleText(handle.endpoint).view());
    EXPECT_EQ(latest.connection(), HandleText(handle).view());
    EXPECT_EQ(latest.find(latest.endpoint(), latest.connection()), handle);
  }
}

TEST(Handles, NothingElseIsAServersOrClientsHandle) {
  for (const std::string text : {"",
                                 "x",
                                 "3",
                                 "simWS.Server",
                                 "simWS.Server:",
                                 "simWS.Server:0",
                                 "simWS.Server:03",
                                 "simWS.Server:+3",
                                 "simWS.Server:-3",
                                 "simWS.Server: 3",
                                 "simWS.Server:3 ",
                                 "simWS.Server:3x",
                                 "simWS.Server:3:4",
                                 "simWS.server:3",
                                 " simWS.Server:3",
                                 "simWS.Server:18446744073709551616",
                                 "simWS.Server:9223372036854775808",
                                 "simWS.Client",
                                 "simWS.Client:03",
                                 "simWS.client:3",
                                 "simWS.Connection:3:17"}) {
    EXPECT_FALSE(parse_endpoint_handle(text)) << text;
  }
  EXPECT_FALSE(parse_endpoint_handle(std::string_view("simWS.Server:3\0", 15)));
}

TEST(Handles, NothingElseIsAConnectionsHandle) {
  for (const std::string text :
       {"", "x", "simWS.Connection", "simWS.Connection:3", "simWS.Connection:3:",
        "simWS.Connection::17", "simWS.Connection:0:17", "simWS.Connection:3:0",
        "simWS.Connection:3:017", "simWS.Connection:3:17:", "simWS.Connection:3:17x",
        "simWS.Connection:3-17", "simWS.Server:3"}) {
    EXPECT_FALSE(parse_connection_handle(text)) << text;
  }
}

}  // namespace
}  // namespace simws::script
