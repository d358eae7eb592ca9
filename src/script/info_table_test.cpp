#include "script/function_table.h"

#include "base/request_head_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace simws::script {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(const Map& map) {
  std::vector<std::string> keys;
  for (const MapEntry& entry : map) keys.push_back(entry.key);
  return keys;
}

const Value& at(const Map& map, std::string_view key) {
  return std::ranges::find(map, key, &MapEntry::key)->value;
}

TEST(InfoTable, WhatIsKnownOfAConnection) {
  EXPECT_THAT(names(connection_map({})),
              ElementsAre("remoteAddress", "resource", "headers", "subprotocol", "compression",
                          "queuedBytes", "roundTripTime", "state", "closeCode", "closeReason",
                          "clean", "error", "tls", "messagesIn", "messagesOut", "bytesIn",
                          "bytesOut", "dropped", "queueAge"));
}

TEST(InfoTable, WhatIsKnownOfAServer) {
  EXPECT_THAT(names(server_map({})),
              ElementsAre("host", "port", "tls", "connections", "messagesIn", "messagesOut",
                          "bytesIn", "bytesOut", "dropped", "refused", "queuedBytes", "uptime",
                          "accepted", "handshakes", "httpRequests", "linesLeftOut", "pendingBytes",
                          "retainedBytes", "roundTripTimes", "queueWaits", "passTimes",
                          "callbackTimes", "stepLateness", "broker"));
}

TEST(InfoTable, HowLongThingsTookIsAMap) {
  ServerInfo info;
  info.pass_time.counts[10] = 100;  // up to 1.024 ms
  info.pass_time.sum = Seconds{0.06};
  info.pass_time.longest = Seconds{0.001};
  const Map map = server_map(info);
  const Map& times = *at(map, "passTimes").as<Map>();
  EXPECT_THAT(names(times), ElementsAre("count", "sum", "p50", "p90", "p99", "longest"));
  EXPECT_EQ(*at(times, "count").as<std::int64_t>(), 100);
  EXPECT_EQ(*at(times, "sum").as<double>(), 0.06);
  EXPECT_EQ(*at(times, "longest").as<double>(), 0.001);
  EXPECT_GT(*at(times, "p50").as<double>(), 0.0005);
  EXPECT_LE(*at(times, "p99").as<double>(), 0.001);
  EXPECT_EQ(*at(*at(map, "callbackTimes").as<Map>(), "p99").as<double>(), 0);
}

TEST(InfoTable, WhatIsNotKnownYetIsNil) {
  const Map map = connection_map({});
  EXPECT_TRUE(at(map, "closeCode").is_nil());
  EXPECT_TRUE(at(map, "roundTripTime").is_nil());
}

TEST(InfoTable, ValuesHaveTheTypesOfTheirRows) {
  ConnectionInfo info;
  info.state = ConnectionState::closed;
  info.close_code = CloseCode::going_away;
  info.round_trip_time = Seconds{0.25};
  info.queued_bytes = 7;
  const Map map = connection_map(info);
  EXPECT_EQ(at(map, "state").text(), "closed");
  EXPECT_EQ(*at(map, "closeCode").as<std::int64_t>(), 1001);
  EXPECT_EQ(*at(map, "roundTripTime").as<double>(), 0.25);
  EXPECT_EQ(*at(map, "queuedBytes").as<std::int64_t>(), 7);
  EXPECT_FALSE(*at(map, "clean").as<bool>());
}

TEST(InfoTable, WhatIsKnownOfTls) {
  ConnectionInfo info;
  EXPECT_TRUE(at(connection_map(info), "tls").is_nil());
  info.tls = std::make_shared<const ConnectionTls>(
      ConnectionTls{"TLSv1.3", "TLS_AES_256_GCM_SHA384", "CN=robot", {"robot", "arm"}});
  const Map map = connection_map(info);
  const Map& tls = *at(map, "tls").as<Map>();
  EXPECT_THAT(names(tls), ElementsAre("version", "cipher", "subject", "names"));
  EXPECT_EQ(at(tls, "subject").text(), "CN=robot");
  EXPECT_EQ(at(tls, "names").as<List>()->size(), 2u);
  ClientInfo client;
  EXPECT_TRUE(at(client_map(client), "tls").is_nil());
  client.tls = info.tls;
  EXPECT_EQ(at(*at(client_map(client), "tls").as<Map>(), "version").text(), "TLSv1.3");
}

TEST(InfoTable, HeadersAreInLowerCaseAndRepeatedOnesJoined) {
  RequestHeadBuilder builder;
  builder.begin("GET", "/");
  for (const auto& [name, value] : HeaderList{{"X-B", "1"}, {"Accept", "a"}, {"ACCEPT", "b"}}) {
    builder.add(name, value);
  }
  for (const char* value : {"x=1; y=2", "z=3"}) builder.add("Cookie", value);
  const Map map = header_map(builder.finish());
  EXPECT_THAT(names(map), ElementsAre("x-b", "accept", "cookie"));
  EXPECT_EQ(at(map, "accept").text(), "a, b");
  EXPECT_EQ(at(map, "cookie").text(), "x=1; y=2; z=3");
}

TEST(InfoTable, MakesNoMoreThanTheFieldsAskedFor) {
  ConnectionInfo info;
  info.remote_address = "[::1]:50312";
  const std::vector<std::string_view> fields = {"state", "remoteAddress"};
  const auto map = connection_map(info, fields);
  ASSERT_TRUE(map);
  EXPECT_THAT(names(*map), ElementsAre("state", "remoteAddress"));
  EXPECT_EQ(at(*map, "remoteAddress").text(), "[::1]:50312");
}

TEST(InfoTable, AnUnknownFieldIsAnErrorThatListsTheKnownOnes) {
  const std::vector<std::string_view> fields = {"state", "remoteAdress"};
  const auto map = connection_map({}, fields);
  ASSERT_FALSE(map);
  EXPECT_EQ(map.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(map.error().message,
            "unknown field 'remoteAdress'; the fields are remoteAddress, resource, headers, "
            "subprotocol, compression, queuedBytes, roundTripTime, state, closeCode, closeReason, "
            "clean, error, tls, messagesIn, messagesOut, bytesIn, bytesOut, dropped, queueAge");
}

}  // namespace
}  // namespace simws::script
