#include "protocol/topics/topic_replies.h"

#include "protocol/topics/topic_messages.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

using namespace topic_reply;

template <typename Word>
Word word_of(std::string_view message) {
  const TopicReply reply = parse_topic_reply(message);
  const Word* const word = std::get_if<Word>(&reply.word);
  EXPECT_TRUE(word) << message;
  return word ? *word : Word{};
}

TEST(TopicReplies, WhatAServerWritesIsRead) {
  const std::string message = topic_message::message("a/\"b", "k", 1.5) + "pay\nload";
  EXPECT_EQ(word_of<Message>(message).topic, "a/\"b");
  EXPECT_EQ(word_of<Message>(message).key, "k");
  EXPECT_EQ(parse_topic_reply(message).payload, "pay\nload");
  const Part part = word_of<Part>(topic_message::part("a", "", 1, 2, 3) + "x");
  EXPECT_EQ(part.topic, "a");
  EXPECT_EQ(part.index, 2u);
  EXPECT_EQ(part.count, 3u);
  EXPECT_EQ(part.origin, Origin());
  EXPECT_EQ(word_of<Mark>(topic_message::mark(4'294'967'295, std::nullopt)).number, 4'294'967'295);
  const Refused refused = word_of<Refused>(topic_message::refused("subscribe", "a", "why"));
  EXPECT_EQ(refused.topic + refused.reason, "awhy");
  word_of<Other>(topic_message::pong(7, 1.5));
  word_of<Other>(topic_message::subscribed(
      "a", {TopicPolicy::latest, 1024, 0.0, 4, std::chrono::duration<double>(0.1)}));
}

TEST(TopicReplies, WhereAPublicationHasAnOriginItIsRead) {
  const Origin origin{"0123456789ab", 18446744073709551615U};
  EXPECT_EQ(word_of<Message>(topic_message::message("a", "k", 1.5, origin)).origin, origin);
  EXPECT_EQ(word_of<Part>(topic_message::part("a", "k", 1.5, 0, 2, origin)).origin, origin);
  EXPECT_EQ(word_of<Message>(topic_message::message("a", "k", 1.5)).origin, Origin());
  EXPECT_EQ(word_of<Message>("[\"message\",\"a\",\"\",1,\"e\",-1]\n").origin, Origin());
}

TEST(TopicReplies, WhetherWhatComesIsStale) {
  const Stale stale = word_of<Stale>(topic_message::stale(true, "no broker"));
  EXPECT_TRUE(stale.is_stale);
  EXPECT_EQ(stale.reason, "no broker");
  EXPECT_FALSE(word_of<Stale>("[\"stale\",false]").is_stale);
  EXPECT_NE(word_of<Malformed>("[\"stale\",1]\n").reason, "");
}

TEST(TopicReplies, AnEmptyLineIsAMessageOfTheApplications) {
  word_of<Sent>("\nhello");
  EXPECT_EQ(parse_topic_reply("\nhello").payload, "hello");
}

TEST(TopicReplies, WhatIsOfALaterVersionIsPassedOver) {
  word_of<Other>("[\"later\",{\"a\":[1,[2]]}]\n");
  EXPECT_EQ(word_of<Message>("[\"message\",\"a\",\"\",1,{\"b\":[1]},[2],3,4,5]\n").topic, "a");
}

TEST(TopicReplies, WhatCannotBeIsTold) {
  for (const std::string_view message :
       {"", "x", "[\n", "{}\n", "[]\n", "[1]\n", "[\"message\"]\n", "[\"message\",1,\"\"]\n",
        "[\"message\",\"a\",[\"b\"]]\n", "[\"part\",\"a\",\"\",1]\n",
        "[\"part\",\"a\",\"\",1,3,3]\n", "[\"part\",\"a\",\"\",1,-1,3]\n", "[\"mark\"]\n",
        "[\"mark\",4294967296]\n", "[\"mark\",1.5]\n", "[\"refused\",\"subscribe\",\"a\"]\n"}) {
    EXPECT_NE(word_of<Malformed>(message).reason, "") << message;
  }
  const std::string long_line = "[\"message\",\"" + std::string(5000, 'a') + "\",\"\"]\n";
  EXPECT_NE(word_of<Malformed>(long_line).reason, "");
}

TEST(TopicReplies, RequestsAreWhatAServerReads) {
  const TopicRequest subscribe = parse_topic_request(topic_request::subscribe_to_all_of("a\"/#"));
  const auto* const asked = std::get_if<topic_request::Subscribe>(&subscribe.word);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->topic, "a\"/#");
  EXPECT_EQ(asked->options.policy, TopicPolicy::all);
  const TopicRequest acknowledge = parse_topic_request(topic_request::acknowledge(7));
  const auto* const number = std::get_if<topic_request::Acknowledge>(&acknowledge.word);
  ASSERT_TRUE(number);
  EXPECT_EQ(number->number, 7u);
}

}  // namespace
}  // namespace simws::protocol
