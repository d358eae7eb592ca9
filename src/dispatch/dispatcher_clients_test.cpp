// Clients of a script, against servers of the same script, over real sockets.
#include "dispatch/dispatch_test_fixture.h"

#include <algorithm>

namespace simws::dispatch {
namespace {

using namespace test;

class DispatcherClientsTest : public DispatcherTest {
 protected:
  DispatcherClientsTest() {
    also = [this](const Event& event) {
      if (on_any) on_any(event);
      if (is_client(event.endpoint)) client_events.push_back(std::move(events.back()));
      if (is_client(event.endpoint)) events.pop_back();
    };
  }
  EndpointId connect(int port, ClientOptions options = {}) {
    options.logger = [](LogLevel, std::string_view) {};
    options.proxy = "";
    EXPECT_TRUE(network.drive_by_thread());
    const auto client =
        dispatcher.connect("ws://127.0.0.1:" + std::to_string(port) + "/", std::move(options));
    EXPECT_TRUE(client) << client.error().message;
    return *client;
  }
  static ClientOptions reconnecting() {
    ClientOptions options;
    options.reconnect = Reconnect{Seconds(0.01), Seconds(0.05), 2, 0.3, 0};
    return options;
  }
  static ServerOptions silent() {
    ServerOptions options;
    options.logger = [](LogLevel, std::string_view) {};
    return options;
  }
  void run_until_client_events(std::size_t count) {
    run_until([&] { return client_events.size() >= count; });
  }
  bool has(const Words& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  }

  Words client_events;
  std::function<void(const Event&)> on_any;
};

TEST_P(DispatcherClientsTest, TalkToServers) {
  on_any = [&](const Event& event) {
    if (event.kind == EventKind::message && !is_client(event.endpoint)) {
      EXPECT_TRUE(*dispatcher.send(event.endpoint, event.connection, event.data, event.opcode));
    }
    if (event.kind == EventKind::open && is_client(event.endpoint)) {
      EXPECT_TRUE(*dispatcher.send(event.endpoint, event.connection, "hello", Opcode::text));
    }
  };
  const EndpointId server = start();
  const EndpointId client = connect(port(server));
  EXPECT_NE(dispatcher.client_info(client)->state, ClientState::closed);
  run_until_client_events(2);
  EXPECT_EQ(client_events, (Words{"open 1", "message 1 hello"}));
  EXPECT_EQ(dispatcher.client_info(client)->state, ClientState::open);
  EXPECT_EQ(*dispatcher.connections(client), std::vector<ConnectionId>{1});
  EXPECT_TRUE(*dispatcher.send_by_client(client, "to the one", Opcode::text));
  run_until_client_events(3);
  EXPECT_EQ(client_events.back(), "message 1 to the one");
  EXPECT_FALSE(dispatcher.server_info(client)) << "it's a client";
  stop(client);
  EXPECT_EQ(client_events.back(), "close 1 1000");
  EXPECT_FALSE(dispatcher.client_info(client));
  run_until([&] { return has(events, "close 1 1000 clean"); });
  stop(server);
}

TEST_P(DispatcherClientsTest, OneThatFailsForGoodBringsNothingMore) {
  const EndpointId server = start();
  const int free_port = port(server);
  stop(server);
  EXPECT_FALSE(dispatcher.expects_events());
  const EndpointId client = connect(free_port);
  EXPECT_TRUE(dispatcher.expects_events());
  run_until_client_events(1);
  EXPECT_EQ(client_events, Words{"fail 1"});
  EXPECT_FALSE(dispatcher.expects_events());
  EXPECT_EQ(dispatcher.client_info(client)->state, ClientState::closed);
  EXPECT_FALSE(*dispatcher.send_by_client(client, "late", Opcode::text));
  EXPECT_FALSE(dispatcher.send_by_client(client, "\xFF", Opcode::text));
  stop(client);
  EXPECT_FALSE(dispatcher.stop(client));
}

TEST_P(DispatcherClientsTest, ComesBackWithANewConnectionAndWhatWasKept) {
  EndpointId server = start();
  const int same_port = port(server);
  ClientOptions options = reconnecting();
  options.keep_queue = true;
  const EndpointId client = connect(same_port, options);
  EXPECT_TRUE(*dispatcher.send_by_client(client, "first", Opcode::text));
  run_until([&] { return has(events, "message 1 first"); });
  stop(server);
  run_until([&] { return has(client_events, "close 1 1001 clean"); });
  EXPECT_TRUE(dispatcher.expects_events());
  EXPECT_TRUE(*dispatcher.send_by_client(client, "second", Opcode::text));
  EXPECT_EQ(dispatcher.client_info(client)->queued_bytes, 6 + protocol::KeptMessages::overhead);
  events.clear();
  const auto again = dispatcher.start(same_port, silent());
  ASSERT_TRUE(again);
  run_until([&] { return has(events, "message 1 second"); });
  EXPECT_EQ(dispatcher.client_info(client)->queued_bytes, 0u);
  EXPECT_EQ(client_events.back().substr(0, 5), "open ");
  stop(client);
  stop(*again);
}

TEST_P(DispatcherClientsTest, DisconnectWhileConnectingTellsNothing) {
  const EndpointId server = start();
  const EndpointId client = connect(port(server));
  stop(client);
  EXPECT_EQ(client_events, Words{});
  EXPECT_TRUE(dispatcher.expects_events()) << "the server";
  stop(server);
  EXPECT_EQ(client_events, Words{});
}

TEST_P(DispatcherClientsTest, EachHandlerMayDisconnect) {
  for (const EventKind kind :
       {EventKind::open, EventKind::fail, EventKind::close, EventKind::message}) {
    client_events.clear();
    events.clear();
    const EndpointId server = start();
    bool disconnected = false;
    on_any = [&](const Event& event) {
      if (!is_client(event.endpoint)) {
        if (event.kind == EventKind::open) {
          (void)dispatcher.send(event.endpoint, event.connection, "hello", Opcode::text);
          (void)dispatcher.close(event.endpoint, event.connection, CloseCode::going_away, {});
        }
        return;
      }
      if (event.kind != kind || disconnected) return;
      disconnected = true;
      stop(event.endpoint);
    };
    const EndpointId client = connect(kind == EventKind::fail ? 1 : port(server), reconnecting());
    run_until([&] { return disconnected; });
    EXPECT_FALSE(dispatcher.client_info(client));
    const Words told = client_events;
    stop(server);
    EXPECT_EQ(client_events, told);
    on_any = nullptr;
  }
}

TEST_P(DispatcherClientsTest, ABadURIIsAnError) {
  const auto connected = dispatcher.connect("ftp://robot/", {});
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(dispatcher.expects_events());
}

TEST_P(DispatcherClientsTest, EndWithTheirDispatcher) {
  const EndpointId server = start();
  connect(port(server), reconnecting());
  connect(1, reconnecting());
  run_until_client_events(1);
}

INSTANTIATE_TEST_SUITE_P(Drives, DispatcherClientsTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
