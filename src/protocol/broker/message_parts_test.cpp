#include "protocol/broker/message_parts.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

BrokerPublication part(std::uint64_t sequence, std::uint32_t index, std::uint32_t count,
                       std::string key = "") {
  BrokerPublication publication;
  publication.topic = "scene";
  publication.key = std::move(key);
  publication.epoch = "0123456789ab";
  publication.sequence = sequence;
  publication.part = {index, count};
  return publication;
}

TEST(MessageParts, APayloadIsCutToTheLimit) {
  EXPECT_EQ(part_count(0, 4), 1U);
  EXPECT_EQ(part_count(4, 4), 1U);
  EXPECT_EQ(part_count(5, 4), 2U);
  EXPECT_EQ(part_count(8, 4), 2U);
  EXPECT_EQ(part_of("", 4, 0), "");
  EXPECT_EQ(part_of("abcdefghi", 4, 0), "abcd");
  EXPECT_EQ(part_of("abcdefghi", 4, 2), "i");
}

TEST(MessageParts, WhatWasCutIsPutTogether) {
  const std::string data = "one message of several parts";
  for (std::size_t most = 1; most <= data.size(); ++most) {
    PartJoiner joiner(1000);
    const std::size_t count = part_count(data.size(), most);
    std::optional<std::string> whole;
    for (std::size_t index = 0; index < count; ++index) {
      EXPECT_FALSE(whole);
      whole =
          joiner.take(part(1, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(count)),
                      part_of(data, most, index));
    }
    EXPECT_EQ(whole, data);
    EXPECT_EQ(joiner.bytes(), 0U);
    EXPECT_EQ(joiner.unfinished(), 0U);
  }
}

TEST(MessageParts, AWholeMessagePassesAndEndsTheOneBeforeOfItsKey) {
  PartJoiner joiner(1000);
  EXPECT_FALSE(joiner.take(part(1, 0, 2), "ab"));
  EXPECT_EQ(joiner.take(part(2, 0, 1), "whole"), "whole");
  EXPECT_FALSE(joiner.take(part(1, 1, 2), "cd"));
  EXPECT_EQ(joiner.unfinished(), 0U);
}

TEST(MessageParts, MessagesOfSeveralKeysComeTogether) {
  PartJoiner joiner(1000);
  EXPECT_FALSE(joiner.take(part(1, 0, 2, "a"), "a1"));
  EXPECT_FALSE(joiner.take(part(2, 0, 2, "b"), "b1"));
  EXPECT_EQ(joiner.take(part(1, 1, 2, "a"), "a2"), "a1a2");
  EXPECT_EQ(joiner.take(part(2, 1, 2, "b"), "b2"), "b1b2");
}

TEST(MessageParts, PartsOfDifferentMessagesAreNeverJoined) {
  PartJoiner joiner(1000);
  BrokerPublication of_other_epoch = part(1, 1, 2);
  of_other_epoch.epoch = "ba9876543210";
  for (const BrokerPublication& other : {part(2, 1, 2), part(1, 1, 3), of_other_epoch}) {
    EXPECT_FALSE(joiner.take(part(1, 0, 2), "ab"));
    EXPECT_FALSE(joiner.take(other, "cd"));
    EXPECT_EQ(joiner.unfinished(), 0U);
    EXPECT_EQ(joiner.bytes(), 0U);
  }
}

TEST(MessageParts, WhatIsBehindAGapIsForgotten) {
  PartJoiner joiner(1000);
  EXPECT_FALSE(joiner.take(part(1, 1, 3), "b"));
  EXPECT_FALSE(joiner.take(part(1, 2, 3), "c"));
  EXPECT_FALSE(joiner.take(part(2, 0, 3), "a"));
  EXPECT_FALSE(joiner.take(part(2, 2, 3), "c"));
  EXPECT_EQ(joiner.unfinished(), 0U);
}

TEST(MessageParts, ItBeginsAnewWithTheFirstPart) {
  PartJoiner joiner(1000);
  EXPECT_FALSE(joiner.take(part(1, 0, 2), "lost"));
  EXPECT_FALSE(joiner.take(part(1, 0, 2), "a"));
  EXPECT_EQ(joiner.take(part(1, 1, 2), "b"), "ab");
}

TEST(MessageParts, TheOldestGivesWayWhenThereIsTooMuch) {
  PartJoiner joiner(10);
  EXPECT_FALSE(joiner.take(part(1, 0, 2, "a"), "12345"));
  EXPECT_FALSE(joiner.take(part(2, 0, 2, "b"), "12345"));
  EXPECT_FALSE(joiner.take(part(3, 0, 2, "c"), "1"));
  EXPECT_EQ(joiner.bytes(), 6U);
  EXPECT_FALSE(joiner.take(part(1, 1, 2, "a"), "6"));
  EXPECT_EQ(joiner.take(part(2, 1, 2, "b"), "6"), "123456");
  EXPECT_FALSE(joiner.take(part(4, 0, 2, "d"), "more than ten"));
  EXPECT_EQ(joiner.bytes(), 0U);
}

TEST(MessageParts, AThousandAreUnfinishedAtTheMost) {
  PartJoiner joiner(1 << 20);
  for (std::uint64_t n = 0; n < 2000; ++n) {
    EXPECT_FALSE(joiner.take(part(n, 0, 2, std::to_string(n)), "a"));
  }
  EXPECT_EQ(joiner.unfinished(), 1000U);
  EXPECT_EQ(joiner.take(part(1000, 1, 2, "1000"), "b"), "ab");
  EXPECT_FALSE(joiner.take(part(999, 1, 2, "999"), "b"));
  joiner.clear();
  EXPECT_EQ(joiner.bytes(), 0U);
  EXPECT_FALSE(joiner.take(part(1500, 1, 2, "1500"), "b"));
}

}  // namespace
}  // namespace simws::protocol
