// Topics, as a script has them.
#include "dispatch/dispatch_test_fixture.h"

#include <algorithm>

namespace simws::dispatch {
namespace {

using namespace test;

class DispatcherTopicsTest : public DispatcherTest {
 protected:
  Result<std::size_t> publish(EndpointId server, std::string_view topic, std::string_view data,
                              const PublishOptions& options = {}) {
    return dispatcher.publish(server, topic, data, Opcode::text, options);
  }
  // What a client got up to this message.
  static std::string frames(std::initializer_list<std::string_view> texts) {
    std::string bytes;
    for (const std::string_view text : texts) {
      bytes += std::string{'\x81', static_cast<char>(text.size())} + std::string(text);
    }
    return bytes;
  }
  void let_pass() {
    if (GetParam() == Drive::own_thread) dispatcher.serve(Seconds{0.01});
  }
};

TEST_P(DispatcherTopicsTest, WhoIsSubscribedGetsWhatIsPublished) {
  const EndpointId server = start();
  TestClient client = open(server);
  EXPECT_EQ(*publish(server, "pose", "unheard"), 0u);
  EXPECT_TRUE(*dispatcher.subscribe(server, 1, "pose", {}));
  EXPECT_EQ(*publish(server, "pose", "hello"), 1u);
  EXPECT_EQ(*publish(server, "other", "unheard"), 0u);
  EXPECT_TRUE(*dispatcher.unsubscribe(server, 1, "pose"));
  EXPECT_TRUE(*dispatcher.send(server, 1, "end"));
  let_pass();
  EXPECT_EQ(client.read_until("end"), frames({"hello", "end"}));
}

TEST_P(DispatcherTopicsTest, PublishCountsSubscriptionsByPatternsToo) {
  const EndpointId server = start();
  TestClient one = open(server), other = open(server);
  EXPECT_TRUE(*dispatcher.subscribe(server, 1, "a/b", {}));
  EXPECT_TRUE(*dispatcher.subscribe(server, 2, "a/#", {}));
  EXPECT_TRUE(*dispatcher.subscribe(server, 2, "a/#", {TopicPolicy::latest, {}, {}, {}, {}}));
  let_pass();
  const auto topics = dispatcher.topics(server);
  ASSERT_TRUE(topics);
  EXPECT_EQ(*publish(server, "a/b", "x"), 2u);
  EXPECT_EQ(*publish(server, "a", "x"), 1u);
}

TEST_P(DispatcherTopicsTest, ErrorsAreToldAtOnce) {
  const EndpointId server = start();
  TestClient client = open(server);
  EXPECT_EQ(dispatcher.subscribe(server, 2, "a", {}).error().code, ErrorCode::invalid_handle);
  EXPECT_EQ(dispatcher.subscribe(server + 1000, 1, "a", {}).error().code,
            ErrorCode::invalid_handle);
  EXPECT_EQ(dispatcher.subscribe(server, 1, "a//b", {}).error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(dispatcher.subscribe(server, 1, "a", {{}, {}, {}, 8, {}}));
  EXPECT_FALSE(dispatcher.unsubscribe(server, 1, ""));
  EXPECT_FALSE(publish(server, "a/#", "x"));
  EXPECT_FALSE(publish(server, "a", "\xFF"));
  EXPECT_FALSE(dispatcher.set_topic(server, "a", {{{}, 0, {}, {}, {}}, {}, {}}));
  EXPECT_TRUE(dispatcher.set_topic(server, "a", {{}, 3, {}}));
  EXPECT_TRUE(publish(server, "a", "xxx", {"", true, true}));
  EXPECT_EQ(publish(server, "a", "xxxx", {"", true, true}).error().code, ErrorCode::too_large);
}

TEST_P(DispatcherTopicsTest, WhatHasClosedCantBeSubscribed) {
  const EndpointId server = start();
  TestClient client = open(server);
  EXPECT_TRUE(*dispatcher.close(server, 1, CloseCode::normal, ""));
  EXPECT_FALSE(*dispatcher.subscribe(server, 1, "a", {}));
  EXPECT_FALSE(*dispatcher.unsubscribe(server, 1, "a"));
  client.end();
  run_until_events(2);
  EXPECT_FALSE(*dispatcher.subscribe(server, 1, "a", {}));
  EXPECT_EQ(*publish(server, "a", "x"), 0u);
}

TEST_P(DispatcherTopicsTest, WhatIsRetainedComesToThoseWhoComeLater) {
  const EndpointId server = start();
  EXPECT_TRUE(publish(server, "map", "wall", {"north", true, true}));
  TestClient client = open(server);
  EXPECT_TRUE(*dispatcher.subscribe(server, 1, "#", {}));
  EXPECT_TRUE(publish(server, "map", "door", {"south", false, true}));
  let_pass();
  EXPECT_EQ(client.read_until("door"), frames({"wall", "door"}));
  const auto topics = dispatcher.topics(server);
  const auto map = std::ranges::find(*topics, "map", &TopicInfo::name);
  ASSERT_NE(map, topics->end());
  EXPECT_EQ(map->published, 2u);
  EXPECT_EQ(map->retained_keys, 1u);
}

TEST_P(DispatcherTopicsTest, TopicsAreFreeInEveryCallback) {
  const EndpointId server = start();
  also = [&](const Event& event) {
    if (event.kind == EventKind::message || event.kind == EventKind::open) {
      EXPECT_TRUE(dispatcher.subscribe(server, event.connection, "log", {}));
      EXPECT_TRUE(publish(server, "log", event.kind == EventKind::open ? "welcome" : "line"));
      EXPECT_TRUE(dispatcher.topics(server));
    }
    if (event.kind == EventKind::close) {
      EXPECT_FALSE(*dispatcher.subscribe(server, event.connection, "log", {}));
      EXPECT_TRUE(publish(server, "log", "gone"));
    }
  };
  TestClient client(port(server));
  client.send_handshake();
  run_until_events(1);
  client.send(TestClient::frame("x"));
  run_until_events(2);
  EXPECT_NE(client.read_until("line").find(frames({"welcome"})), std::string::npos);
  client.send(TestClient::frame("\x03\xE8", 0x88));
  run_until_events(3);
}

// The script subscribes a connection again in the handler, which may lose messages again.
TEST_P(DispatcherTopicsTest, ALossIsToldAsOftenAsItBegins) {
  const EndpointId server = start();
  const SubscriptionOptions resync{TopicPolicy::resync, 10, {}, {}, {}};
  int drops = 0;
  also = [&](const Event& event) {
    if (event.kind != EventKind::drop) return;
    EXPECT_EQ(event.topic, "log");
    EXPECT_GT(event.count, 0u);
    ++drops;
    if (drops < 3) {
      EXPECT_TRUE(dispatcher.subscribe(server, event.connection, event.topic, resync));
      for (int i = 0; i < 4; ++i) EXPECT_TRUE(publish(server, "log", "some line"));
    }
  };
  TestClient client = open(server);
  EXPECT_TRUE(*dispatcher.subscribe(server, 1, "log", resync));
  const std::string large(20'000, 'l');
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(publish(server, "log", large));
  run_until([&] { return drops == 3; });
}

TEST_P(DispatcherTopicsTest, WhatPagesPublishTellsItsTopic) {
  ServerOptions options;
  options.topics = {"#"};
  options.publishable = {"commands/#"};
  const EndpointId server = start(std::move(options));
  std::string topic;
  also = [&](const Event& event) {
    if (event.kind == EventKind::message) topic = event.topic;
  };
  TestClient client(port(server));
  client.send(
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Protocol: simws.topics.1\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  client.send(TestClient::frame("[\"publish\",\"commands/stop\"]\nnow"));
  run_until_events(2);
  EXPECT_EQ(events.back(), "message 1 now");
  EXPECT_EQ(topic, "commands/stop");
  client.send(TestClient::frame("\nhello"));
  run_until_events(3);
  EXPECT_EQ(events.back(), "message 1 hello");
  EXPECT_EQ(topic, "");
  EXPECT_TRUE(*dispatcher.send(server, 1, "answer"));
  let_pass();
  EXPECT_NE(client.read_until("answer").find(frames({"\nanswer"})), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Drives, DispatcherTopicsTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
