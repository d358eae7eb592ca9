// A server with topics, and what its clients get of them.
#pragma once

#include "endpoint/server_test_fixture.h"

#include <cstring>

namespace simws::endpoint::test {

// What a client got: messages as they are, a delivery ping as "?", other frames by their opcode.
class TopicsTest : public ServerTest {
 protected:
  using Peer = transport::MemoryPeer;

  // A client that subscribes nothing by itself; its connection is `connections.back()`.
  std::unique_ptr<Peer> open_with(std::string_view subprotocol) {
    auto peer = connect();
    peer->send(handshake("Sec-WebSocket-Protocol: " + std::string(subprotocol) + "\r\n"));
    const std::string answer = peer->take();
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 101");
    return peer;
  }
  std::unique_ptr<Peer> open_page() { return open_with("simws.topics.1"); }

  void subscribe(Connection& connection, std::string_view topic,
                 const SubscriptionOptions& options = {}) {
    const auto subscribed = core->subscribe(connection, topic, options);
    ASSERT_TRUE(subscribed) << subscribed.error().message;
    EXPECT_TRUE(*subscribed);
    loop->run_until_idle();
  }
  std::size_t publish(std::string_view topic, std::string_view data, PublishOptions options = {}) {
    const auto count = core->publish(topic, data, Opcode::text, options);
    EXPECT_TRUE(count) << count.error().message;
    loop->run_until_idle();
    return count ? *count : 0;
  }
  void retain(std::string_view topic, const std::string& key, std::string_view data) {
    publish(topic, data, {key, true, true});
  }

  // Through a subscription that has a window: what is published next waits for the next pong. What
  // has come so far is taken.
  void fill_window(Peer& peer, std::string_view topic) {
    for (int i = 0; i < 2; ++i) publish(topic, std::string(20'000, 'x'));
    take(peer);
    take_events();
  }

  // The next frames of a peer, whole ones.
  Words take(Peer& peer) {
    Words words;
    const std::string bytes = peer.take();
    Bytes rest = as_bytes(bytes);
    while (!rest.empty()) {
      protocol::FrameHeader header;
      protocol::Failure failure;
      if (protocol::decode_frame_header(rest, header, failure) != protocol::DecodeStatus::done ||
          header.payload_length > rest.size()) {
        ADD_FAILURE() << "no whole frame";
        break;
      }
      const Bytes payload = rest.first(static_cast<std::size_t>(header.payload_length));
      rest = rest.subspan(payload.size());
      words.push_back(word_of(header, payload));
    }
    return words;
  }
  // The answer to the latest "?".
  void pong(Peer& peer) {
    peer.send(client_frame(protocol::FrameOpcode::pong, latest_ping));
    loop->run_until_idle();
  }

  std::string latest_ping;

 private:
  std::string word_of(const protocol::FrameHeader& header, Bytes payload) {
    using protocol::FrameOpcode;
    const std::string text(as_text(payload));
    if (header.opcode == FrameOpcode::ping && payload.size() == 4) {
      latest_ping = text;
      return "?";
    }
    if (header.opcode == FrameOpcode::close) return "close";
    if (header.opcode == FrameOpcode::continuation) return (header.fin ? "." : "+") + text;
    return header.fin ? text : text + "+";
  }
};

}  // namespace simws::endpoint::test
