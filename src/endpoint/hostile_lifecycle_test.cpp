// Handlers that stop, close, send and broadcast at any time, and servers that come and go.
#include "endpoint/hostile_test_fixture.h"

#include <map>
#include <random>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

// What a handler may do to its server and its connection.
using Deed = std::function<void(ServerCore&, Connection&)>;

const std::pair<const char*, Deed> deeds[] = {
    {"stop", [](ServerCore& core, Connection&) { core.stop(true); }},
    {"stop untold", [](ServerCore& core, Connection&) { core.stop(false); }},
    {"close", [](ServerCore&, Connection& one) { (void)one.close(CloseCode::policy_violation); }},
    {"close at once",
     [](ServerCore&, Connection& one) { (void)one.close_now(CloseCode::try_again_later, "now"); }},
    {"send", [](ServerCore&, Connection& one) { (void)one.send("sent"); }},
    {"send a fragment",
     [](ServerCore&, Connection& one) { (void)one.send("a", Opcode::text, {.fin = false}); }},
    {"broadcast",
     [](ServerCore& core, Connection&) { (void)core.broadcast("all", Opcode::text, {}); }},
    {"respond",
     [](ServerCore&, Connection& one) {
       (void)one.respond({404, "not asked", {}});
     }},
    {"hold", [](ServerCore&, Connection& one) { one.hold_pending(1u << 30); }},
    {"release", [](ServerCore&, Connection& one) { one.release_pending(1u << 30); }},
    {"throw", [](ServerCore&, Connection&) { throw 1; }},
};

const char* const handler_names[] = {"open", "fail", "close", "message", "http"};

const std::string input = get + handshake() + text("a") + client_frame(FrameOpcode::ping, "p") +
                          text("b") + client_close(1000);
const std::string refused = handshake("Origin: http://evil.example\r\n");

class LifecycleTest : public OverBothWires {
 protected:
  // The handler of this name does the deed, twice; the HTTP handler answers besides.
  void start_with(const std::string& handler, const Deed& deed) {
    const auto act = [this, handler, deed](const std::string& name, Connection& connection) {
      if (name != handler) return;
      try {
        deed(*core, connection);
      } catch (...) {
      }
      deed(*core, connection);
    };
    on_open = [act](Connection& connection) { act("open", connection); };
    on_fail = [act](Connection& connection) { act("fail", connection); };
    on_close = [act](Connection& connection) { act("close", connection); };
    on_message = [act](Connection& connection, std::string_view, Opcode) {
      act("message", connection);
    };
    on_http = [act](Connection& connection, const HttpRequest&) {
      act("http", connection);
      (void)connection.respond({200, "served", {}});
    };
    ServerOptions options;
    options.max_pending_bytes = 1000;
    start(options);
  }

  void expect_all_ended() {
    advance(60);
    if (core->info().connections == 0) {
      EXPECT_EQ(core->info().queued_bytes, 0u);
      core->group().gate().release_ended(core->group().gate().total());
      EXPECT_EQ(core->group().gate().total(), 0u) << "nothing is left but what is still held";
    }
    EXPECT_LE(count(events, "close"), count(events, "open"));
    EXPECT_LE(count(events, "open") + count(events, "fail"), 2);
    core->stop(true);
    advance(60);
    EXPECT_EQ(core->info().connections, 0u);
    EXPECT_EQ(core->info().queued_bytes, 0u);
    EXPECT_EQ(core->group().gate().total(), 0u);
    EXPECT_TRUE(connections.empty()) << "each that opened was released";
    core.reset();
    events.clear();
    log.clear();
  }
};

TEST_P(LifecycleTest, AnyHandlerMayDoAnythingTwice) {
  for (const char* handler : handler_names) {
    for (const auto& [name, deed] : deeds) {
      for (const std::size_t cut : places(input.size() + 1)) {
        SCOPED_TRACE(std::string(handler) + ": " + name + ", cut at " + std::to_string(cut));
        start_with(handler, deed);
        auto other = connect();
        other->send(refused);
        auto peer = connect();
        if (peer) {
          peer->send(input.substr(0, cut));
          loop->run_until_idle();
          peer->send(input.substr(cut));
          loop->run_until_idle();
          if (cut % 2 == 0) peer->finish();
        }
        expect_all_ended();
        if (HasFailure()) return;
      }
    }
  }
}

TEST_P(LifecycleTest, WhatStopLeavesBehindIsToldOnceAndAnswered) {
  for (std::size_t cut = 0; cut <= input.size(); ++cut) {
    SCOPED_TRACE(cut);
    start();
    auto peer = connect();
    peer->send(input.substr(0, cut));
    core->stop(true);
    core->stop(true);
    EXPECT_EQ(count(events, "open"), count(events, "close"));
    const Words told = events;
    peer->send(input.substr(cut));
    peer->finish();
    advance(6);
    Words late = events;
    late.erase(late.begin(), late.begin() + static_cast<std::ptrdiff_t>(told.size()));
    EXPECT_LE(late.size(), 1u);
    EXPECT_EQ(count(late, "release"), static_cast<std::ptrdiff_t>(late.size()));
    core.reset();
    events.clear();
    connections.clear();
  }
}

TEST_P(LifecycleTest, ABroadcastsFilterMayStopTheServer) {
  start();
  auto first = open(), second = open(), third = open();
  const auto sent = core->broadcast("all", Opcode::text, [this](Connection&) {
    core->stop(true);
    return true;
  });
  EXPECT_EQ(*sent, 0u);
  EXPECT_EQ(count(events, "close 1001"), 3);
}

// Clients that connect, talk and leave in any order, one server for all.
class Crowd {
 public:
  explicit Crowd(std::function<std::unique_ptr<transport::MemoryPeer>()> connect)
      : connect_(std::move(connect)) {}

  void step() {
    if (peers_.size() < 50 || (connected_ < 1000 && random_() % 3 == 0)) {
      peers_.push_back(connect_());
      peers_.back()->send(random_() % 10 == 0 ? refused : handshake());
      ++connected_;
      return;
    }
    const std::size_t which = random_() % peers_.size();
    transport::MemoryPeer& peer = *peers_[which];
    switch (random_() % 6) {
      case 0:
        return peer.send(text("publish"));
      case 1:
        return peer.send(text("leave"));
      case 2:
        (void)peer.take();
        return peer.set_window(random_() % 500);
      case 3:
        peer.send(client_close(1000));
        break;
      case 4:
        peer.finish();
        break;
      default:
        peer.reset();
    }
    peers_.erase(peers_.begin() + static_cast<std::ptrdiff_t>(which));
  }

  bool has_come() const { return connected_ >= 1000; }
  void leave() { peers_.clear(); }

 private:
  std::function<std::unique_ptr<transport::MemoryPeer>()> connect_;
  std::vector<std::unique_ptr<transport::MemoryPeer>> peers_;
  std::mt19937 random_{6455};
  std::size_t connected_ = 0;
};

TEST_P(LifecycleTest, AThousandClientsComeAndGoWhileHandlersBroadcast) {
  on_open = [this](Connection&) { (void)core->broadcast("came", Opcode::text, {}); };
  on_close = [this](Connection&) { (void)core->broadcast("left", Opcode::text, {}); };
  on_fail = on_close;
  on_message = [this](Connection& connection, std::string_view data, Opcode) {
    (void)core->broadcast(data, Opcode::text,
                          [&](Connection& other) { return &other != &connection; });
    if (data == "leave") (void)connection.close();
  };
  ServerOptions options;
  options.max_queued_bytes = 2000;
  start(options);
  Crowd crowd([this] { return connect(); });
  for (int step = 0; !crowd.has_come() || step % 1000 != 0; ++step) {
    crowd.step();
    if (step % 64 == 0) advance(0.5);
  }
  advance(1);
  core->stop(true);
  crowd.leave();
  advance(60);
  EXPECT_EQ(count(events, "open") + count(events, "fail"), count(events, "release"));
  EXPECT_EQ(count(events, "open"), count(events, "close"));
  EXPECT_GT(count(events, "open"), 800);
  EXPECT_GT(count(events, "fail"), 10);
  EXPECT_EQ(core->info().queued_bytes, 0u);
  EXPECT_EQ(core->group().gate().total(), 0u);
  EXPECT_TRUE(connections.empty());
}

TEST_P(LifecycleTest, AThousandServersOnOnePortWithOpenClients) {
  std::vector<std::unique_ptr<ServerCore>> stopped;
  std::vector<std::unique_ptr<transport::MemoryPeer>> peers;
  for (int i = 0; i < 1000; ++i) {
    start();
    peers.push_back(open());
    core->stop(true);
    stopped.push_back(std::move(core));
  }
  EXPECT_EQ(count(events, "open"), 1000);
  EXPECT_EQ(count(events, "close 1001"), 1000);
  EXPECT_EQ(count(events, "release"), 1000);
  advance(6);
  for (const auto& peer : peers) {
    EXPECT_EQ(words_of_answer(peer->take()), "close 1001");
    EXPECT_TRUE(peer->saw_end());
  }
}

INSTANTIATE_TEST_SUITE_P(Over, LifecycleTest, both_wires(), wire_name);

}  // namespace
}  // namespace simws::endpoint
