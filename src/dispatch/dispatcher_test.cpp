// The script's view of its servers, the same whichever thread drives the network.
#include "dispatch/dispatch_test_fixture.h"

#include <algorithm>
#include <thread>

namespace simws::dispatch {
namespace {

using namespace test;

constexpr std::string_view close_1001 = "\x88\x02\x03\xE9";

TEST_P(DispatcherTest, HandsOnOpenThenMessagesThenClose) {
  const EndpointId server = start();
  TestClient client = open(server);
  client.send(TestClient::frame("a") + TestClient::frame("b"));
  client.send(TestClient::frame("\x03\xE8", 0x88));
  run_until_events(4);
  EXPECT_EQ(events, (Words{"open 1", "message 1 a", "message 1 b", "close 1 1000 clean"}));
}

// In one frame the memory that they came in goes to the script's thread.
TEST_P(DispatcherTest, HandsOnLargeMessages) {
  const EndpointId server = start();
  TestClient client = open(server);
  const std::string large(300'000, 'l');
  std::string in_two = TestClient::frame(large, 0x01) + TestClient::frame(large, 0x80);
  for (int i = 0; i < 3; ++i) {
    std::thread sender([&] { client.send(TestClient::frame(large) + in_two); });
    run_until_events(events.size() + 2);
    sender.join();
  }
  ASSERT_EQ(events.size(), 7u);
  for (std::size_t i = 1; i < 7; i += 2) {
    EXPECT_TRUE(events[i] == "message 1 " + large);
    EXPECT_TRUE(events[i + 1] == "message 1 " + large + large);
  }
}

TEST_P(DispatcherTest, LetsTheMemoryOfLargeMessagesBeReleased) {
  ServerOptions options;
  options.max_pending_bytes = 1'000'000;
  const EndpointId server = start(options);
  TestClient client = open(server);
  const std::string large(300'000, 'l');
  constexpr std::size_t count = 20;
  also = [&](const Event& event) {
    EXPECT_EQ(event.memory != nullptr, event.data.size() == large.size());
    if (!event.memory) return;
    EXPECT_TRUE(event.memory->text() == event.data);
    event.memory->release();
    if (events.size() == 2 * count) stop(server);
  };
  std::thread sender([&] {
    for (std::size_t i = 0; i < count; ++i) {
      client.send(TestClient::frame(large) + TestClient::frame("small"));
    }
  });
  run_until_events(2 * count + 1);
  sender.join();
  ASSERT_EQ(events.size(), 2 * count + 1);
  for (std::size_t i = 1; i < 2 * count; i += 2) EXPECT_TRUE(events[i] == "message 1 " + large);
  EXPECT_EQ(events.back(), "close 1 1001");
}

TEST_P(DispatcherTest, SendsInOrder) {
  const EndpointId server = start();
  TestClient client = open(server);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(*dispatcher.send(server, 1, "m" + std::to_string(i), Opcode::text));
  }
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string text = "m" + std::to_string(i);
    expected += std::string{'\x81', static_cast<char>(text.size())} + text;
  }
  stop(server);
  EXPECT_EQ(client.read_until(close_1001).substr(0, expected.size()), expected);
}

TEST_P(DispatcherTest, TellsHandlesThatNeverExistedFromThoseThatAreGone) {
  const EndpointId server = start(), other = start();
  TestClient client = open(server);
  client.send(TestClient::frame("\x03\xE8", 0x88));
  run_until_events(2);
  EXPECT_FALSE(*dispatcher.send(server, 1, "late", Opcode::text));
  EXPECT_FALSE(*dispatcher.close(server, 1, CloseCode::normal, ""));
  EXPECT_EQ(dispatcher.connection_info(server, 1).error().code, ErrorCode::invalid_handle);
  EXPECT_EQ(dispatcher.send(server, 2, "x", Opcode::text).error().code, ErrorCode::invalid_handle);
  EXPECT_EQ(dispatcher.send(other, 1, "x", Opcode::text).error().code, ErrorCode::invalid_handle);
  EXPECT_EQ(dispatcher.send(server + 1000, 1, "x", Opcode::text).error().code,
            ErrorCode::invalid_handle);
}

TEST_P(DispatcherTest, RefusesWhatMayNotBeSentAndSendsNothing) {
  const EndpointId server = start();
  TestClient client = open(server);
  EXPECT_FALSE(dispatcher.send(server, 1, "\xFF", Opcode::text));
  EXPECT_FALSE(dispatcher.send(server, 1, "x", Opcode::continuation));
  EXPECT_FALSE(dispatcher.broadcast(server, "\xFF", Opcode::text));
  EXPECT_FALSE(dispatcher.close(server, 1, static_cast<CloseCode>(1005), ""));
  EXPECT_TRUE(*dispatcher.send(server, 1, "ok", Opcode::text));
  EXPECT_EQ(client.read_until("ok"), std::string("\x81\x02") + "ok");
}

TEST_P(DispatcherTest, BroadcastsToThoseTheScriptHasHeardOf) {
  const EndpointId server = start();
  TestClient first = open(server), second = open(server);
  EXPECT_TRUE(*dispatcher.send(server, 2, "part", Opcode::text, {.fin = false}));
  EXPECT_EQ(*dispatcher.broadcast(server, "all", Opcode::text), 1u);
  EXPECT_EQ(*dispatcher.connections(server), (std::vector<ConnectionId>{1, 2}));
  stop(server);
  EXPECT_EQ(first.read_until(close_1001),
            "\x81\x03"
            "all" +
                std::string(close_1001));
}

TEST_P(DispatcherTest, AnswersHttp) {
  const EndpointId server = start();
  also = [&](const Event& event) {
    if (event.kind != EventKind::http || event.resource == "/silent") return;
    EXPECT_TRUE(*dispatcher.respond(server, event.connection, {200, "page", {}}));
    EXPECT_FALSE(*dispatcher.respond(server, event.connection, {200, "twice", {}}));
  };
  TestClient client(port(server));
  client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  run_until_events(1);
  EXPECT_NE(client.read_until("page").find("200 OK"), std::string::npos);
  client.send("GET /silent HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  run_until_events(2);
  EXPECT_NE(client.read_all().find("404 Not Found"), std::string::npos);
  EXPECT_EQ(events, (Words{"http 1 GET /a", "http 1 GET /silent"}));
}

TEST_P(DispatcherTest, AnswersHttpLater) {
  const EndpointId server = start();
  also = [&](const Event& event) {
    if (event.kind != EventKind::http) return;
    EXPECT_TRUE(dispatcher.defer(server, event.connection));
    EXPECT_FALSE(dispatcher.defer(server, event.connection)) << "twice";
  };
  const std::string request = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n";
  TestClient first(port(server)), second(port(server));
  first.send(request);
  run_until_events(1);
  second.send(request);
  run_until_events(2);
  EXPECT_FALSE(dispatcher.defer(server, 2)) << "its handler has returned";
  EXPECT_TRUE(*dispatcher.respond(server, 2, {200, "second", {}}));
  EXPECT_FALSE(*dispatcher.respond(server, 2, {200, "twice", {}}));
  EXPECT_TRUE(*dispatcher.respond(server, 1, {200, "first", {}}));
  EXPECT_NE(second.read_until("second").find("200 OK"), std::string::npos);
  EXPECT_NE(first.read_until("first").find("200 OK"), std::string::npos);
}

TEST_P(DispatcherTest, AnswersWhatIsNotYetAnsweredWhenItStops) {
  const EndpointId server = start();
  also = [&](const Event& event) { dispatcher.defer(server, event.connection); };
  TestClient client(port(server)), other(port(server));
  client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  run_until_events(1);
  also = [&](const Event&) { stop(server); };
  other.send("GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n");
  run_until_events(2);
  EXPECT_NE(client.read_all().find("503 Service Unavailable"), std::string::npos);
  EXPECT_FALSE(*dispatcher.respond(server, 1, {200, "late", {}}));
}

TEST_P(DispatcherTest, TellsWhyAnAttemptFailed) {
  const EndpointId server = start();
  std::string why;
  also = [&](const Event& event) {
    why = dispatcher.connection_info(event.endpoint, event.connection)->error;
  };
  TestClient client(port(server));
  client.send("nonsense\r\n\r\n");
  run_until_events(1);
  EXPECT_EQ(events, Words{"fail 1"});
  EXPECT_FALSE(why.empty());
}

TEST_P(DispatcherTest, StopHandsOnTheClosesBeforeItReturns) {
  const EndpointId server = start();
  TestClient first = open(server), second = open(server);
  const int used = port(server);
  events.clear();
  stop(server);
  EXPECT_EQ(events, (Words{"close 1 1001", "close 2 1001"}));
  EXPECT_FALSE(TestClient(used).is_connected()) << "the port is free";
  EXPECT_EQ(dispatcher.stop(server).error().code, ErrorCode::invalid_handle);
  EXPECT_FALSE(dispatcher.expects_events());
}

TEST_P(DispatcherTest, StopInsideEveryCallback) {
  for (const EventKind kind :
       {EventKind::open, EventKind::message, EventKind::close, EventKind::fail, EventKind::http}) {
    SCOPED_TRACE(static_cast<int>(kind));
    events.clear();
    also = nullptr;
    const EndpointId server = start();
    bool stopped = false;
    also = [&](const Event& event) {
      if (event.kind != kind || std::exchange(stopped, true)) return;
      stop(server);
      EXPECT_FALSE(dispatcher.stop(server)) << "twice";
      EXPECT_FALSE(dispatcher.send(server, event.connection, "x", Opcode::text));
      if (kind == EventKind::http) {
        EXPECT_TRUE(*dispatcher.respond(server, event.connection, {200, "still answered", {}}));
      }
    };
    TestClient client(port(server));
    if (kind == EventKind::http) {
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    } else if (kind == EventKind::fail) {
      client.send("nonsense\r\n\r\n");
    } else {
      client.send_handshake();
      client.send(TestClient::frame("a") + TestClient::frame("b"));
      client.send(TestClient::frame("\x03\xE8", 0x88));
    }
    run_until([&] { return stopped; });
    const std::string got = client.read_until(kind == EventKind::http ? "answered" : "\x88");
    EXPECT_EQ(got.find("still answered") != std::string::npos, kind == EventKind::http);
    const auto opens = std::ranges::count_if(events, [](auto& e) { return e.starts_with("open"); });
    const auto closes =
        std::ranges::count_if(events, [](auto& e) { return e.starts_with("close"); });
    EXPECT_EQ(opens, closes);
    EXPECT_EQ(std::ranges::count(events, "message 1 b"), kind == EventKind::close ? 1 : 0);
  }
}

TEST_P(DispatcherTest, LosesNothingOfAFloodOverTheBound) {
  ServerOptions options;
  options.max_pending_bytes = 64 * 1024;
  const EndpointId server = start(options);
  TestClient flood = open(server), calm = open(server);
  constexpr int count = 5000;
  std::string many;
  for (int i = 0; i < count; ++i) many += TestClient::frame("f");
  std::thread sender([&] { flood.send(many); });
  calm.send(TestClient::frame("calm"));
  run_until_events(count + 3);
  sender.join();
  EXPECT_EQ(std::ranges::count(events, "message 1 f"), count);
  EXPECT_EQ(std::ranges::count(events, "message 2 calm"), 1);
}

TEST_P(DispatcherTest, APassEndsWithItsBudget) {
  const EndpointId server = start();
  TestClient client = open(server);
  EXPECT_TRUE(network.drive_by_thread());
  std::string many;
  for (int i = 0; i < 100; ++i) many += TestClient::frame("f");
  client.send(many);
  const std::size_t before = events.size();
  while (events.size() == before) {
    dispatcher.wait(Seconds{-1});
    EXPECT_LE(dispatcher.deliver(Seconds{0}), 1u) << "no budget: one callback a pass";
  }
  run_until_events(before + 100);
}

TEST_P(DispatcherTest, SendsNothingMoreWhereItHasClosedAmidAMessage) {
  const EndpointId server = start();
  TestClient client = open(server);
  EXPECT_TRUE(*dispatcher.send(server, 1, "part", Opcode::text, {.fin = false}));
  EXPECT_TRUE(*dispatcher.close(server, 1, CloseCode::normal, ""));
  for (const Opcode opcode : {Opcode::text, Opcode::binary, Opcode::continuation}) {
    const auto sent = dispatcher.send(server, 1, "x", opcode);
    ASSERT_TRUE(sent) << sent.error().message;
    EXPECT_FALSE(*sent);
  }
}

TEST_P(DispatcherTest, AHandlerMayEndThePassAndTheRestWaits) {
  const EndpointId server = start();
  TestClient client = open(server), other = open(server);
  also = [&](const Event& event) {
    if (event.data == "end") dispatcher.end_pass();
  };
  client.send(TestClient::frame("1") + TestClient::frame("end") + TestClient::frame("2") +
              TestClient::frame("end") + TestClient::frame("3"));
  other.end();
  const auto pass = [&] {
    events.clear();
    run_until([&] { return !events.empty() && events.back() == "message 1 end"; });
    return std::exchange(events, {});
  };
  const Words first = pass();
  EXPECT_EQ(std::ranges::count(first, "message 1 1"), 1);
  EXPECT_EQ(std::ranges::count(first, "message 1 2"), 0);
  const Words second = pass();
  EXPECT_EQ(std::ranges::count(second, "message 1 2"), 1);
  EXPECT_EQ(std::ranges::count(second, "message 1 3"), 0);
  run_until([&] { return std::ranges::count(events, "message 1 3") == 1; });
  dispatcher.end_pass();
  client.send(TestClient::frame("4"));
  run_until([&] { return std::ranges::count(events, "message 1 4") == 1; });
}

TEST_P(DispatcherTest, ClosesWith1013APeerThatDoesNotRead) {
  ServerOptions options;
  options.max_queued_bytes = 1'000'000;
  options.close_timeout = Seconds{0.2};
  const EndpointId server = start(options);
  TestClient stuck = open(server), reading = open(server);
  const std::string large(500'000, 'x');
  int sent = 0;
  while (sent < 100 && *dispatcher.send(server, 1, large, Opcode::binary)) {
    ++sent;
    dispatcher.wait(Seconds{0.001});
    if (GetParam() == Drive::own_thread) dispatcher.serve(Seconds{0});
    dispatcher.deliver(Seconds{0.005});
  }
  EXPECT_LT(sent, 100) << "it doesn't grow without bound";
  run_until([&] { return std::ranges::count(events, "close 1 1013") == 1; });
  EXPECT_TRUE(*dispatcher.send(server, 2, "fine", Opcode::text));
  run_until([&] { return true; });
  stop(server);
  EXPECT_NE(reading.read_until(close_1001).find("fine"), std::string::npos);
  const std::lock_guard lock(log_mutex);
  EXPECT_EQ(log.size(), 1u);
}

TEST_P(DispatcherTest, BroadcastsToAnAudience) {
  const EndpointId server = start();
  TestClient clients[] = {open(server), open(server), open(server)};
  run_until_events(3);
  const auto tell = [&](const char* text, const Audience& audience) {
    return *dispatcher.broadcast(server, text, Opcode::text, audience);
  };
  EXPECT_EQ(tell("12", Audience({{2, 1, 2}}, {})), 2u);
  EXPECT_EQ(tell("none", Audience(std::vector<ConnectionId>{}, {})), 0u);
  EXPECT_EQ(tell("3", Audience(std::nullopt, {2, 1})), 1u);
  EXPECT_EQ(tell("2", Audience({{1, 2}}, {1})), 1u);
  EXPECT_EQ(tell("123", {}), 3u);
  EXPECT_EQ(dispatcher.check_connection(server, 4).error().code, ErrorCode::invalid_handle);
  stop(server);
  const auto frames = [](std::initializer_list<std::string_view> texts) {
    std::string bytes;
    for (const std::string_view sent : texts) {
      bytes.append(1, '\x81').append(1, static_cast<char>(sent.size())).append(sent);
    }
    return bytes.append(close_1001);
  };
  EXPECT_EQ(clients[0].read_until(close_1001), frames({"12", "123"}));
  EXPECT_EQ(clients[1].read_until(close_1001), frames({"12", "2", "123"}));
  EXPECT_EQ(clients[2].read_until(close_1001), frames({"3", "123"}));
}

TEST_P(DispatcherTest, WhatCameBeforeAnOverflowAndIsNotHandledIsDropped) {
  ServerOptions options;
  options.max_queued_bytes = 1'000'000;
  options.close_timeout = Seconds{0.2};
  const EndpointId server = start(options);
  TestClient client = open(server);
  run_until_events(1);
  const std::string large(500'000, 'x');
  also = [&](const Event& event) {
    if (event.data != "fill") return;
    while (*dispatcher.send(server, 1, large, Opcode::binary)) {
    }
  };
  EXPECT_TRUE(network.drive_by_thread());
  client.send(TestClient::frame("fill") + TestClient::frame("late"));
  while (dispatcher.server_info(server)->messages_in < 2) dispatcher.wait(Seconds{0.001});
  run_until([&] { return std::ranges::count(events, "close 1 1013") == 1; });
  EXPECT_EQ(std::ranges::count(events, "message 1 fill"), 1);
  EXPECT_EQ(std::ranges::count(events, "message 1 late"), 0);
}

TEST_P(DispatcherTest, ItsDescriptorIsReadableWhileEventsWait) {
  const EndpointId server = start();
  TestClient client = open(server);
  const int descriptor = dispatcher.fileno();
  const auto is_readable = [&](int milliseconds) {
    pollfd waiting{descriptor, POLLIN, 0};
    return ::poll(&waiting, 1, milliseconds) == 1;
  };
  EXPECT_FALSE(is_readable(0));
  for (std::size_t i = 1; i <= 3; ++i) {
    client.send(TestClient::frame("a"));
    EXPECT_TRUE(is_readable(10'000));
    EXPECT_EQ(dispatcher.deliver(Seconds{1}), 1u);
    EXPECT_FALSE(is_readable(0)) << "all are handled";
  }
  client.send(TestClient::frame("b") + TestClient::frame("c"));
  while (events.size() < 6) {
    EXPECT_TRUE(is_readable(10'000));
    dispatcher.deliver(Seconds{0});
  }
}

TEST_P(DispatcherTest, ClientsThatLeaveTakeNothingOutOfTheBound) {
  ServerOptions options;
  options.max_pending_bytes = 1'000'000;
  const EndpointId server = start(options);
  constexpr std::uint64_t clients = 50;
  std::thread sender([&, at = port(server)] {
    std::string bytes("\x82\xFF\0\0\0\0\0\x03\0\0\0\0\0\0", 14);  // of 3 * 65536 bytes
    bytes += std::string(3 * 65536, 'x') + std::string("\x88\x80\0\0\0\0", 6);
    std::vector<TestClient> all;
    for (std::uint64_t i = 0; i < clients; ++i) {
      TestClient& client = all.emplace_back(at);
      client.send_handshake();
      client.send(bytes);
    }
    for (TestClient& client : all) client.read_all();
  });
  std::uint64_t handled = 0;
  also = [&](const Event& event) { handled += event.kind == EventKind::message ? 1 : 0; };
  EXPECT_TRUE(network.drive_by_thread());
  while (handled < clients) {
    dispatcher.wait(Seconds{-1});
    const std::uint64_t come = dispatcher.server_info(server)->messages_in;
    EXPECT_LE(come - handled, 7U) << "those of the bound, one message, and what one read brings";
    dispatcher.deliver(Seconds{0});
  }
  sender.join();
}

TEST_P(DispatcherTest, InterruptEndsAWaitFromAnotherThread) {
  start();
  std::thread other([&] { dispatcher.interrupt(); });
  if (GetParam() == Drive::own_thread) {
    dispatcher.serve(Seconds{-1});
  } else {
    dispatcher.wait(Seconds{-1});
  }
  other.join();
}

TEST_P(DispatcherTest, InterruptBeforeAWaitEndsThatOneAndNoOther) {
  const EndpointId server = start();
  TestClient client = open(server);
  run_until_events(1);
  EXPECT_TRUE(network.drive_by_thread());
  dispatcher.interrupt();
  dispatcher.wait(Seconds{-1});
  client.send(TestClient::frame("a"));
  dispatcher.wait(Seconds{-1});
  EXPECT_EQ(dispatcher.deliver(Seconds{1}), 1u);
}

TEST_P(DispatcherTest, EndsQuietlyWithConnectionsAndEventsWaiting) {
  auto owned = std::make_unique<Dispatcher>(network, *this);
  if (GetParam() == Drive::network_thread) {
    EXPECT_TRUE(network.drive_by_thread());
  }
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  const auto server = owned->start(0, options);
  TestClient client(owned->server_info(*server)->port);
  client.send_handshake();
  client.send(TestClient::frame("never heard"));
  owned.reset();
  EXPECT_EQ(events, Words{});
}

TEST_P(DispatcherTest, RestartsOnTheSamePortWithOpenClients) {
  EndpointId server = start();
  const int same = port(server);
  for (int i = 0; i < 20; ++i) {
    TestClient client = open(server);
    stop(server);
    ServerOptions options;
    options.logger = [](LogLevel, std::string_view) {};
    const auto again = dispatcher.start(same, options);
    ASSERT_TRUE(again) << again.error().message;
    server = *again;
  }
}

INSTANTIATE_TEST_SUITE_P(Drives, DispatcherTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
