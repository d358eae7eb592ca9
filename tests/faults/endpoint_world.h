// A server on the network in memory, of which each allocation and each operation fails in turn.
#pragma once

#include "endpoint/both_wires_test.h"
#include "endpoint/server_core.h"
#include "endpoint/server_test_fixture.h"
#include "every_allocation.h"
#include "sparing_loop.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace simws::faults {
using endpoint::ServerCore;
using endpoint::TurnEnd;
using endpoint::test::client_close;
using endpoint::test::client_frame;
using endpoint::test::handshake;
using endpoint::test::server_frame;
using endpoint::test::text;
using endpoint::test::TlsMaterial;
using endpoint::test::TlsMemoryPeer;
using endpoint::test::Wire;
using protocol::FrameOpcode;
using transport::MemoryPeer;
using PeerPtr = std::unique_ptr<MemoryPeer>;

constexpr int port = endpoint::test::test_port;

// A masked frame with RSV1 set.
inline std::string compressed_frame(const std::string& payload, bool fin = true) {
  std::string frame = client_frame(FrameOpcode::text, payload, fin);
  frame[0] = static_cast<char>(frame[0] | 0x40);
  return frame;
}

inline ServerOptions small_options(Wire wire) {
  ServerOptions options;
  if (wire == Wire::tls) options.tls = TlsMaterial::of_all().files;
  options.max_queued_bytes = 300'000;
  options.max_total_queued_bytes = 600'000;
  options.max_pending_bytes = 1 << 20;
  options.compression = {.server_context_takeover = true, .client_context_takeover = true};
  options.logger = [](LogLevel, std::string_view) {};
  options.metrics = true;
  options.inspector = true;
  options.topics = {"a/#"};
  options.publishable = {"a/#"};
  options.trusted_proxies = {"127.0.0.0/8"};
  options.cors_origins = {"https://lab.example"};
  options.max_handshakes_per_second = 1000;
  options.max_connections_per_address = 1000;
  return options;
}

// An echo server with one client that nothing may happen to.
class World {
 public:
  explicit World(Wire wire)
      : wire_(wire),
        core_(std::make_unique<ServerCore>(turn_end_, small_options(wire), make_handlers())) {
    EXPECT_TRUE(core_->listen(port));
    healthy_ = open();
  }

  transport::MemoryLoop& loop() { return loop_.memory(); }
  ServerCore& core() { return *core_; }
  PeerPtr connect() {
    PeerPtr plain = loop().connect(port);
    if (wire_ == Wire::plain) return plain;
    return std::make_unique<TlsMemoryPeer>(loop(), *TlsMaterial::of_all().client, std::move(plain));
  }
  PeerPtr open() {
    PeerPtr peer = connect();
    peer->send(handshake());
    peer->take();
    return peer;
  }
  void advance(int seconds) { loop().advance(std::chrono::seconds(seconds)); }
  MemoryPeer& healthy() { return *healthy_; }
  Connection* newest() const { return newest_; }
  bool is_there(Connection* connection) const { return there_.contains(connection); }

  // It's part of what fails; at most one ends, so others needn't be looked at.
  bool may_lose_healthy = failing_for == Outage::rest_of_call;

  // Attempts at WebSocket wait for a decision; the latest of them.
  bool decides_later = false;
  Connection* undecided = nullptr;

  // What the message handler does, in place of an echo.
  std::function<void(Connection&, std::string_view)> on_message;

  void expect_health() {
    on_message = nullptr;
    decides_later = false;
    loop().run_until_idle();
    if (may_lose_healthy && (healthy_->saw_end() || healthy_->saw_reset())) healthy_ = open();
    healthy_->take();
    healthy_->send(text("well?"));
    loop().run_until_idle();
    EXPECT_EQ(healthy_->take(), server_frame(FrameOpcode::text, "well?"));
  }

  void expect_clean_end() {
    core_->stop(true);
    advance(10);
    bool is_finished = false;
    core_->on_finished([&] { is_finished = true; });
    EXPECT_TRUE(is_finished);
    EXPECT_EQ(core_->group().gate().total(), 0U);
    EXPECT_EQ(core_->group().output_budget()->used(), 0U);
    for (const auto& [connection, states] : told_)
      EXPECT_TRUE(states == "" || states == "oc") << states;
  }

 private:
  ServerHandlers make_handlers() {
    ServerHandlers handlers;
    handlers.open = [this](Connection& connection) { note(connection, 'o'); };
    handlers.close = [this](Connection& connection) { note(connection, 'c'); };

    handlers.message = [this](Connection& connection, std::string_view data, Opcode opcode) {
      if (on_message && &connection != first_) return on_message(connection, data);
      (void)connection.send(data, opcode);
    };
    handlers.http = [](Connection& connection, const HttpRequest& request) {
      (void)connection.respond({200, std::string(request.body), {{"X-Of", "a test"}}});
    };
    handlers.upgrade = [this](Connection& connection, const HttpRequest&) {
      if (decides_later) {
        undecided = &connection;
      } else {
        (void)connection.admit();
      }
    };
    handlers.release = [this](Connection& connection) {
      const Spared spared;
      if (undecided == &connection) undecided = nullptr;
      if (told_.contains(&connection) && told_[&connection] == "oc") told_.erase(&connection);
      if (newest_ == &connection) newest_ = nullptr;
      there_.erase(&connection);
    };
    return handlers;
  }

  void note(Connection& connection, char state) {
    const Spared spared;
    told_[&connection] += state;
    if (state == 'o') newest_ = &connection;
    there_.insert(&connection);
    if (!first_) first_ = &connection;
  }

  const Wire wire_;
  SparingLoop loop_;
  TurnEnd turn_end_{loop_};
  std::map<Connection*, std::string> told_;
  std::set<Connection*> there_;  // not released
  Connection* newest_ = nullptr;
  Connection* first_ = nullptr;
  std::unique_ptr<ServerCore> core_;
  PeerPtr healthy_;
};

using Scenario = std::function<void(World&)>;

class OutOfMemory : public testing::TestWithParam<Wire> {
 protected:
  void survive(const Scenario& scenario) {
    const auto run = [&] {
      World world(GetParam());
      world.loop().run_until_idle();
      begin_failing();
      scenario(world);
      world.loop().run_until_idle();
      end_failing();
      world.expect_health();
      world.expect_clean_end();
    };
    fail_every_allocation(run);
    fail_every_operation([&](std::size_t failing) {
      World world(GetParam());
      world.loop().run_until_idle();
      const std::size_t before = world.loop().operations();
      world.loop().fail_operation(failing);
      scenario(world);
      world.loop().run_until_idle();
      const std::size_t count = world.loop().operations() - before;
      world.loop().fail_operation(0);
      world.expect_health();
      world.expect_clean_end();
      return count;
    });
  }
};

}  // namespace simws::faults
