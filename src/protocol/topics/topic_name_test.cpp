#include "protocol/topics/topic_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol {
namespace {

struct NameCase {
  std::string name;
  bool is_topic;
  bool is_subscription;
};

TEST(TopicName, NamesAreLevelsOfUtf8) {
  const std::string longest(255, 'a');
  const NameCase cases[] = {
      {"pose", true, true},
      {"robots/1/pose", true, true},
      {"Gelenk größe 関節", true, true},
      {longest, true, true},
      {longest + "a", false, false},
      {"", false, false},
      {"/", false, false},
      {"/a", false, false},
      {"a/", false, false},
      {"a//b", false, false},
      {"a\nb", false, false},
      {std::string("a\0b", 3), false, false},
      {"a\x7F", false, false},
      {"a\xFF", false, false},
      {"\xED\xA0\x80", false, false},
      {"a#", false, false},
      {"a/#b", false, false},
      {"#/a", false, false},
      {"a/#/b", false, false},
      {"##", false, false},
      {"#", false, true},
      {"a/#", false, true},
      {"a/b/#", false, true},
      {"/#", false, false},
      {"a//#", false, false},
      {std::string(253, 'a') + "/#", false, true},
      {std::string(254, 'a') + "/#", false, false},
  };
  for (const NameCase& each : cases) {
    EXPECT_EQ(check_topic(each.name).ok(), each.is_topic) << each.name;
    EXPECT_EQ(check_subscription(each.name).ok(), each.is_subscription) << each.name;
  }
}

TEST(TopicName, AFaultSaysWhatToDo) {
  EXPECT_EQ(check_topic("a/#").error().message,
            "invalid topic: 'a/#' has a '#': only subscriptions may end in one, behind a '/'");
  EXPECT_EQ(check_subscription("").error().message, "invalid topic: '' is empty");
}

TEST(TopicName, KeysAreUtf8OfAKibibyteAtTheMost) {
  EXPECT_TRUE(check_key("").ok());
  EXPECT_TRUE(check_key("any # / \" 関節").ok());
  EXPECT_FALSE(check_key("a\n").ok());
  EXPECT_TRUE(check_key(std::string(1024, 'k')).ok());
  EXPECT_FALSE(check_key(std::string(1025, 'k')).ok());
  EXPECT_FALSE(check_key("\xC0\x80").ok());
}

struct TakesCase {
  const char* subscription;
  const char* topic;
  bool takes;
};

TEST(TopicName, ASubscriptionTakesItsTopicOrAllBelow) {
  const TakesCase cases[] = {
      {"a", "a", true},      {"a", "a/b", false},    {"a/#", "a", true},       {"a/#", "a/b", true},
      {"a/#", "ab", false},  {"a/#", "a/b/c", true}, {"#", "a", true},         {"#", "a/b", true},
      {"a/b/#", "a", false}, {"a/b/#", "a/b", true}, {"a/b/#", "a/bc", false},
  };
  for (const TakesCase& each : cases) {
    EXPECT_EQ(takes(each.subscription, each.topic), each.takes)
        << each.subscription << " " << each.topic;
  }
}

TEST(TopicName, ASubscriptionCoversAnother) {
  EXPECT_TRUE(covers("#", "#"));
  EXPECT_TRUE(covers("#", "a/#"));
  EXPECT_TRUE(covers("a/#", "a/#"));
  EXPECT_TRUE(covers("a/#", "a/b/#"));
  EXPECT_TRUE(covers("a/#", "a"));
  EXPECT_TRUE(covers("a", "a"));
  EXPECT_FALSE(covers("a", "a/#"));
  EXPECT_FALSE(covers("a/#", "#"));
  EXPECT_FALSE(covers("a/b/#", "a/#"));
  EXPECT_FALSE(covers("a/#", "ab/#"));
}

TEST(TopicName, TheRootIsTheFirstNameThatASubscriptionTakes) {
  EXPECT_EQ(root_of("a/b"), "a/b");
  EXPECT_EQ(root_of("a/b/#"), "a/b");
  EXPECT_EQ(root_of("a/#"), "a");
  EXPECT_EQ(root_of("#"), "");
}

TEST(TopicName, PatternsComeFromTheMostSpecificOn) {
  std::vector<std::string> patterns;
  for_each_pattern("a/b", [&](const std::string& pattern) { patterns.push_back(pattern); });
  EXPECT_EQ(patterns, (std::vector<std::string>{"a/b/#", "a/#", "#"}));
}

}  // namespace
}  // namespace simws::protocol
