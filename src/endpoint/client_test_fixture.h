// A client on the network in memory, the servers that it reaches as the test plays them, and its
// events as words.
#pragma once

#include "endpoint/client_core.h"
#include "endpoint/server_test_fixture.h"
#include "endpoint/test_visit.h"
#include "protocol/scripted_random_test.h"
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint::test {

constexpr transport::Address at_port(std::uint16_t port) {
  return {{127, 0, 0, 1}, port, false};
}

class ClientTest : public testing::Test {
 protected:
  ClientTest() { listen(test_port); }
  ~ClientTest() override {
    if (core) core->stop(false);
    loop->run_until_idle();
    core.reset();
    visits.clear();
  }

  void listen(std::uint16_t port) {
    auto listener = loop->listen("127.0.0.1", port, [this](auto stream) {
      visits.push_back(std::make_unique<Visit>(std::move(stream)));
    });
    listeners.push_back(std::move(listener).value());
  }

  void start(ClientOptions options = {}, std::string_view uri = "ws://127.0.0.1:9000/") {
    options.logger = [this](LogLevel, std::string_view line) { log.emplace_back(line); };
    Destination destination;
    destination.uri = protocol::parse_uri(uri).value();
    if (options.proxy) destination.proxy = protocol::parse_proxy(*options.proxy).value();
    core = std::make_unique<ClientCore>(*parts, std::move(destination), std::move(options),
                                        make_handlers());
    core->start();
    run();
  }
  void run() { loop->run_until_idle(); }
  void advance(double seconds) {
    loop->advance(std::chrono::duration_cast<Duration>(Seconds(seconds)));
    run();
  }
  // The newest connection that the server has.
  Visit& visit() { return *visits.back(); }
  // Opens it.
  void accept(std::string_view more = {}) {
    visit().accept(more);
    run();
  }
  void answer(std::string_view text) {
    visit().send(text);
    run();
  }
  Words take_events() { return std::exchange(events, {}); }
  static ClientOptions reconnecting(double initial = 1, double max = 8) {
    ClientOptions options;
    options.reconnect = Reconnect{Seconds(initial), Seconds(max), 2, 0, 0};
    return options;
  }
  ClientState state() const { return core->info().state; }

  // Declared first: it goes last.
  std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  std::unique_ptr<TurnEnd> turn_end = std::make_unique<TurnEnd>(*loop);
  std::vector<std::unique_ptr<transport::Listener>> listeners;
  protocol::test::CountingRandom random;
  std::unique_ptr<ClientParts> parts = std::make_unique<ClientParts>(*turn_end, random);
  std::vector<std::unique_ptr<Visit>> visits;
  std::unique_ptr<ClientCore> core;
  Words events;
  Words log;
  Connection* connection = nullptr;  // between open and release
  // What handlers do besides.
  std::function<void(Connection&)> on_open, on_fail, on_close;
  std::function<void(Connection&, std::string_view, Opcode)> on_message;

 private:
  std::shared_ptr<const ClientHandlers> make_handlers() {
    ClientHandlers handlers;
    handlers.open = [this](Connection& opened) {
      events.emplace_back("open");
      connection = &opened;
      if (on_open) on_open(opened);
    };
    handlers.fail = [this](Connection& failed) {
      const ConnectionInfo info = failed.info();
      EXPECT_EQ(info.state, ConnectionState::closed);
      events.push_back("fail: " + info.error);
      if (on_fail) on_fail(failed);
    };
    handlers.close = [this](Connection& closed) {
      const ConnectionInfo info = closed.info();
      EXPECT_EQ(info.state, ConnectionState::closed);
      events.push_back("close " + std::to_string(static_cast<int>(*info.close_code)) +
                       (info.clean ? " clean" : ""));
      if (on_close) on_close(closed);
    };
    handlers.message = [this](Connection& from, std::string_view data, Opcode opcode) {
      events.push_back((opcode == Opcode::text ? "text " : "binary ") + std::string(data));
      if (on_message) on_message(from, data, opcode);
    };
    handlers.release = [this](Connection& released) {
      events.emplace_back("release");
      if (connection == &released) connection = nullptr;
    };
    return std::make_shared<const ClientHandlers>(std::move(handlers));
  }
};

}  // namespace simws::endpoint::test
