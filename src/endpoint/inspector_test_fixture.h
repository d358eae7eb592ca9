// A server with the inspector, and its pages as the test plays them.
#pragma once

#include "endpoint/topics_test_fixture.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint::test {

// What a page was told: a topic, a key and JSON.
struct Told {
  std::string topic;
  std::string key;
  std::string text;
};

class InspectorTest : public TopicsTest {
 protected:
  static constexpr const char* own_page =
      "Origin: http://localhost\r\nSec-WebSocket-Protocol: simws.topics.1\r\n";

  void start_inspected(ServerOptions options = {}) {
    options.inspector = true;
    start(std::move(options));
  }

  // The status line of the answer to an attempt at the inspector's WebSocket.
  std::string attempt(Peer& peer, std::string_view fields,
                      std::string_view target = "/_simws/live") {
    peer.send(handshake(fields, target));
    const std::string answer = peer.take();
    return answer.substr(0, answer.find('\r'));
  }
  std::unique_ptr<Peer> open_inspector(std::string_view target = "/_simws/live") {
    auto page = connect();
    EXPECT_EQ(attempt(*page, own_page, target), "HTTP/1.1 101 Switching Protocols");
    return page;
  }
  // One that has subscribed to these, and what it's told at first.
  std::unique_ptr<Peer> watch(const std::vector<std::string>& topics) {
    auto page = open_inspector();
    for (const std::string& topic : topics) {
      say(*page, "[\"subscribe\",\"" + topic + "\",{\"policy\":\"oldest\"}]");
    }
    say(*page, "[\"publish\",\"do/-/begin\"]\n");
    return page;
  }

  void say(Peer& page, std::string message) {
    page.send(test::text(std::move(message)));
    loop->run_until_idle();
  }
  // The answer to a request: "done: words" or "no: words".
  std::string ask(Peer& page, const std::string& what, std::string_view data,
                  protocol::FrameOpcode opcode = protocol::FrameOpcode::text) {
    page.send(client_frame(opcode, "[\"publish\",\"do/7/" + what + "\"]\n" + std::string(data)));
    loop->run_until_idle();
    const std::string answer = latest(take_told(page), "done");
    EXPECT_NE(answer.find("\"tag\":\"7\""), std::string::npos) << answer;
    const std::string words = between(answer, "\"words\":\"", "\"}");
    return (answer.find("\"done\":true") != std::string::npos ? "done: " : "no: ") + words;
  }

  // All that a page has been told since, and it has answered.
  std::vector<Told> take_told(Peer& page) {
    std::vector<Told> all;
    for (Words words = take(page); !words.empty(); words = take(page)) {
      for (const std::string& word : words) {
        if (word.starts_with("[\"message\"")) all.push_back(told_of(word));
        if (word.starts_with("[\"mark\"")) {
          say(page, "[\"ack\"," + between(word, "[\"mark\",", ",") + "]");
        }
      }
    }
    return all;
  }
  // What it's told within so many seconds.
  std::vector<Told> told_within(Peer& page, double seconds) {
    std::vector<Told> all;
    for (double passed = 0; passed < seconds; passed += 0.01) {
      advance(0.01);
      for (Told& told : take_told(page)) all.push_back(std::move(told));
    }
    return all;
  }

  // Empty: nothing of that topic.
  static std::string latest(const std::vector<Told>& all, std::string_view topic,
                            std::string_view key = {}) {
    std::string text;
    for (const Told& told : all) {
      if (told.topic == topic && told.key == key) text = told.text;
    }
    return text;
  }
  static std::ptrdiff_t count_told(const std::vector<Told>& all, std::string_view topic) {
    return std::ranges::count(all, topic, &Told::topic);
  }
  static std::string between(const std::string& text, std::string_view before,
                             std::string_view after) {
    const std::size_t at = text.find(before);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + before.size();
    return text.substr(begin, text.find(after, begin) - begin);
  }

 private:
  static Told told_of(const std::string& word) {
    const std::size_t end = word.find('\n');
    const std::string line = word.substr(0, end);
    const std::string topic = between(line, "[\"message\",\"", "\"");
    return {topic, between(line, "\"" + topic + "\",\"", "\""), word.substr(end + 1)};
  }
};

}  // namespace simws::endpoint::test
