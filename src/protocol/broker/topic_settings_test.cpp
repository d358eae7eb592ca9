#include "protocol/broker/topic_settings.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

TEST(TopicSettings, AreReadAsTheyreWritten) {
  TopicSettings settings;
  SubscriptionOptions& pose = settings["größe/\"pose\""];
  pose.policy = TopicPolicy::latest;
  pose.max_queued = 1'000'000;
  pose.rate = 12.5;
  pose.priority = 6;
  pose.window = std::chrono::duration<double>(0.25);
  settings["robots/#"].policy = TopicPolicy::resync;
  settings["#"] = {};
  const auto text = topic_settings_text(settings);
  ASSERT_TRUE(text);
  EXPECT_EQ(parse_topic_settings(*text), settings);
  EXPECT_EQ(topic_settings_text({}), "{}");
}

TEST(TopicSettings, WhatCantBeIsLeftOut) {
  const auto settings = parse_topic_settings(
      R"({"a":{"policy":"nearest","rate":-1,"priority":8,"window":"1","maxQueued":0,"new":[1]},)"
      R"("a//b":{"policy":"all"},"b":7,"c":{"rate":1e300,"priority":1.0,"policy":"newest"}})");
  ASSERT_TRUE(settings);
  TopicSettings expected;
  expected["a"] = {};
  expected["c"].policy = TopicPolicy::newest;
  expected["c"].priority = 1;
  EXPECT_EQ(*settings, expected);
}

TEST(TopicSettings, OthersAreNone) {
  for (const std::string text : {"", "[]", "7", "{", "{\"a\":\"\xFF\"}"}) {
    EXPECT_FALSE(parse_topic_settings(text)) << text;
  }
  EXPECT_FALSE(parse_topic_settings(std::string(most_topic_settings_text, ' ') + "{}"));
}

TEST(TopicSettings, TooManyArent) {
  TopicSettings settings;
  for (std::size_t i = 0; i < most_topic_settings; ++i) settings["t" + std::to_string(i)] = {};
  const auto text = topic_settings_text(settings);
  ASSERT_TRUE(text);
  EXPECT_TRUE(parse_topic_settings(*text));
  settings["one more"] = {};
  EXPECT_FALSE(topic_settings_text(settings));
  settings.clear();
  for (int i = 0; i < 499; ++i) settings[std::string(255, 'x') + std::to_string(i)] = {};
  EXPECT_FALSE(topic_settings_text(settings)) << "too large";
}

}  // namespace
}  // namespace simws::protocol
