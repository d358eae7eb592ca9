#include "endpoint/inspector_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simws::endpoint {
namespace {

constexpr const char* begin =
    R"({"columns":["time","connections","messagesIn","messagesOut","bytesIn","bytesOut",)"
    R"("queuedBytes","dropped","passP50","passP99","roundTripP50","roundTripP99",)"
    R"("queueWaitP50","queueWaitP99"],"rows":[)";

TEST(InspectorHistory, BeginsEmpty) {
  const InspectorHistory history;
  EXPECT_EQ(history.text(), std::string(begin) + "]}");
  EXPECT_EQ(history.latest_text(), history.text());
}

TEST(InspectorHistory, HasFiguresAsTheyAreTold) {
  InspectorHistory history;
  ServerInfo info;
  info.connections = 3;
  info.bytes_out = 9'007'199'254'740'991;
  history.add(1.78e12 + 0.4, info);
  EXPECT_EQ(history.text(), std::string(begin) +
                                "[1780000000000,3,0,0,0,9007199254740991,0,0,"
                                "null,null,null,null,null,null]]}");
}

TEST(InspectorHistory, TimesAreThoseOfARowsOwnSecond) {
  InspectorHistory history;
  ServerInfo info;
  info.pass_time.counts[10] = 100;  // 1 ms
  info.pass_time.longest = Seconds{0.001};
  history.add(1000, info);
  info.pass_time.counts[5] = 10;  // 32 µs
  history.add(2000, info);
  history.add(3000, info);
  const auto median_of = [](const std::string& text) {
    std::string row = text.substr(text.rfind('[') + 1);
    for (int column = 0; column < 8; ++column) row.erase(0, row.find(',') + 1);
    return row.substr(0, row.find(','));
  };
  EXPECT_EQ(median_of(history.latest_text()), "null");
  InspectorHistory again;
  ServerInfo before;
  before.pass_time.counts[10] = 100;
  again.add(1000, before);
  again.add(2000, info);
  EXPECT_LE(std::stod(median_of(again.latest_text())), 32e-6);
  EXPECT_GT(std::stod(median_of(again.latest_text())), 15e-6);
}

TEST(InspectorHistory, TheOldestGiveWay) {
  InspectorHistory history;
  for (std::size_t i = 0; i < InspectorHistory::most_rows + 5; ++i) {
    history.add(1000.0 * static_cast<double>(i), {});
  }
  EXPECT_EQ(history.text().substr(std::string(begin).size(), 6), "[5000,");
  EXPECT_THAT(history.text(), testing::HasSubstr("null],[6000,"));
  EXPECT_EQ(history.latest_text().substr(std::string(begin).size(), 8), "[604000,");
}

}  // namespace
}  // namespace simws::endpoint
