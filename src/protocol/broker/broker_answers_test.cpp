#include "protocol/broker/broker_answers.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

TEST(NameHolder, HasWhatIsSetForItsTopics) {
  const std::string topics = R"({"pose":{"policy":"latest"}})";
  const NameHolder holder{"0123456789ab", "sim:9000", "lab", topics};
  const auto read = parse_name_holder(name_holder_text(holder));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->topics, topics);
  EXPECT_EQ(read->host, "lab");
  EXPECT_EQ(parse_name_holder(R"({"epoch":"0123456789ab","topics":7})")->topics, "");
}

TEST(BrokerAnswers, AHolderOfANameComesBack) {
  const NameHolder holder{"0123456789ab", "sim:9000", "größe \"7\""};
  const std::string text = name_holder_text(holder);
  EXPECT_EQ(text, R"({"epoch":"0123456789ab","address":"sim:9000","host":"größe \"7\""})");
  const auto back = parse_name_holder(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->epoch, holder.epoch);
  EXPECT_EQ(back->address, holder.address);
  EXPECT_EQ(back->host, holder.host);
}

TEST(BrokerAnswers, AHolderIsShownWithItsMachine) {
  EXPECT_EQ(shown({"0123456789ab", "localhost:9000", "lab"}), "localhost:9000 on lab");
  EXPECT_EQ(shown({"0123456789ab", "lab.local:9000", "lab"}), "lab.local:9000");
  EXPECT_EQ(shown({"", "somebody unknown", ""}), "somebody unknown");
}

TEST(BrokerAnswers, AHolderHasAnEpochAtLeast) {
  const auto holder = parse_name_holder(R"({"epoch": "0123456789ab", "address": 3, "more": []})");
  ASSERT_TRUE(holder);
  EXPECT_EQ(holder->address, "");
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), std::string("{"),
        std::string(R"({"epoch": "x"})"), std::string(R"({"epoch": 123456789012})"),
        R"({"epoch": "0123456789ab", "address": ")" + std::string(5000, 'a') + "\"}"}) {
    EXPECT_FALSE(parse_name_holder(text)) << text;
  }
}

TEST(BrokerAnswers, AStreamSaysWhereItHasStoredAMessage) {
  EXPECT_EQ(parse_stream_answer(R"({"stream": "simws_arm", "seq": 18446744073709551615})").sequence,
            18446744073709551615U);
}

struct FaultCase {
  std::string answer;
  std::string fault;
};

TEST(BrokerAnswers, AStreamSaysWhyItHasNot) {
  const FaultCase cases[] = {
      {R"({"error": {"code": 503, "description": "no space"}, "seq": 1})", "no space"},
      {R"({"error": {"code": 503}})", "the stream refuses it"},
      {R"({"error": 3})", "the stream refuses it"},
      {R"({"stream": "simws_arm"})", "the stream's answer has no sequence"},
      {R"({"seq": -1})", "the stream's answer has no sequence"},
      {R"({"seq": "1"})", "the stream's answer has no sequence"},
      {"", "the stream's answer is no JSON object"},
      {"[1]", "the stream's answer is no JSON object"},
      {std::string(5000, '['), "the stream's answer is no JSON object"},
  };
  for (const FaultCase& each : cases) {
    const StreamAnswer answer = parse_stream_answer(each.answer);
    EXPECT_FALSE(answer.sequence) << each.answer;
    EXPECT_EQ(answer.fault, each.fault) << each.answer;
  }
}

TEST(BrokerAnswers, WhatIsDeepIsCutOff) {
  std::string text = R"({"epoch": "0123456789ab", "deep": )";
  for (int i = 0; i < 1000; ++i) text += "[";
  for (int i = 0; i < 1000; ++i) text += "]";
  EXPECT_TRUE(parse_name_holder(text + "}"));
}

}  // namespace
}  // namespace simws::protocol
