#include "protocol/topics/topic_door.h"

#include "protocol/topics/topics_test_fixture.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

class TopicDoorTest : public testing::Test {
 protected:
  Result<PublicationPtr> publish(std::string_view topic, std::string_view data,
                                 const PublishOptions& options = {}) {
    return door_.publish(topic, data, Opcode::text, options, 0);
  }
  Result<PublicationPtr> retain(std::string_view topic, const std::string& key,
                                std::string_view data) {
    return publish(topic, data, {key, true, true});
  }

  std::shared_ptr<OutputBudget> queued_ = test::unlimited_budget();
  TopicDoor door_{queued_, {1000, 100, {}}};
};

TEST_F(TopicDoorTest, APublicationIsEncodedOnce) {
  const auto made = publish("a/b", "hello", {"key", false, false});
  ASSERT_TRUE(made);
  EXPECT_EQ((*made)->topic, "a/b");
  EXPECT_EQ((*made)->key, "key");
  EXPECT_FALSE((*made)->compress);
  EXPECT_EQ(as_text((*made)->message->view().frame()), "\x81\x05hello");
  EXPECT_EQ(queued_->used(), 7U);
}

TEST_F(TopicDoorTest, WhatIsPublishedInARowLiesTogetherButForWhatIsRetained) {
  const PublicationPtr first = publish("a", "1").value(), second = publish("b", "2").value();
  EXPECT_EQ(first->message->frames(), second->message->frames());
  const PublicationPtr kept = retain("a", "", "3").value();
  EXPECT_NE(kept->message->frames(), second->message->frames());
  EXPECT_NE(retain("b", "", "4").value()->message->frames(), kept->message->frames());
}

TEST_F(TopicDoorTest, WhatCantBePublishedIsAnError) {
  EXPECT_EQ(publish("a/#", "x").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(publish("a", "x", {std::string(2000, 'k'), false, true}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_FALSE(publish("a", "\xFF"));
  EXPECT_FALSE(publish("a", std::string(1001, 'x')));
  EXPECT_FALSE(door_.publish("a", "x", Opcode::continuation, {}, 0));
  EXPECT_TRUE(door_.publish("a", "\xFF", Opcode::binary, {}, 0));
}

TEST_F(TopicDoorTest, MoreThanMayBeRetainedIsAnErrorThatNamesTheOption) {
  ASSERT_TRUE(door_.set_topic("few/#", {{}, 20, 2}));
  EXPECT_TRUE(retain("few/a", "1", "xxxx"));
  EXPECT_TRUE(retain("few/a", "2", "xxxx"));
  EXPECT_EQ(retain("few/a", "3", "x").error().message,
            "topic 'few/a': more would be retained than maxKeys (2) allows; forget keys by "
            "publishing empty data with retain, or raise the option");
  EXPECT_TRUE(retain("few/a", "2", "xxxxxxxxxxxxxx")) << "another value of a key";
  EXPECT_NE(retain("few/a", "2", "xxxxxxxxxxxxxxx").error().message.find("maxRetainedBytes (20)"),
            std::string::npos);
  EXPECT_TRUE(retain("few/b", "1", "x")) << "each topic has limits of its own";
  EXPECT_NE(retain("other", "1", std::string(90, 'x'))
                .error()
                .message.find("maxTotalRetainedBytes (100)"),
            std::string::npos);
}

TEST_F(TopicDoorTest, ForgettingAKeyMakesRoom) {
  ASSERT_TRUE(door_.set_topic("a", {{}, std::nullopt, 1}));
  EXPECT_TRUE(retain("a", "1", "x"));
  EXPECT_FALSE(retain("a", "2", "x"));
  EXPECT_TRUE(retain("a", "1", ""));
  EXPECT_TRUE(retain("a", "2", "x"));
}

TEST_F(TopicDoorTest, AMessageMayForgetItsKeyWhateverItSays) {
  ASSERT_TRUE(retain("a", "k", "x"));
  PublishOptions options{"k", false, true};
  options.forget = true;
  const auto made = publish("a", std::string(500, 'x'), options);
  ASSERT_TRUE(made) << "nothing is kept that could be too much";
  EXPECT_TRUE((*made)->forgets());
  EXPECT_EQ(test::data_of(**made).size(), 500U);
  EXPECT_EQ(door_.retained_bytes(), 0U);
}

TEST_F(TopicDoorTest, TheMostSpecificLimitHolds) {
  ASSERT_TRUE(door_.set_topic("#", {{}, std::nullopt, 1}));
  ASSERT_TRUE(door_.set_topic("a/b", {{}, std::nullopt, 3}));
  for (const char* key : {"1", "2", "3"}) EXPECT_TRUE(retain("a/b", key, "x"));
  EXPECT_TRUE(retain("a", "1", "x"));
  EXPECT_FALSE(retain("a", "2", "x"));
}

TEST_F(TopicDoorTest, WhatIsRetainedDoesntCountAsWaiting) {
  const auto made = retain("a", "", "hello");
  EXPECT_EQ(queued_->used(), 0U);
}

Origin origin_of(const Result<PublicationPtr>& made) {
  return made && *made ? (*made)->origin : Origin();
}

TEST_F(TopicDoorTest, WithoutAnEpochPublicationsHaveNoOrigin) {
  EXPECT_EQ(origin_of(publish("a", "x")), Origin());
}

TEST_F(TopicDoorTest, EachPublicationGetsTheNextSequenceOfTheEpoch) {
  TopicDoor door(queued_, {1000, 100, "0123456789ab"});
  EXPECT_EQ(origin_of(door.publish("a", "x", Opcode::text, {}, 0)), (Origin{"0123456789ab", 1}));
  EXPECT_FALSE(door.publish("a/#", "x", Opcode::text, {}, 0));
  EXPECT_EQ(origin_of(door.publish("b", "", Opcode::text, {"k", true, true}, 0)),
            (Origin{"0123456789ab", 2}));
}

TEST_F(TopicDoorTest, WhatAnotherServerPublishedFirstKeepsItsOriginAndTime) {
  PublishOptions options;
  options.origin = {"other", 7};
  options.time = 1.5;
  const auto made = publish("a", "x", options);
  EXPECT_EQ(origin_of(made), (Origin{"other", 7}));
  EXPECT_EQ((*made)->time, 1.5);
  EXPECT_EQ(publish("a", "x").value()->time, 0);
}

TEST_F(TopicDoorTest, AnOriginIsOfLettersAndDigitsAndCountsFromOne) {
  const Origin cases[] = {{"", 1}, {"0123456789abcdef", 1}, {"a\"b", 1}, {"\xC3\xA4", 1}, {"a", 0}};
  for (const Origin& origin : cases) {
    PublishOptions options;
    options.origin = origin;
    EXPECT_EQ(publish("a", "x", options).error().code, ErrorCode::invalid_argument) << origin.epoch;
  }
}

TEST_F(TopicDoorTest, NothingIsPublishedThatIsOlderThanWhatIsRetainedOfItsKey) {
  const auto retain_of = [&](const char* epoch, std::uint64_t sequence, std::string_view data) {
    PublishOptions options{"k", true, true};
    options.origin = {epoch, sequence};
    return publish("a", data, options);
  };
  EXPECT_EQ(origin_of(retain_of("e1", 5, "new")).sequence, 5U);
  EXPECT_EQ(retain_of("e1", 4, "old").value(), nullptr);
  EXPECT_EQ(retain_of("e1", 4, "").value(), nullptr);
  EXPECT_EQ(door_.retained_bytes(), 4U);
  EXPECT_NE(retain_of("e1", 5, "again").value(), nullptr);
  EXPECT_NE(retain_of("e2", 1, "of another start").value(), nullptr);
  EXPECT_NE(retain("a", "k", "ours").value(), nullptr);
}

TEST_F(TopicDoorTest, SubscriptionsAreThoseOfTheTopicAndItsPatterns) {
  EXPECT_EQ(door_.subscriptions("a/b"), 0U);
  const auto exact = door_.tallies()->of("a/b");
  const auto pattern = door_.tallies()->of("a/#");
  exact->fetch_add(2);
  pattern->fetch_add(3);
  EXPECT_EQ(door_.subscriptions("a/b"), 5U);
  EXPECT_EQ(door_.subscriptions("a/c"), 3U);
  const auto announced = door_.announce("#");
  EXPECT_EQ(door_.subscriptions("b"), 1U);
}

TEST_F(TopicDoorTest, TopicsWithoutRetainedMessagesAreForgotten) {
  ASSERT_TRUE(retain("kept", "", "x"));
  for (int i = 0; i < 10'000; ++i) door_.subscriptions("topic" + std::to_string(i));
  ASSERT_TRUE(door_.set_topic("kept", {{}, 1, std::nullopt}));
  EXPECT_FALSE(retain("kept", "", "xx")) << "the limits are still known";
  EXPECT_LT(door_.known_topics(), 5000U);
}

}  // namespace
}  // namespace simws::protocol
