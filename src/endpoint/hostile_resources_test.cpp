// Peers that are slow, silent or many, and handlers that do anything at any time.
#include "endpoint/hostile_test_fixture.h"

#include <limits>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

#ifdef SIMWS_REDUCED_SCALE
constexpr std::size_t scale = 20;
#else
constexpr std::size_t scale = 1;
#endif

const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string repeated(std::size_t times, const std::string& bytes) {
  std::string all;
  all.reserve(times * bytes.size());
  for (std::size_t i = 0; i < times; ++i) all += bytes;
  return all;
}

std::string take_all(transport::MemoryLoop& loop, transport::MemoryPeer& peer) {
  std::string got;
  loop.run_until_idle();
  for (std::string part = peer.take(); !part.empty(); part = peer.take()) {
    got += part;
    loop.run_until_idle();
  }
  return got;
}

TEST_P(HostileTest, AMillionPingsOfAPeerThatReadsGetPongs) {
  serve();
  auto peer = open();
  const std::size_t batches = 100 / scale;
  const std::string pings = repeated(10'000, client_frame(FrameOpcode::ping, "p"));
  for (std::size_t i = 0; i < batches; ++i) {
    peer->send(pings);
    const std::string pongs = peer->take();
    EXPECT_FALSE(pongs.empty());
    EXPECT_LE(pongs.size(), 66'000u);
    EXPECT_TRUE(pongs.ends_with(server_frame(FrameOpcode::pong, "p")));
  }
  expect_witness_is_served();
}

TEST_P(HostileTest, AMillionPingsOfAPeerThatDoesNotReadCostNothing) {
  serve();
  auto peer = open();
  peer->set_window(0);
  const std::string pings = repeated(10'000, client_frame(FrameOpcode::ping, "p"));
  for (std::size_t i = 0; i < 100 / scale; ++i) {
    peer->send(pings);
    EXPECT_LE(core->info().queued_bytes, 66'000u);
  }
  peer->send(client_frame(FrameOpcode::ping, "latest"));
  peer->set_window(1u << 20);
  EXPECT_TRUE(take_all(*loop, *peer).ends_with(server_frame(FrameOpcode::pong, "latest")));
  expect_witness_is_served();
}

TEST_P(HostileTest, MillionsOfFragments) {
  serve();
  for (const std::string payload : {"", "x"}) {
    auto peer = open();
    peer->send(client_frame(FrameOpcode::text, payload, false));
    const std::string fragments =
        repeated(10'000, client_frame(FrameOpcode::continuation, payload, false));
    for (std::size_t i = 0; i < 1000 / scale; ++i) peer->send(fragments);
    EXPECT_EQ(core->group().gate().total(), payload.size() * (10'000'000 / scale + 1));
    expect_witness_is_served();
    peer->send(client_frame(FrameOpcode::continuation, "end"));
    EXPECT_EQ(events.back().size(), 8 + payload.size() * (10'000'000 / scale + 1));
    EXPECT_EQ(core->group().gate().total(), 0u);
    peer->finish();
    loop->run_until_idle();
  }
  expect_clean();
}

TEST_P(HostileTest, AReaderThatNeverReadsIsDroppedAndDelaysNobody) {
  ServerOptions options;
  options.max_queued_bytes = 100'000;
  serve(options);
  auto idle = open();
  idle->set_window(10);
  const std::string update(1000, 'u');
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(core->broadcast(update, Opcode::text, {}));
    EXPECT_TRUE(take_of_witness() == server_frame(FrameOpcode::text, update));
    expect_witness_is_served();
    EXPECT_LE(core->info().queued_bytes, 102'000u + 100 * 64) << "each message, and each reference";
  }
  EXPECT_EQ(count(events, "close 1013"), 1);
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(core->info().connections, 1u);
  EXPECT_LT(core->info().queued_bytes, 2000u) << "what was not begun is dropped at once";
  advance(5.1);
  EXPECT_TRUE(idle->saw_reset());
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

TEST_P(HostileTest, TheAnswerToTheHandshakeIsNeverDropped) {
  ServerOptions options;
  options.max_queued_bytes = 1000;
  on_open = [](Connection& connection) {
    for (int i = 0; i < 3; ++i) (void)connection.send(std::string(900, 'a'));
  };
  start(options);
  auto peer = connect();
  peer->send(handshake());
  loop->run_until_idle();
  EXPECT_EQ(words_of_answer(peer->take()), "101 close 1013");
}

TEST_P(HostileTest, WhatFollowsTheHandshakeIsReadAlsoWhenTheOpenHandlerCloses) {
  on_open = [](Connection& connection) { EXPECT_TRUE(*connection.close()); };
  start();
  const std::string input = handshake() + text("crosses") + client_close(1000);
  for (std::size_t cut = 0; cut <= input.size(); ++cut) {
    SCOPED_TRACE(cut);
    auto peer = connect();
    peer->send(input.substr(0, cut));
    peer->send(input.substr(cut));
    EXPECT_EQ(take_events(), (Words{"open", "close 1000 clean", "release"}));
    EXPECT_EQ(words_of_answer(peer->take()), "101 close 1000");
    peer->finish();
  }
}

TEST_P(HostileTest, RequestsAreNotHandledWhileTheirAnswersPileUp) {
  on_http = [](Connection& connection, const HttpRequest&) {
    EXPECT_TRUE(*connection.respond({200, std::string(100'000, 'a'), {}}));
  };
  serve();
  auto peer = connect();
  peer->set_window(1000);
  peer->send(repeated(100, get));
  EXPECT_LE(core->info().queued_bytes, 400'000u);
  expect_witness_is_served();
  std::string expected = "200";
  for (int i = 1; i < 100; ++i) expected += " 200";
  peer->set_window(1'000'000);
  EXPECT_TRUE(words_of_answer(take_all(*loop, *peer)) == expected);
  EXPECT_EQ(count(events, "http GET /"), 100);
}

// One that waits begins no piece of another, and the system takes what it takes.
TEST_P(HostileTest, LargeMessagesAreWholeHoweverMuchIsTakenAtOnce) {
  const std::string large(200'000, 'l');
  on_message = [&](Connection& connection, std::string_view data, Opcode opcode) {
    for (const std::string& message : {large, std::string(data), large}) {
      EXPECT_TRUE(*connection.send(message, opcode));
    }
  };
  serve();
  const std::string whole = server_message(FrameOpcode::text, large);
  for (const std::size_t window : {1u, 9u, 10u, 11u, 1000u, 65'545u, 65'546u, 65'547u, 200'000u,
                                   200'040u, 200'041u, 1'000'000u}) {
    auto peer = open();
    peer->set_window(window);
    peer->send(text("between"));
    std::string expected = whole;
    EXPECT_TRUE(take_all(*loop, *peer) ==
                expected.append(server_frame(FrameOpcode::text, "between")).append(whole))
        << window;
  }
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

TEST_P(HostileTest, ALargeMessageUnderWayIsCutOffBehindAFragmentOnly) {
  const std::string large(200'000, 'l');
  on_message = [&](Connection& connection, std::string_view, Opcode opcode) {
    EXPECT_TRUE(*connection.send(large, opcode));
    EXPECT_TRUE(*connection.send(large, opcode));
    EXPECT_TRUE(*connection.close_now(CloseCode::try_again_later, ""));
  };
  serve();
  auto peer = open();
  peer->set_window(1000);
  peer->send(text("begin"));
  const std::string fragment =
      server_frame(FrameOpcode::text, large.substr(0, protocol::Fragments::most), false);
  EXPECT_TRUE(take_all(*loop, *peer) ==
              fragment + server_frame(FrameOpcode::close, close_payload(1013)));
}

TEST_P(HostileTest, ALongAnswerMayTakeLongAsLongAsItIsRead) {
  const std::string body(1'000'000, 'a');
  on_http = [&](Connection& connection, const HttpRequest&) {
    EXPECT_TRUE(*connection.respond({200, body, {}}));
  };
  serve();
  for (const std::string fields : {"", "Connection: close\r\n"}) {
    auto peer = connect();
    peer->set_window(10'000);
    peer->send("GET / HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    std::string got;
    for (std::string part = peer->take(); !part.empty(); part = peer->take()) {
      got += part;
      advance(4);
    }
    EXPECT_TRUE(got.ends_with(body)) << got.size();
    peer->finish();
  }
}

TEST_P(HostileTest, AnAnswerThatIsNotReadIsDropped) {
  on_http = [](Connection& connection, const HttpRequest&) {
    EXPECT_TRUE(*connection.respond({200, std::string(1'000'000, 'a'), {}}));
  };
  serve();
  auto peer = connect();
  peer->set_window(10'000);
  peer->send(get);
  advance(21);
  EXPECT_TRUE(peer->saw_reset());
  expect_clean();
}

TEST_P(HostileTest, OneAddressCannotTakeTheRoomOfOthers) {
  ServerOptions options;
  options.max_connections = 100;
  options.max_connections_per_address = 2;
  start(options);
  const transport::Address flooder{{10, 0, 0, 9}, 50000, false};
  std::vector<std::unique_ptr<transport::MemoryPeer>> flood;
  for (int i = 0; i < 1000; ++i) flood.push_back(connect(flooder));
  auto other = open();
  advance(11);
  flood.clear();
  auto again = connect(flooder);
  again->send(handshake());
  EXPECT_EQ(words_of_answer(again->take()), "101");
}

TEST_P(HostileTest, ClientsTheServerDoesNotReadAreNotBlamedForTheDelay) {
  ServerOptions options;
  options.max_pending_bytes = 1000;
  serve(options);
  hold_messages();
  auto busy = open();
  busy->send(text(std::string(2000, 'x')));
  auto waits = connect();
  waits->send(handshake());
  advance(60);
  EXPECT_EQ(count(events, "fail"), 0);
  EXPECT_FALSE(waits->saw_end());
  connections[1]->release_pending(2000);
  loop->run_until_idle();
  EXPECT_EQ(words_of_answer(waits->take()), "101");
}

TEST_P(HostileTest, SlowHandshakes) {
  serve();
  const std::string input = handshake();
  auto slow = connect();
  for (std::size_t i = 0; i < input.size() && !slow->saw_end(); ++i) {
    slow->send(input.substr(i, 1));
    advance(1);
  }
  EXPECT_EQ(words_of_answer(slow->take()), "408");
  EXPECT_EQ(take_events(), (Words{"fail", "release"}));
  slow->finish();
  auto silent = connect();
  advance(5.1);
  EXPECT_TRUE(silent->saw_end());
  auto body = connect();
  body->send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nnev");
  advance(5.1);
  EXPECT_EQ(words_of_answer(body->take()), "408");
  EXPECT_EQ(log.size(), 2u);
  advance(5.1);
  expect_clean();
}

TEST_P(HostileTest, TimeoutsOfAnySizeAreTimeouts) {
  for (const double seconds : {1e300, std::numeric_limits<double>::infinity(), 1e10}) {
    ServerOptions options;
    options.handshake_timeout = options.keep_alive_timeout = Seconds{seconds};
    options.close_timeout = options.ping_timeout = Seconds{seconds};
    serve(options);
    auto arriving = connect();
    arriving->send("GET");
    advance(86'400);
    expect_witness_is_served();
    EXPECT_FALSE(arriving->saw_end()) << seconds;
    core.reset();
    events.clear();
  }
  ServerOptions options;
  options.handshake_timeout = Seconds{1e-12};
  start(options);
  auto peer = connect();
  advance(1);
  EXPECT_TRUE(peer->saw_end()) << "a short time is not none";
}

TEST_P(HostileTest, JumpsOfHours) {
  on_http = [](Connection& connection, const HttpRequest&) { (void)connection.respond({}); };
  start();
  auto silent = open(), closing = open(), served = connect(), arriving = connect();
  EXPECT_TRUE(*connections[1]->close());
  served->send(get);
  arriving->send("GET");
  advance(7200);
  Words told = take_events();
  EXPECT_EQ(count(told, "open"), 2);
  EXPECT_EQ(count(told, "close 1006"), 2);
  EXPECT_EQ(count(told, "fail"), 1);
  EXPECT_EQ(count(told, "release"), 4);
  auto fresh = open();
  EXPECT_EQ(core->info().connections, 1u);
}

TEST_P(HostileTest, MaxMessageSizeIsNamedToWhoeverPassesIt) {
  ServerOptions options;
  options.max_message_size = 100;
  serve(options);
  auto peer = open();
  peer->send(text(std::string(101, 'a')));
  const std::string answer = peer->take();
  EXPECT_EQ(words_of_answer(answer), "close 1009");
  EXPECT_NE(answer.find("maxMessageSize"), std::string::npos);
  EXPECT_NE(answer.find("100"), std::string::npos);
}

}  // namespace
}  // namespace simws::endpoint
