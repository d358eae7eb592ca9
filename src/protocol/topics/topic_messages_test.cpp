#include "protocol/topics/topic_messages.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using namespace topic_request;

TEST(TopicMessages, HeaderLinesOfAServer) {
  EXPECT_EQ(topic_message::message("a/b", "k", 1.5), "[\"message\",\"a/b\",\"k\",1.5]\n");
  EXPECT_EQ(topic_message::message("a\"\\", "", 1234567890123.4567),
            "[\"message\",\"a\\\"\\\\\",\"\",1234567890123.457]\n");
  EXPECT_EQ(topic_message::part("a", "k", 1, 2, 3), "[\"part\",\"a\",\"k\",1.0,2,3]\n");
  EXPECT_EQ(topic_message::message("a", "k", 1, {"0123456789ab", 7}),
            "[\"message\",\"a\",\"k\",1.0,\"0123456789ab\",7]\n");
  EXPECT_EQ(topic_message::part("a", "k", 1, 2, 3, {"e", 18446744073709551615U}),
            "[\"part\",\"a\",\"k\",1.0,2,3,\"e\",18446744073709551615]\n");
  EXPECT_EQ(topic_message::stale(true, "a \"b\""), "[\"stale\",true,\"a \\\"b\\\"\"]\n");
  EXPECT_EQ(topic_message::stale(false, ""), "[\"stale\",false,\"\"]\n");
  EXPECT_EQ(topic_message::mark(7, std::nullopt), "[\"mark\",7]\n");
  EXPECT_EQ(topic_message::mark(7, std::chrono::duration<double>(0.0125)), "[\"mark\",7,12.5]\n");
  EXPECT_EQ(topic_message::pong(7, 1.5), "[\"pong\",7,1.5]\n");
  EXPECT_EQ(topic_message::refused("publish", "a", "why"),
            "[\"refused\",\"publish\",\"a\",\"why\"]\n");
  EXPECT_EQ(topic_message::subscribed(
                "a", {TopicPolicy::latest, 1024, 0.0, 4, std::chrono::duration<double>(0.1)}),
            "[\"subscribed\",\"a\",{\"policy\":\"latest\",\"maxQueued\":1024,\"rate\":0.0,"
            "\"priority\":4,\"window\":0.1}]\n");
}

template <typename Word>
Word word_of(std::string_view message) {
  const TopicRequest request = parse_topic_request(message);
  const Word* const word = std::get_if<Word>(&request.word);
  EXPECT_TRUE(word) << message;
  return word ? *word : Word{};
}

TEST(TopicMessages, AnEmptyLineIsAMessageOfTheApplications) {
  word_of<Send>("\nhello\nworld");
  EXPECT_EQ(parse_topic_request("\nhello\nworld").payload, "hello\nworld");
  EXPECT_EQ(parse_topic_request("\n").payload, "");
}

TEST(TopicMessages, WhatAClientMaySay) {
  EXPECT_EQ(word_of<Subscribe>("[\"subscribe\",\"a/#\"]").topic, "a/#");
  EXPECT_EQ(word_of<Subscribe>("[\"subscribe\",\"a\",null]").options, SubscriptionOptions{});
  const auto all = word_of<Subscribe>(
      " [ \"subscribe\" , \"a\" , {\"policy\":\"oldest\",\"maxQueued\":5,\"rate\":2.5,"
      "\"priority\":6,\"window\":0.5,\"later\":[1]} , 7 ]\n");
  EXPECT_EQ(all.fault, "");
  EXPECT_EQ(all.options, (SubscriptionOptions{TopicPolicy::oldest, 5, 2.5, 6,
                                              std::chrono::duration<double>(0.5)}));
  EXPECT_EQ(word_of<Unsubscribe>("[\"unsubscribe\",\"a\"]\n").topic, "a");
  EXPECT_EQ(word_of<Publish>("[\"publish\",\"a\"]\n\x01\xFF").topic, "a");
  EXPECT_EQ(parse_topic_request("[\"publish\",\"a\"]\n\x01\xFF").payload, "\x01\xFF");
  EXPECT_EQ(word_of<Acknowledge>("[\"ack\",4294967295]").number, 4294967295U);
  EXPECT_EQ(word_of<Ping>("[\"ping\",1]").number, 1U);
  word_of<Unknown>("[\"of a later version\",{}]\n");
}

TEST(TopicMessages, OptionsThatCantBeSayWhy) {
  const std::pair<const char*, const char*> cases[] = {
      {"5", "the options are no object"},
      {"{\"policy\":\"some\"}", "policy is none of all, latest, oldest, newest, resync"},
      {"{\"policy\":1}", "policy is none of all, latest, oldest, newest, resync"},
      {"{\"maxQueued\":-1}", "maxQueued is negative"},
      {"{\"maxQueued\":1.5}", "maxQueued is no whole number"},
      {"{\"priority\":\"2\"}", "priority is no whole number"},
      {"{\"maxQueued\":18446744073709551615}", "maxQueued is too large"},
      {"{\"maxQueued\":0}", "maxQueued is 0"},
      {"{\"rate\":\"2\"}", "rate is no number"},
      {"{\"rate\":1e300}", "rate is not 0 to 1000000000"},
      {"{\"priority\":7}", "priority is not 0 to 6"},
      {"{\"priority\":4294967297}", "priority is too large"},
      {"{\"window\":-0.1}", "window is negative"},
      {"{\"window\":null}", "window is no number"},
  };
  for (const auto& [options, fault] : cases) {
    EXPECT_EQ(word_of<Subscribe>(std::string("[\"subscribe\",\"a\",") + options + "]").fault, fault)
        << options;
  }
}

TEST(TopicMessages, WhatDoesntSpeakTheSubprotocolIsMalformed) {
  const std::vector<std::string> cases = {
      "",
      "hello",
      "{}",
      "[]",
      "[1]",
      "[null,\"a\"]",
      "[\"subscribe\"]",
      "[\"subscribe\",5]",
      "[\"publish\",{}]\n",
      "[\"unsubscribe\"]",
      "[\"ack\"]",
      "[\"ack\",-1]",
      "[\"ping\"]",
      "[\"ack\",\"1\"]",
      "[\"ack\",1",
      "[\"ack\",1]]",
      "[\"ack\",1e400]",
      "[\"subscribe\",\"\xFF\"]",
      "[\"subscribe\",\"\\uD800\"]",
      std::string("[\"ack\"\0,1]", 10),
      "\xEF\xBB",
      std::string(4000, '['),
      std::string(4097, ' '),
      "[\"subscribe\",\"" + std::string(5000, 'a') + "\"]",
  };
  for (const std::string& each : cases) {
    const TopicRequest request = parse_topic_request(each);
    const auto* const malformed = std::get_if<Malformed>(&request.word);
    ASSERT_TRUE(malformed) << each;
    EXPECT_FALSE(malformed->reason.empty());
    EXPECT_LE(malformed->reason.size(), 123U) << "it must fit into a Close frame";
  }
}

TEST(TopicMessages, AReasonThatIsNoUtf8IsMendedAndNotThrown) {
  EXPECT_EQ(topic_message::refused("publish", "\xFF", "x"),
            "[\"refused\",\"publish\",\"\xEF\xBF\xBD\",\"x\"]\n");
}

}  // namespace
}  // namespace simws::protocol
