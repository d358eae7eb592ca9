#include "script/request_map.h"

#include "base/request_head_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace simws::script {
namespace {

std::string words_of(const Map& map) {
  std::string words;
  for (const MapEntry& entry : map) {
    words.append(entry.key).append("=").append(entry.value.text().value_or("-")).append("|");
  }
  return words;
}

const Value& at(const Map& map, std::string_view key) {
  return std::ranges::find(map, key, &MapEntry::key)->value;
}

ConnectionInfo info_of(std::string_view resource, const HeaderList& fields) {
  RequestHeadBuilder builder;
  builder.begin("GET", resource);
  for (const auto& [name, value] : fields) builder.add(name, value);
  ConnectionInfo info;
  info.remote_address = "127.0.0.1:4711";
  info.request = builder.finish();
  return info;
}

TEST(QueryMap, IsDecodedAndTakesTheFirstOfEqualNames) {
  EXPECT_EQ(words_of(query_map("/?a=1&b=x+y%20z&a=2&c&=d&%61=3")), "a=1|b=x y z|c=|=d|");
  EXPECT_EQ(words_of(query_map("/")), "");
}

TEST(UpgradeMap, HasTheRequest) {
  const Map map = upgrade_map(
      info_of("/a%20b?c=d",
              {{"Origin", "http://lab"}, {"Sec-WebSocket-Protocol", "v2, ,v1\t"}, {"X", "y"}}));
  EXPECT_EQ(at(map, "method").text(), "GET");
  EXPECT_EQ(at(map, "resource").text(), "/a%20b?c=d");
  EXPECT_EQ(at(map, "path").text(), "/a%20b");
  EXPECT_EQ(words_of(*at(map, "query").as<Map>()), "c=d|");
  EXPECT_EQ(at(map, "origin").text(), "http://lab");
  EXPECT_EQ(at(map, "remoteAddress").text(), "127.0.0.1:4711");
  EXPECT_EQ(at(*at(map, "headers").as<Map>(), "x").text(), "y");
  const List& subprotocols = *at(map, "subprotocols").as<List>();
  ASSERT_EQ(subprotocols.size(), 2u);
  EXPECT_EQ(subprotocols[0].text(), "v2");
  EXPECT_EQ(subprotocols[1].text(), "v1");
}

TEST(UpgradeMap, OfAProgramHasNoOrigin) {
  const Map map = upgrade_map(info_of("/", {}));
  EXPECT_TRUE(at(map, "origin").is_nil());
  EXPECT_TRUE(at(map, "subprotocols").as<List>()->empty());
  EXPECT_TRUE(at(map, "query").as<Map>()->empty());
}

}  // namespace
}  // namespace simws::script
