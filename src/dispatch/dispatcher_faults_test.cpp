// What went wrong once where the script's side and the network's meet, in all ways to drive it.
#include "dispatch/dispatch_test_fixture.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace simws::dispatch {
namespace {

using namespace test;

// 1000, masked with key 0.
const std::string client_close("\x88\x82\0\0\0\0\x03\xE8", 8);

class DispatcherFaultsTest : public DispatcherTest {
 protected:
  std::ptrdiff_t count(const std::string& event) const { return std::ranges::count(events, event); }
  bool was_logged(const std::string& words) {
    const std::lock_guard lock(log_mutex);
    return std::ranges::any_of(
        log, [&](const std::string& line) { return line.find(words) != std::string::npos; });
  }
  std::size_t queued(EndpointId server, ConnectionId connection) {
    return dispatcher.connection_info(server, connection)->queued_bytes;
  }
  // What was sent has left, and nothing is charged any more.
  void expect_all_gone(EndpointId server) {
    run_until([&] { return dispatcher.server_info(server)->queued_bytes == 0; });
    const auto open = dispatcher.connections(server);
    for (const ConnectionId each : *open) EXPECT_EQ(queued(server, each), 0u);
  }
};

TEST_P(DispatcherFaultsTest, NoMessageIsDeliveredFromTheReturnOfCloseOn) {
  const EndpointId server = start();
  TestClient client = open(server);
  also = [&](const Event& event) {
    if (event.kind == EventKind::message) {
      EXPECT_TRUE(*dispatcher.close(server, 1, CloseCode::normal, "enough"));
    }
  };
  client.send(TestClient::frame("a") + TestClient::frame("b") + TestClient::frame("c"));
  run_until_events(2);
  client.send(client_close);
  run_until_events(3);
  EXPECT_EQ(events, (Words{"open 1", "message 1 a", "close 1 1000 clean"}));
}

TEST_P(DispatcherFaultsTest, NoMessageThatWaitsIsDeliveredAfterAClose) {
  const EndpointId server = start();
  TestClient client = open(server);
  client.send(TestClient::frame("a"));
  if (GetParam() == Drive::network_thread) {
    while (!dispatcher.has_events()) dispatcher.wait(Seconds{1});
  }
  EXPECT_TRUE(*dispatcher.close(server, 1, CloseCode::normal, ""));
  EXPECT_FALSE(*dispatcher.send(server, 1, "late", Opcode::text));
  client.send(TestClient::frame("b") + client_close);
  run_until([&] { return events.size() >= 2; });
  EXPECT_EQ(events, (Words{"open 1", "close 1 1000 clean"}));
}

TEST_P(DispatcherFaultsTest, ABroadcastBesideAFragmentedMessageIsChargedRight) {
  ServerOptions options;
  options.max_queued_bytes = 1000;
  const EndpointId server = start(options);
  TestClient amid = open(server), other = open(server);
  EXPECT_TRUE(*dispatcher.send(server, 1, "begun", Opcode::text, {.fin = false}));
  EXPECT_EQ(*dispatcher.broadcast(server, std::string(100, 'b'), Opcode::text), 1u);
  EXPECT_TRUE(*dispatcher.send(server, 1, "ended", Opcode::continuation));
  EXPECT_LE(queued(server, 1), 14u);
  expect_all_gone(server);
  EXPECT_TRUE(*dispatcher.send(server, 1, std::string(1000, 'n'), Opcode::text));
  EXPECT_EQ(*dispatcher.broadcast(server, "end", Opcode::text), 1u) << "only the other has room";
  run_until([&] { return true; });
  EXPECT_NE(other.read_until("end").find(std::string(100, 'b')), std::string::npos);
}

TEST_P(DispatcherFaultsTest, HandlersOfEventsThatCameBeforeRunMaySend) {
  ServerOptions options;
  options.max_queued_bytes = 10'000;
  const EndpointId server = start(options);
  TestClient client(port(server));
  client.send_handshake();
  while (!dispatcher.has_events()) dispatcher.wait(Seconds{1});
  client.send(TestClient::frame("a") + TestClient::frame("b"));
  also = [&](const Event& event) {
    EXPECT_EQ(*dispatcher.broadcast(server, std::string(1000, 'a'), Opcode::text), 1u);
    EXPECT_TRUE(*dispatcher.send(server, event.connection, std::string(700, 's'), Opcode::text));
    EXPECT_LE(queued(server, 1), 10'000u);
  };
  run_until_events(3);
  also = nullptr;
  expect_all_gone(server);
  EXPECT_TRUE(*dispatcher.send(server, 1, "still", Opcode::text));
  run_until([&] { return true; });
  EXPECT_EQ(client.read_until("still").size() > 3 * 1700, true);
}

TEST_P(DispatcherFaultsTest, WhatAHandlerThrowsIsLoggedAndTheNextEventComes) {
  const EndpointId server = start();
  TestClient client = open(server);
  also = [](const Event& event) {
    if (event.data == "throw") throw std::runtime_error("oops");
  };
  client.send(TestClient::frame("throw") + TestClient::frame("a") + TestClient::frame("throw") +
              TestClient::frame("b"));
  run_until_events(5);
  EXPECT_EQ(count("message 1 b"), 1);
  EXPECT_FALSE(dispatcher.is_delivering());
  EXPECT_TRUE(was_logged("an event could not be handled: oops"));
}

TEST_P(DispatcherFaultsTest, AnHttpHandlerThatThrowsAnswers500) {
  const EndpointId server = start();
  also = [](const Event& event) {
    if (event.kind == EventKind::http) throw std::runtime_error("oops");
  };
  TestClient client(port(server));
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  run_until_events(1);
  EXPECT_NE(client.read_all().find("500 Internal Server Error"), std::string::npos);
}

TEST_P(DispatcherFaultsTest, ALoggerThatThrowsStopsNothing) {
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) { throw std::runtime_error("no log"); };
  EXPECT_TRUE(network.drive_by_thread());
  const EndpointId server = *dispatcher.start(0, options);
  also = [](const Event& event) {
    if (event.data == "throw") throw 1;
  };
  TestClient refused(port(server));
  refused.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  TestClient client = open(server);
  client.send(TestClient::frame("throw") + TestClient::frame("a"));
  run_until_events(3);
  EXPECT_EQ(count("message 1 a"), 1);
  EXPECT_NE(refused.read_until("403").find("403"), std::string::npos);
}

TEST_P(DispatcherFaultsTest, AnAnswerThatHasNoRoomGets500AndALine) {
  ServerOptions options;
  options.max_queued_bytes = options.max_total_queued_bytes = 1000;
  const EndpointId server = start(options);
  also = [&](const Event& event) {
    EXPECT_TRUE(*dispatcher.respond(server, event.connection, {200, std::string(1001, 'a'), {}}));
  };
  TestClient client(port(server));
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  run_until_events(1);
  EXPECT_NE(client.read_all().find("500 Internal Server Error"), std::string::npos);
  EXPECT_TRUE(was_logged("an answer of 1001 bytes would pass maxTotalQueuedBytes (1000)"));
  expect_all_gone(server);
}

INSTANTIATE_TEST_SUITE_P(Drives, DispatcherFaultsTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
