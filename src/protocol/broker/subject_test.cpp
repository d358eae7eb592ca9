#include "protocol/broker/subject.h"

#include "protocol/topics/topic_name.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

struct PlaceCase {
  std::string topic;
  std::string key;
  std::string subject;  // behind "simws.arm.t."
};

const PlaceCase places[] = {
    {"pose", "", "pose._"},
    {"pose", "_", "pose.%5F"},
    {"pose", "__", "pose.__"},
    {"_", "base_link-2", "_.base_link-2"},
    {"robots/1/pose", "left/arm", "robots.1.pose.left%2Farm"},
    {"a.b/c d", "*", "a%2Eb.c%20d.%2A"},
    {"größe", ">", "gr%C3%B6%C3%9Fe.%3E"},
    {"100%", "%5F", "100%25.%255F"},
    {"pose", " abcdef0123456789abcdef0123456789abcdef",
     "pose.%20%61%62%63%64%65%66%30%31%32%33%34%35%36%37%38%39%61%62%63%64%65%66%30%31%32%33%34%35%"
     "36"
     "%37%38%39%61%62%63%64%65%66"},
    {"pose", " ABCDEF0123456789abcdef0123456789abcdef",
     "pose.%20ABCDEF0123456789abcdef0123456789abcdef"},
};

TEST(Subject, TopicsAndKeysAreItsTokens) {
  for (const PlaceCase& each : places) {
    EXPECT_EQ(publication_subject("arm", each.topic, each.key), "simws.arm.t." + each.subject);
    EXPECT_EQ(retained_subject("arm", 7, each.topic, each.key), "simws.arm.r.7." + each.subject);
  }
}

TEST(Subject, ASubjectSaysItsTopicAndKey) {
  for (const PlaceCase& each : places) {
    for (const std::string start : {"simws.arm.t.", "simws.arm.r.0.", "simws.arm.r.12."}) {
      const auto place = decode_subject("arm", start + each.subject);
      ASSERT_TRUE(place) << each.subject;
      EXPECT_EQ(place->topic, each.topic);
      EXPECT_EQ(place->key, each.key);
    }
  }
}

TEST(Subject, EachByteOfAKeyComesBack) {
  for (unsigned c = 0x20; c < 0x80; ++c) {
    if (c == 0x7F) continue;
    const std::string key(1, static_cast<char>(c));
    const auto place = decode_subject("arm", publication_subject("arm", "pose", key));
    ASSERT_TRUE(place) << c;
    EXPECT_EQ(place->key, key);
  }
}

TEST(Subject, ALongKeyIsDigested) {
  const std::string key(513, 'k');
  const std::string subject = publication_subject("arm", "pose", key);
  EXPECT_EQ(subject, "simws.arm.t.pose.%8459ccad325dfb9b8316edd4e9cfd345d378dd18");
  const auto place = decode_subject("arm", subject);
  ASSERT_TRUE(place);
  EXPECT_FALSE(place->key);
  EXPECT_TRUE(has_digest(key, place->digest));
  EXPECT_FALSE(has_digest(std::string(514, 'k'), place->digest));
  EXPECT_FALSE(is_digested(std::string(512, 'k')));
  EXPECT_TRUE(is_digested(std::string(171, '/')));
  EXPECT_FALSE(is_digested(std::string(170, '/')));
}

TEST(Subject, WhatNobodyEncodesSoIsNone) {
  for (const std::string subject : {"",
                                    "simws",
                                    "simws.arm",
                                    "simws.arm.t",
                                    "simws.arm.t.",
                                    "simws.arm.t.pose",
                                    "simws.arm.t..pose",
                                    "simws.arm.t.pose.",
                                    "simws.arm.t.a..b",
                                    "simws.arms.t.pose._",
                                    "simws.leg.t.pose._",
                                    "simws.arm.x.pose._",
                                    "simws.arm.r.pose._",
                                    "simws.arm.r.01.pose._",
                                    "simws.arm.r.-1.pose._",
                                    "simws.arm.r.4294967296.pose._",
                                    "simws.arm.t.pose.%5f",
                                    "simws.arm.t.pose.%41",
                                    "simws.arm.t.p%6Fse._",
                                    "simws.arm.t.pose.%0A",
                                    "simws.arm.t.%0A._",
                                    "simws.arm.t.pose.%FF",
                                    "simws.arm.t.a%2Fb._",
                                    "simws.arm.t.pose.%",
                                    "simws.arm.t.pose.%4",
                                    "simws.arm.t.pose.%ZZ",
                                    "simws.arm.t.a%23._",
                                    "simws.arm.t.a b._"}) {
    EXPECT_FALSE(decode_subject("arm", subject)) << subject;
  }
  EXPECT_FALSE(decode_subject("arm", "simws.arm.t.pose." + std::string(513, 'k')));
  EXPECT_FALSE(decode_subject("arm", "simws.arm.t." + std::string(256, 't') + "._"));
}

TEST(Subject, TheLongestIsWithinALineOfNats) {
  std::string topic;
  while (topic.size() + 3 <= max_topic_size) topic += "関";
  const std::string name(max_broker_name_size, 'n');
  EXPECT_LT(retained_subject(name, 4294967295, topic, std::string(512, 'k')).size(), 2000U);
}

TEST(Subject, AnEdgeHasOne) {
  EXPECT_EQ(inbound_subject("arm", "hall-2"), "simws.arm.in.hall-2");
  EXPECT_EQ(decode_inbound_subject("arm", "simws.arm.in.hall-2"), "hall-2");
  for (const char* subject :
       {"simws.arm.in.", "simws.arm.in.a.b", "simws.arm.in.a%20", "simws.arm.t.a"}) {
    EXPECT_FALSE(decode_inbound_subject("arm", subject)) << subject;
  }
}

TEST(Subject, WhatIsSubscribedTo) {
  EXPECT_EQ(all_publications("arm"), "simws.arm.t.>");
  EXPECT_EQ(all_retained("arm"), "simws.arm.r.>");
  EXPECT_EQ(all_inbound("arm"), "simws.arm.in.*");
  EXPECT_EQ(retained_stream("arm"), "simws_arm");
}

TEST(Subject, NamesAreWhatStreamsAndKeysCanBeCalled) {
  for (const std::string& name : {std::string("a"), std::string("Arm_2-b"), std::string(64, 'x')}) {
    EXPECT_TRUE(check_broker_name("name", name)) << name;
  }
  for (const std::string& name : {std::string(), std::string("a.b"), std::string("a b"),
                                  std::string("größe"), std::string(65, 'x'), std::string("*")}) {
    EXPECT_FALSE(check_broker_name("name", name)) << name;
  }
  EXPECT_EQ(check_broker_name("name", "a.b").error().message,
            "invalid name: 'a.b' isn't 1 to 64 of the characters A-Z, a-z, 0-9, '_' and '-'");
}

}  // namespace
}  // namespace simws::protocol
