// Attempts at WebSocket on which the script decides.
#include "dispatch/dispatch_test_fixture.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace simws::dispatch {
namespace {

using namespace test;

class Upgrades : public DispatcherTest {
 protected:
  EndpointId start_deciding(ServerOptions options = {}) {
    const EndpointId server = start(std::move(options));
    EXPECT_TRUE(dispatcher.set_deciding(server, true));
    return server;
  }
  // An attempt of which the script has heard.
  TestClient attempt(EndpointId server) {
    TestClient client(port(server));
    const std::size_t before = events.size();
    client.send_handshake();
    run_until_events(before + 1);
    return client;
  }
  void decide_later() {
    also = [this](const Event& event) {
      if (event.kind == EventKind::upgrade) {
        EXPECT_TRUE(dispatcher.defer(event.endpoint, event.connection));
      }
    };
  }
};

TEST_P(Upgrades, AreAdmittedAndRefused) {
  const EndpointId server = start_deciding();
  bool admits = true;
  also = [&](const Event& event) {
    if (event.kind != EventKind::upgrade) return;
    EXPECT_EQ(event.resource, "/");
    EXPECT_EQ(dispatcher.connection_info(server, event.connection)->state,
              ConnectionState::connecting);
    EXPECT_TRUE(*(admits ? dispatcher.admit(server, event.connection, {{"X-Robot", "R2"}})
                         : dispatcher.respond(server, event.connection, {404, "none", {}})));
    EXPECT_FALSE(*dispatcher.admit(server, event.connection, {})) << "twice";
    EXPECT_FALSE(*dispatcher.respond(server, event.connection, {403, "", {}})) << "twice";
  };
  TestClient first = attempt(server);
  EXPECT_NE(first.read_until("\r\n\r\n").find("X-Robot: R2\r\n"), std::string::npos);
  run_until_events(2);
  admits = false;
  TestClient second = attempt(server);
  EXPECT_NE(second.read_until("none").find("HTTP/1.1 404"), std::string::npos);
  run_until_events(4);
  EXPECT_EQ(events, (Words{"upgrade 1 /", "open 1", "upgrade 2 /", "fail 2"}));
}

TEST_P(Upgrades, AreAdmittedWhereTheScriptHasNoSay) {
  const EndpointId server = start_deciding();
  TestClient client = attempt(server);
  EXPECT_NE(client.read_until("\r\n\r\n").find("101"), std::string::npos);
  run_until_events(2);
  EXPECT_TRUE(dispatcher.set_deciding(server, false));
  events.clear();
  open(server);
  EXPECT_EQ(events, Words{"open 2"});
}

TEST_P(Upgrades, AreRefusedWhereTheHandlerThrows) {
  const EndpointId server = start_deciding();
  also = [](const Event& event) {
    if (event.kind == EventKind::upgrade) throw std::runtime_error("oops");
  };
  TestClient client = attempt(server);
  EXPECT_NE(client.read_all().find("500 Internal Server Error"), std::string::npos);
  run_until_events(2);
  EXPECT_EQ(events, (Words{"upgrade 1 /", "fail 1"}));
}

TEST_P(Upgrades, AreDecidedLater) {
  const EndpointId server = start_deciding();
  decide_later();
  TestClient first = attempt(server), second = attempt(server);
  EXPECT_FALSE(dispatcher.defer(server, 1)) << "its handler has returned";
  EXPECT_TRUE(*dispatcher.respond(server, 2, {403, "no", {}}));
  EXPECT_TRUE(*dispatcher.admit(server, 1, {}));
  EXPECT_FALSE(*dispatcher.admit(server, 1, {})) << "twice";
  EXPECT_NE(second.read_until("no").find("HTTP/1.1 403"), std::string::npos);
  EXPECT_NE(first.read_until("\r\n\r\n").find("HTTP/1.1 101"), std::string::npos);
  run_until_events(4);
  EXPECT_EQ(std::ranges::count(events, "open 1"), 1);
  EXPECT_EQ(std::ranges::count(events, "fail 2"), 1);
  EXPECT_TRUE(*dispatcher.send(server, 1, "hello", Opcode::text, {}));
  first.read_until("hello");
}

TEST_P(Upgrades, KnowWhichHeadersCanBe) {
  const EndpointId server = start_deciding();
  also = [&](const Event& event) {
    if (event.kind != EventKind::upgrade) return;
    EXPECT_FALSE(dispatcher.admit(server, event.connection, {{"Upgrade", "x"}}));
    EXPECT_FALSE(dispatcher.admit(server, event.connection, {{"A", "b\r\nC: d"}}));
    EXPECT_TRUE(*dispatcher.respond(server, event.connection, {500, "wrong", {}}));
  };
  TestClient client = attempt(server);
  EXPECT_NE(client.read_until("wrong").find("HTTP/1.1 500"), std::string::npos);
}

TEST_P(Upgrades, AreRefusedInTime) {
  ServerOptions options;
  options.handshake_timeout = Seconds{1};
  const EndpointId server = start_deciding(options);
  decide_later();
  TestClient client = attempt(server);
  run_until_events(2);
  EXPECT_NE(client.read_all().find("HTTP/1.1 503"), std::string::npos);
  EXPECT_EQ(events, (Words{"upgrade 1 /", "fail 1"}));
  EXPECT_FALSE(*dispatcher.admit(server, 1, {})) << "too late";
}

TEST_P(Upgrades, OfPeersThatLeaveFail) {
  const EndpointId server = start_deciding();
  decide_later();
  TestClient client = attempt(server);
  client.end();
  run_until_events(2);
  EXPECT_EQ(events, (Words{"upgrade 1 /", "fail 1"}));
  EXPECT_FALSE(*dispatcher.admit(server, 1, {})) << "it's gone";
}

TEST_P(Upgrades, EndWithTheirServer) {
  const EndpointId server = start_deciding();
  decide_later();
  TestClient client = attempt(server);
  stop(server);
  EXPECT_NE(client.read_all().find("HTTP/1.1 503"), std::string::npos);
  EXPECT_EQ(events, Words{"upgrade 1 /"});
  EXPECT_FALSE(*dispatcher.admit(server, 1, {}));
  EXPECT_EQ(dispatcher.set_deciding(server, true).error().code, ErrorCode::invalid_handle);
}

TEST_P(Upgrades, MayStopTheirServer) {
  const EndpointId server = start_deciding();
  also = [&](const Event& event) {
    if (event.kind == EventKind::upgrade) stop(server);
  };
  TestClient client = attempt(server);
  EXPECT_NE(client.read_all().find("HTTP/1.1 503"), std::string::npos);
  EXPECT_EQ(events, Words{"upgrade 1 /"});
}

TEST_P(Upgrades, ThatWaitEndWithTheDispatcher) {
  EXPECT_TRUE(network.drive_by_thread());
  std::optional<TestClient> client;
  {
    Dispatcher other(network, *this);
    ServerOptions options;
    options.logger = [](LogLevel, std::string_view) {};
    const auto server = other.start(0, options);
    ASSERT_TRUE(server);
    EXPECT_TRUE(other.set_deciding(*server, true));
    client.emplace(other.server_info(*server)->port);
    client->send_handshake();
    while (!other.has_events()) other.wait(Seconds{1});
  }
  EXPECT_NE(client->read_all().find("HTTP/1.1 503"), std::string::npos);
  EXPECT_TRUE(events.empty());
}

// Whoever connects between `start` and the handler's being set doesn't come in unasked.
TEST_P(Upgrades, TurnAwayWhoOpenedBefore) {
  const EndpointId server = start();
  if (GetParam() == Drive::own_thread) return;  // it can't happen there
  TestClient early(port(server));
  early.send_handshake();
  early.send(TestClient::frame("early"));
  EXPECT_NE(early.read_until("\r\n\r\n").find("101"), std::string::npos);
  EXPECT_TRUE(dispatcher.set_deciding(server, true));
  TestClient late(port(server));
  late.send_handshake();
  run_until_events(2);
  EXPECT_EQ(events, (Words{"upgrade 2 /", "open 2"}));
  EXPECT_NE(early.read_until("\x03\xF5").find("\x03\xF5"), std::string::npos) << "1013";
  early.send(TestClient::frame("\x03\xF5", 0x88));
  late.send(TestClient::frame("hi"));
  run_until_events(3);
  EXPECT_EQ(events.back(), "message 2 hi");
  EXPECT_EQ(*dispatcher.connections(server), std::vector<ConnectionId>{2});
  stop(server);
  EXPECT_EQ(events.back(), "close 2 1001");
}

INSTANTIATE_TEST_SUITE_P(EachDrive, Upgrades, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
