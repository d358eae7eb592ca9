// What a simulation has set for its topics, at an edge.
#include "host/commands/edge/edge_test_fixture.h"

#include <gmock/gmock.h>

#include <string>

namespace simws::host::test {
namespace {

using testing::HasSubstr;

class EdgeTopicsTest : public EdgeTest {
 protected:
  void set(std::string topics) {
    broker::EdgeStatus status = well();
    status.topics = std::move(topics);
    feed_.handlers.status(status);
    handle_all();
  }
  // What the server answers to who asks for nothing but the topic.
  std::string rules_of(const std::string& topic) {
    auto viewer = connect();
    viewer->say("[\"subscribe\",\"" + topic + "\"]");
    settle(*viewer);
    for (const std::string& message : viewer->messages) {
      if (message.starts_with("[\"subscribed\"")) return message;
    }
    return {};
  }
};

TEST_F(EdgeTopicsTest, ViewersGetThemAsTheSimulationSays) {
  start();
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"policy\":\"all\""));
  set(R"({"pose":{"policy":"latest","rate":30,"priority":6},"robots/#":{"policy":"oldest"}})");
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"policy\":\"latest\""));
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"rate\":30"));
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"priority\":6"));
  EXPECT_THAT(rules_of("robots/1"), HasSubstr("\"policy\":\"oldest\""));
  EXPECT_THAT(rules_of("other"), HasSubstr("\"policy\":\"all\""));
}

TEST_F(EdgeTopicsTest, WhatIsSetNoMoreIsAsBefore) {
  start();
  set(R"({"pose":{"policy":"latest"},"map":{"policy":"newest"}})");
  set(R"({"map":{"policy":"resync"}})");
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"policy\":\"all\""));
  EXPECT_THAT(rules_of("map"), HasSubstr("\"policy\":\"resync\""));
}

TEST_F(EdgeTopicsTest, TheEdgesOwnPoliciesCountMore) {
  TopicOptions all;
  all.max_keys = 7;
  topics_ = EdgeTopics({{"robots/#", TopicPolicy::latest}}, all);
  start();
  EXPECT_THAT(rules_of("robots/1"), HasSubstr("\"policy\":\"latest\""));
  set(R"({"robots/1":{"policy":"newest","rate":5},"#":{"policy":"oldest"}})");
  EXPECT_THAT(rules_of("robots/1"), HasSubstr("\"policy\":\"latest\""));
  EXPECT_THAT(rules_of("robots/1"), HasSubstr("\"rate\":5"));
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"policy\":\"oldest\""));
}

TEST_F(EdgeTopicsTest, WhatNobodyCanHaveSetIsPassedOver) {
  start();
  set(R"({"pose":{"policy":"latest"}})");
  set("no JSON");
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"policy\":\"all\""));
  set(R"({"pose":{"policy":"nearest","rate":-1},"a//b":{"policy":"latest"},"map":7})");
  EXPECT_THAT(rules_of("pose"), HasSubstr("\"policy\":\"all\""));
}

}  // namespace
}  // namespace simws::host::test
