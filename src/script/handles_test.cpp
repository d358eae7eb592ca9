#include "script/handles.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace simws::script {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

TEST(Handles, AreReadAsTheyAreWritten) {
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{42}, largest}) {
    EXPECT_EQ(parse_server_handle(HandleText(number).view()), number);
    const auto parsed = parse_connection_handle(HandleText(ConnectionHandle{7, number}).view());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->server, 7u);
    EXPECT_EQ(parsed->connection, number);
  }
}

TEST(Handles, LookLikeThis) {
  EXPECT_EQ(HandleText(3).view(), "simWS.Server:3");
  EXPECT_EQ(HandleText(ConnectionHandle{3, 17}).view(), "simWS.Connection:3:17");
  EXPECT_EQ(HandleText(ConnectionHandle{largest, largest}).view(),
            "simWS.Connection:18446744073709551615:18446744073709551615");
}

TEST(Handles, AreFollowedByANul) {
  EXPECT_EQ(*HandleText(3).view().end(), '\0');
  const HandleText longest(ConnectionHandle{largest, largest});
  EXPECT_EQ(*longest.view().end(), '\0');
}

TEST(LatestHandles, KnowNoOthers) {
  LatestHandles latest;
  EXPECT_FALSE(latest.find(latest.server(), latest.connection()));
  latest.set({3, 17});
  EXPECT_EQ(latest.server(), "simWS.Server:3");
  EXPECT_EQ(latest.connection(), "simWS.Connection:3:17");
  EXPECT_EQ(latest.find("simWS.Server:3", "simWS.Connection:3:17"), (ConnectionHandle{3, 17}));
  EXPECT_FALSE(latest.find("simWS.Server:4", "simWS.Connection:3:17"));
  EXPECT_FALSE(latest.find("simWS.Server:3", "simWS.Connection:3:1"));
  EXPECT_FALSE(latest.find("simWS.Server:3", "simWS.Connection:3:170"));
}

TEST(LatestHandles, ChangeWithTheEvent) {
  LatestHandles latest;
  for (const ConnectionHandle handle :
       {ConnectionHandle{3, 17}, ConnectionHandle{3, 18}, ConnectionHandle{4, 18}}) {
    latest.set(handle);
    EXPECT_EQ(latest.server(), HandleText(handle.server).view());
    EXPECT_EQ(latest.connection(), HandleText(handle).view());
    EXPECT_EQ(latest.find(latest.server(), latest.connection()), handle);
  }
}

TEST(Handles, NothingElseIsAServersHandle) {
  for (const std::string text :
       {"", "x", "3", "simWS.Server", "simWS.Server:", "simWS.Server:0", "simWS.Server:03",
        "simWS.Server:+3", "simWS.Server:-3", "simWS.Server: 3", "simWS.Server:3 ",
        "simWS.Server:3x", "simWS.Server:3:4", "simWS.server:3", " simWS.Server:3",
        "simWS.Server:18446744073709551616", "simWS.Connection:3:17"}) {
    EXPECT_FALSE(parse_server_handle(text)) << text;
  }
  EXPECT_FALSE(parse_server_handle(std::string_view("simWS.Server:3\0", 15)));
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
