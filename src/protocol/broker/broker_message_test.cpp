#include "protocol/broker/broker_message.h"

#include "protocol/broker/subject.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace simws::protocol {
namespace {

BrokerPublication some_publication() {
  BrokerPublication publication;
  publication.topic = "robots/1/pose";
  publication.key = "arm";
  publication.epoch = "0123456789ab";
  publication.sequence = 42;
  publication.time = 1700000000123.5;
  return publication;
}

Result<BrokerPublication> decode(const BrokerPublication& publication, std::string_view data,
                                 const BrokerHeaders& headers) {
  return decode_publication("arm", publication_subject("arm", publication.topic, publication.key),
                            headers, data);
}

Result<BrokerPublication> there_and_back(const BrokerPublication& publication,
                                         std::string_view data) {
  return decode(publication, data, headers_of(publication));
}

void expect_equal(const BrokerPublication& a, const BrokerPublication& b) {
  EXPECT_EQ(a.topic, b.topic);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.opcode, b.opcode);
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.time, b.time);
  EXPECT_EQ(a.retain, b.retain);
  EXPECT_EQ(a.forget, b.forget);
  EXPECT_EQ(a.part.index, b.part.index);
  EXPECT_EQ(a.part.count, b.part.count);
}

// As they are on the wire, for those who read them in other languages.
TEST(BrokerMessage, HeadersSayWhatThePayloadIs) {
  BrokerPublication publication = some_publication();
  publication.retain = true;
  publication.opcode = Opcode::binary;
  publication.part = {1, 3};
  std::string text;
  for (const BrokerHeader& header : headers_of(publication)) {
    text.append(header.name).append(": ").append(header.value).append("\n");
  }
  EXPECT_EQ(text,
            "Simws-Opcode: binary\nSimws-Epoch: 0123456789ab\nSimws-Sequence: 42\n"
            "Simws-Time: 1700000000123.5\nSimws-Retain: 1\nSimws-Part: 1/3\n");
}

TEST(BrokerMessage, TimesHaveNoExponent) {
  BrokerPublication publication = some_publication();
  publication.time = 1700000000000;
  EXPECT_EQ(headers_of(publication)[3].value, "1700000000000");
}

TEST(BrokerMessage, APublicationComesBack) {
  expect_equal(*there_and_back(some_publication(), "data"), some_publication());

  BrokerPublication other = some_publication();
  other.opcode = Opcode::binary;
  other.retain = true;
  other.part = {2, 3};
  other.sequence = 18446744073709551615U;
  other.time = 0;
  other.key = "";
  expect_equal(*there_and_back(other, "data"), other);

  other.forget = true;
  other.part = {};
  expect_equal(*there_and_back(other, ""), other);
}

TEST(BrokerMessage, AKeyThatNoSubjectHoldsIsInAHeader) {
  BrokerPublication publication = some_publication();
  publication.key = " 関節 %41 " + std::string(600, 'k') + " ";
  expect_equal(*there_and_back(publication, "data"), publication);

  BrokerHeaders headers = headers_of(publication);
  EXPECT_EQ(headers.back().name, broker_header::key);
  EXPECT_TRUE(headers.back().value.starts_with("%20%E9%96%A2%E7%AF%80%20%2541%20k"));
  headers.back().value = std::string(601, 'k');
  EXPECT_FALSE(decode(publication, "data", headers));
  headers.pop_back();
  EXPECT_FALSE(decode(publication, "data", headers));
}

struct FaultCase {
  std::string_view header;
  std::string value;  // empty: the header isn't there
};

TEST(BrokerMessage, WhatAStrangerMakesUpIsRefused) {
  const FaultCase cases[] = {
      {broker_header::opcode, ""},
      {broker_header::opcode, "ping"},
      {broker_header::epoch, ""},
      {broker_header::epoch, "0123456789a"},
      {broker_header::epoch, "0123456789AB"},
      {broker_header::epoch, "0123456789abc"},
      {broker_header::sequence, ""},
      {broker_header::sequence, "0"},
      {broker_header::sequence, "-1"},
      {broker_header::sequence, "1.5"},
      {broker_header::sequence, "18446744073709551616"},
      {broker_header::sequence, "1 "},
      {broker_header::time, ""},
      {broker_header::time, "-1"},
      {broker_header::time, "nan"},
      {broker_header::time, "inf"},
      {broker_header::time, "1e16"},
      {broker_header::time, "soon"},
      {broker_header::retain, "true"},
      {broker_header::forget, "1"},  // of what isn't retained, or has data
      {broker_header::part, "1"},
      {broker_header::part, "1/1"},
      {broker_header::part, "0/0"},
      {broker_header::part, "2/1"},
      {broker_header::part, "-1/2"},
      {broker_header::part, "0/4294967296"},
      {broker_header::part, "0/2/3"},
  };
  for (const FaultCase& each : cases) {
    BrokerHeaders headers = headers_of(some_publication());
    std::erase_if(headers, [&](const BrokerHeader& header) { return header.name == each.header; });
    if (!each.value.empty()) headers.push_back({each.header, each.value});
    const auto result = decode(some_publication(), "data", headers);
    ASSERT_FALSE(result) << each.header << ": " << each.value;
    EXPECT_EQ(result.error().message, std::string(each.header) + " is '" + each.value + "'");
  }
}

TEST(BrokerMessage, ForgettingHasNoDataAndRetainingSome) {
  BrokerPublication publication = some_publication();
  publication.retain = true;
  EXPECT_FALSE(there_and_back(publication, ""));
  publication.forget = true;
  EXPECT_FALSE(there_and_back(publication, "data"));
  EXPECT_TRUE(there_and_back(publication, ""));
  publication.retain = false;
  EXPECT_FALSE(there_and_back(publication, ""));
  publication.forget = false;
  EXPECT_TRUE(there_and_back(publication, ""));
  publication.part = {0, 2};
  EXPECT_FALSE(there_and_back(publication, ""));
}

TEST(BrokerMessage, ASubjectOfOthersIsRefused) {
  const auto result =
      decode_publication("arm", "simws.leg.t.pose._", headers_of(some_publication()), "data");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "its subject is 'simws.leg.t.pose._'");
}

TEST(BrokerMessage, HeadersTakeWhatNatsCounts) {
  const BrokerHeaders headers{{broker_header::retain, "1"}, {broker_header::opcode, "text"}};
  EXPECT_EQ(size_of(headers),
            std::string("NATS/1.0\r\nSimws-Retain: 1\r\nSimws-Opcode: text\r\n\r\n").size());
  EXPECT_EQ(size_of({}), std::string("NATS/1.0\r\n\r\n").size());
}

TEST(BrokerMessage, WhatAViewerPublishedComesBack) {
  const BrokerInbound inbound{{"hall", "a\nb", 3}, " joint/関節 ", Opcode::binary};
  const BrokerHeaders headers = headers_of(inbound);
  EXPECT_EQ(headers.front().value, "%20joint/%E9%96%A2%E7%AF%80%20");
  EXPECT_EQ(headers.back().value, R"({"address":"a\nb","connection":3})");
  const auto back = decode_inbound("arm", inbound_subject("arm", "hall"), headers);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->topic, inbound.topic);
  EXPECT_EQ(back->opcode, Opcode::binary);
  EXPECT_EQ(back->viewer, inbound.viewer);
}

TEST(BrokerMessage, WhatNoEdgePublishesIsRefused) {
  const BrokerInbound inbound{{"hall", "", 0}, "joint"};
  EXPECT_FALSE(decode_inbound("arm", "simws.arm.in.a.b", headers_of(inbound)));
  const FaultCase cases[] = {
      {broker_header::topic, ""},
      {broker_header::topic, "a/#"},
      {broker_header::topic, "%0A"},
      {broker_header::topic, "%4"},
      {broker_header::opcode, ""},
      {broker_header::viewer, ""},
      {broker_header::viewer, "[1]"},
      {broker_header::viewer, "{"},
      {broker_header::viewer, "{\"a\": \"" + std::string(1020, 'b') + "\"}"},
  };
  for (const FaultCase& each : cases) {
    BrokerHeaders headers = headers_of(inbound);
    std::erase_if(headers, [&](const BrokerHeader& header) { return header.name == each.header; });
    if (!each.value.empty()) headers.push_back({each.header, each.value});
    EXPECT_FALSE(decode_inbound("arm", "simws.arm.in.hall", headers)) << each.header << each.value;
  }
}

}  // namespace
}  // namespace simws::protocol
