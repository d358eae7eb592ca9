// A server with a broker, whose helper process the test plays.
#pragma once

#include "endpoint/broker_feed.h"
#include "endpoint/topics_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace simws::endpoint::test {

using protocol::HelperFrames;
namespace word = protocol::helper_word;
using Kind = word::State::Kind;

class ABroker : public TopicsTest {
 protected:
  void prepare(ServerOptions& options) override {
    options.broker.emplace().url = "nats://me:secret@b:4222";
    options.name = "arm";
    options.broker->program = "/bin/simws-broker";
    options.publishable = {"orders/#"};
    change(options);
  }
  virtual void change(ServerOptions&) {}

  // The helper that was started last, and has said nothing yet.
  void begin() {
    start();
    meet();
  }
  void meet() {
    loop->run_until_idle();
    helper_ = loop->take_process();
    ASSERT_TRUE(helper_);
    const Words words = heard();
    ASSERT_EQ(words.size(), 1U);
    EXPECT_THAT(words[0], testing::HasSubstr("[\"start\",{\"url\":\"nats://me:secret@b:4222\""));
    start_word_ = words[0];
  }
  void begin_open() {
    begin();
    say_state(Kind::open, "b");
    EXPECT_THAT(heard(), testing::IsEmpty());
  }
  void say(const std::string& frame) {
    helper_->send(frame);
    loop->run_until_idle();
  }
  void say_state(Kind kind, std::string_view text) { say(word::state(kind, text)); }

  // What the server has said: "topic/key=data #sequence", with "R" before what is retained and "r"
  // before what is to be stored only; "?" is a mark. Probes of the round trip aren't told, and
  // not marks of what is stored, and what is set for topics.
  Words heard() {
    Words words;
    const std::string bytes = helper_->take();
    Bytes rest = as_bytes(bytes);
    while (!rest.empty()) {
      const auto outcome = frames_.read(rest);
      const auto* const frame = std::get_if<HelperFrames::Frame>(&outcome);
      if (!frame) break;
      const auto said = protocol::parse_server_word(frame->line);
      if (!said) {
        ADD_FAILURE() << frame->line;
        continue;
      }
      const std::string text =
          std::visit([&](const auto& each) { return text_of(each, *frame); }, said.value());
      if (!text.empty()) words.push_back(text);
    }
    return words;
  }
  BrokerInfo info() { return *core->info().broker; }
  void acknowledge() { say(word::acknowledge(mark_)); }
  void acknowledge_stored() { say(word::acknowledge(std::exchange(storing_mark_, 0))); }

  std::unique_ptr<Peer> helper_;
  std::string start_word_;
  std::uint64_t mark_ = 0;
  std::uint64_t probe_ = 0;
  std::string settings_;            // of topics, as they were told last
  std::uint64_t storing_mark_ = 0;  // 0: none has come

 private:
  using Frame = HelperFrames::Frame;
  static std::string text_of(const word::Start&, const Frame& frame) {
    return std::string(frame.line);
  }
  static std::string text_of(const word::Message& said, const Frame& frame) {
    return (said.retain ? "R " : "") + said.topic + "/" + said.key + "=" +
           std::string(as_text(frame.payload)) + " #" + std::to_string(said.sequence);
  }
  static std::string text_of(const word::Retained& said, const Frame& frame) {
    return "r " + said.topic + "/" + said.key + "=" + std::string(as_text(frame.payload)) + " #" +
           std::to_string(said.sequence);
  }
  std::string text_of(const word::Mark& said, const Frame&) {
    if (said.of_stored) storing_mark_ = said.number;
    if (said.of_stored) return "";
    const bool is_probe = said.number >> 62U != 0;
    (is_probe ? probe_ : mark_) = said.number;
    return is_probe ? "" : "?";
  }
  std::string text_of(const word::Topics&, const Frame& frame) {
    settings_ = as_text(frame.payload);
    return {};
  }
  static std::string text_of(const word::Stop&, const Frame&) { return "stop"; }
  static std::string text_of(const word::Unknown&, const Frame& frame) {
    return std::string(frame.line);
  }

  HelperFrames frames_;
};

}  // namespace simws::endpoint::test
