// What a server and its connections count.
#include "endpoint/topics_test_fixture.h"

#include "base/script_times.h"

#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

class FiguresTest : public TopicsTest {
 protected:
  ConnectionInfo info() const { return connections.at(0)->info(); }
};

TEST_F(FiguresTest, OfAConnectionBeginWithItsFirstMessage) {
  start();
  auto peer = open();
  peer->send(client_frame(FrameOpcode::ping, "alive?"));
  EXPECT_EQ(info().bytes_in, 0u);
  const std::string sent = text("hello") + text("world");
  peer->send(sent);
  EXPECT_TRUE(*connections[0]->send("answer"));
  EXPECT_TRUE(*connections[0]->send("in", Opcode::text, {false, true}));
  EXPECT_TRUE(*connections[0]->send("two", Opcode::continuation));
  peer->take();
  loop->run_until_idle();
  const std::size_t answered = peer->take().size();
  const ConnectionInfo figures = info();
  EXPECT_EQ(figures.messages_in, 2u);
  EXPECT_EQ(figures.messages_out, 2u) << "fragments are one message";
  EXPECT_EQ(figures.bytes_in, sent.size());
  EXPECT_EQ(figures.bytes_out, answered);
  EXPECT_EQ(figures.dropped, 0u);
  EXPECT_EQ(figures.queue_age, Seconds{0});
}

TEST_F(FiguresTest, OfAConnectionHaveTheBytesOfAMessageInPieces) {
  start();
  auto peer = open();
  const std::string sent = text(std::string(1000, 'm'));
  for (const char byte : sent) peer->send(std::string(1, byte));
  EXPECT_EQ(info().messages_in, 1u);
  EXPECT_GE(info().bytes_in, sent.size() - 8) << "but for what of the header came alone";
}

TEST_F(FiguresTest, HaveWhatTopicsAndBroadcastsBring) {
  start();
  auto peer = open();
  subscribe(*connections[0], "pose");
  publish("pose", "1");
  EXPECT_EQ(*core->broadcast("2", Opcode::text, {}), 1u);
  EXPECT_EQ(info().messages_out, 2u);
  EXPECT_EQ(core->info().messages_out, 2u);
  EXPECT_EQ(core->topics().totals().delivered, 1u);
}

TEST_F(FiguresTest, HaveTheAgeOfWhatWaits) {
  start();
  auto peer = open();
  peer->set_window(1000);
  EXPECT_TRUE(*connections[0]->send(std::string(5000, 'd')));
  loop->run_until_idle();
  EXPECT_EQ(info().queue_age, Seconds{0}) << "since this turn";
  advance(2);
  EXPECT_EQ(info().queue_age, Seconds{2});
  EXPECT_EQ(core->info().queue_wait.count(), 0u) << "it waits still";
  EXPECT_TRUE(*connections[0]->send("more"));
  advance(1);
  EXPECT_EQ(info().queue_age, Seconds{3});
  while (!peer->take().empty()) loop->run_until_idle();
  EXPECT_EQ(info().queue_age, Seconds{0});
  const Histogram waits = core->info().queue_wait;
  EXPECT_EQ(waits.count(), 2u);
  EXPECT_EQ(waits.sum, Seconds{4});
  EXPECT_EQ(waits.longest, Seconds{3});
}

TEST_F(FiguresTest, OfWhatIsTakenAtOnceHaveNoWait) {
  start();
  auto peer = open();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(*connections[0]->send(std::string(100'000, 'd')));
  loop->run_until_idle();
  EXPECT_EQ(core->info().queue_wait.count(), 0u);
}

TEST_F(FiguresTest, HaveWhatWasDropped) {
  ServerOptions options;
  options.max_queued_bytes = 10'000;
  start(std::move(options));
  auto peer = open();
  peer->set_window(1000);
  on_close = [](Connection& connection) { EXPECT_EQ(connection.info().dropped, 3u); };
  for (int i = 0; i < 4; ++i) (void)connections[0]->send(std::string(4000, 'd'));
  loop->run_until_idle();
  EXPECT_EQ(count_of("close 1013"), 1);
  EXPECT_EQ(core->info().dropped, 3u);
}

TEST_F(FiguresTest, OfWhatIsDroppedSayNothingOfWaits) {
  start();
  auto peer = open();
  peer->set_window(10);
  EXPECT_TRUE(*connections[0]->send(std::string(4000, 'd')));
  EXPECT_TRUE(*connections[0]->send(std::string(4000, 'd')));
  loop->run_until_idle();
  advance(1);
  on_close = [](Connection& connection) { EXPECT_EQ(connection.info().queue_age, Seconds{1}); };
  EXPECT_TRUE(*connections[0]->close_now(CloseCode::try_again_later));
  loop->run_until_idle();
  EXPECT_EQ(count_of("close 1013"), 1);
  peer->reset();
  loop->run_until_idle();
  EXPECT_EQ(core->info().queue_wait.count(), 0u);
}

TEST_F(FiguresTest, HaveRoundTripsOfPingsAndMarks) {
  ServerOptions options;
  options.ping_interval = Seconds{2};
  start(std::move(options));
  auto peer = open();
  subscribe(*connections[0], "pose", {TopicPolicy::latest, {}, {}, {}, {}});
  publish("pose", "1");
  take(*peer);
  ASSERT_EQ(latest_ping.size(), 4u);
  advance(0.5);
  pong(*peer);
  EXPECT_EQ(core->info().round_trip.count(), 1u);
  EXPECT_EQ(core->info().round_trip.sum, Seconds{0.5});
  pong(*peer);
  EXPECT_EQ(core->info().round_trip.count(), 1u) << "nobody has asked";
  advance(1.5);
  const std::string ping = peer->take();
  ASSERT_EQ(ping.substr(0, 2), "\x89\x08");
  advance(0.25);
  peer->send(client_frame(FrameOpcode::pong, ping.substr(2)));
  EXPECT_EQ(core->info().round_trip.sum, Seconds{0.75});
}

TEST_F(FiguresTest, OfAServerHaveWhoCame) {
  on_http = [](Connection& connection, const HttpRequest&) {
    EXPECT_TRUE(*connection.respond({200, {}, {}}));
  };
  start();
  auto silent = connect();
  auto viewer = open();
  auto page = connect();
  page->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  page->send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  const ServerInfo info = core->info();
  EXPECT_EQ(info.accepted, 3u);
  EXPECT_EQ(info.handshakes, 1u);
  EXPECT_EQ(info.http_requests, 1u);
  EXPECT_EQ(info.refused, 1u);
  viewer->reset();
  EXPECT_EQ(core->info().handshakes, 1u);
  EXPECT_EQ(core->info().connections, 0u);
}

TEST_F(FiguresTest, OfAServerHaveWhatIsHeld) {
  hold_messages();
  start();
  EXPECT_EQ(core->info().pending_bytes, 0u);
  auto peer = open();
  peer->send(text("12345"));
  EXPECT_EQ(core->info().pending_bytes, 5u);
  connections[0]->release_pending(5);
  EXPECT_EQ(core->info().pending_bytes, 0u);
  retain("map", "north", "wall");
  EXPECT_EQ(core->info().retained_bytes, 9u);
  EXPECT_EQ(core->topics().totals().retained_keys, 1u);
  EXPECT_EQ(core->topics().totals().retained_bytes, 9u);
  retain("map", "north", "");
  EXPECT_EQ(core->info().retained_bytes, 0u);
  EXPECT_EQ(core->topics().totals().retained_keys, 0u);
}

TEST_F(FiguresTest, OfAServerHaveLinesThatWereLeftOut) {
  start();
  for (int i = 0; i < 25; ++i) {
    connect()->send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  }
  EXPECT_EQ(core->info().lines_left_out, 15u);
}

TEST_F(FiguresTest, OfAServerHaveItsScripts) {
  const auto times = std::make_shared<ScriptTimes>();
  ServerOptions options;
  options.script_times = times;
  start(std::move(options));
  times->pass.observe(std::chrono::milliseconds(2));
  times->callback.observe(std::chrono::milliseconds(1), 16);
  times->step_lateness.observe(std::chrono::milliseconds(5));
  const ServerInfo info = core->info();
  EXPECT_EQ(info.pass_time.sum, Seconds{0.002});
  EXPECT_EQ(info.callback_time.count(), 16u);
  EXPECT_EQ(info.step_lateness.longest, Seconds{0.005});
}

// Of the busiest among those that were used last.
TEST_F(FiguresTest, OfTopicsAreOfTheBusiest) {
  start();
  auto peer = open();
  subscribe(*connections[0], "b");
  for (int i = 0; i < 3; ++i) publish("a", "1");
  publish("b", "1");
  publish("b", "1");
  publish("c", "1");
  const auto busiest = core->topics().busiest(2);
  ASSERT_EQ(busiest.size(), 2u);
  EXPECT_EQ(busiest[0].name, "a");
  EXPECT_EQ(busiest[1].name, "b");
  EXPECT_EQ(busiest[1].delivered, 2u);
  EXPECT_EQ(core->topics().busiest(9).size(), 3u);
  EXPECT_EQ(core->topics().busiest(0).size(), 0u);
  EXPECT_EQ(core->topics().totals().published, 6u);
  EXPECT_EQ(core->topics().totals().subscribers, 1u);
  peer->reset();
  loop->run_until_idle();
  EXPECT_EQ(core->topics().totals().subscribers, 0u);
}

}  // namespace
}  // namespace simws::endpoint
