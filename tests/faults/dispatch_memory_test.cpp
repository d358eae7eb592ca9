// A script goes on whichever allocation fails, on its own thread or the network's: what it asked
// for is done or it's told that it isn't, and each connection it has heard of ends once.
#include "dispatch/dispatcher.h"
#include "endpoint/server_test_fixture.h"
#include "endpoint/stepped_test_loop.h"
#include "every_allocation.h"
#include "sparing_loop.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::faults {
namespace {

using dispatch::ConnectionId;
using dispatch::Event;
using dispatch::EventKind;
using endpoint::test::client_close;
using endpoint::test::client_frame;
using endpoint::test::handshake;
using endpoint::test::server_frame;
using endpoint::test::SteppedLoop;
using endpoint::test::text;
using protocol::FrameOpcode;
using transport::MemoryPeer;
using PeerPtr = std::unique_ptr<MemoryPeer>;

constexpr int port = endpoint::test::test_port;
constexpr Seconds endless{1e6};

ServerOptions small_options() {
  ServerOptions options;
  options.max_queued_bytes = 300'000;
  options.max_total_queued_bytes = 600'000;
  options.max_pending_bytes = 1 << 20;
  options.logger = [](LogLevel, std::string_view) {};
  return options;
}

std::unique_ptr<SteppedLoop> make_loop() {
  auto made = std::make_unique<SparingLoop>();
  transport::MemoryLoop& memory = made->memory();
  return std::make_unique<SteppedLoop>(std::move(made), memory);
}

enum class Drive { network_thread, own_thread };

// A script that echoes, with one client that nothing may happen to.
class World final : private dispatch::EventHandler {
 public:
  explicit World(Drive drive) : drive_(drive) {
    if (drive == Drive::network_thread) (void)network_.drive_by_thread();
    server_ = *dispatcher_.start(port, small_options());
    healthy_ = open();
  }

  transport::MemoryLoop& loop() { return loop_; }
  dispatch::Dispatcher& script() { return dispatcher_; }
  dispatch::EndpointId server() const { return server_; }
  MemoryPeer& healthy() { return *healthy_; }
  ConnectionId newest() const { return newest_; }
  // What the script does in events, but for those of the first client.
  std::function<void(const Event&)> on_event_of_others;
  // It's part of what fails; at most one ends, so others needn't be looked at.
  bool may_lose_healthy = failing_for == Outage::rest_of_call;

  // Something of the clients, which the loop hears of in a turn of the network's.
  void let(const std::function<void()>& happen) {
    loop_.post([&] { happen(); });
    pass();
  }
  // What the script asks: it may be told that there's no memory.
  void ask(const std::function<void()>& asked) {
    try {
      const Armed armed;
      asked();
    } catch (const std::bad_alloc&) {
      // It is told.
    }
  }
  void pass() {
    for (int i = 0; i < 3; ++i) {
      if (drive_ == Drive::network_thread) loop_.run_until_idle();
      ask([&] {
        (void)(drive_ == Drive::network_thread ? dispatcher_.deliver(endless)
                                               : dispatcher_.serve(Seconds{0}));
      });
    }
    loop_.run_until_idle();
  }
  PeerPtr connect() { return loop_.connect(port); }
  PeerPtr open() {
    PeerPtr peer = connect();
    let([&] { peer->send(handshake()); });
    peer->take();
    return peer;
  }
  void advance(int seconds) { loop_.advance(std::chrono::seconds(seconds)); }

  void expect_health() {
    on_event_of_others = nullptr;
    pass();
    if (may_lose_healthy && (healthy_->saw_end() || healthy_->saw_reset())) healthy_ = open();
    healthy_->take();
    let([&] { healthy_->send(text("well?")); });
    EXPECT_EQ(healthy_->take(), server_frame(FrameOpcode::text, "well?"));
  }

  void expect_clean_end() {
    advance(20);
    pass();
    healthy_->reset();
    pass();
    EXPECT_EQ(dispatcher_.server_info(server_)->queued_bytes, 0U);
    EXPECT_EQ(dispatcher_.server_info(server_)->connections,
              dispatcher_.connections(server_)->size());
    EXPECT_TRUE(dispatcher_.stop(server_));
    advance(10);
    EXPECT_FALSE(inside_.is_lingering());
    expect_told();
  }
  const std::string& client_told() const { return client_told_; }
  void expect_told() const {
    for (const auto& [id, told] : told_)
      EXPECT_TRUE(told == "oc" || told == "f" || told == "h") << told;
  }

 private:
  void on_event(const Event& event) override {
    if (dispatch::is_client(event.endpoint)) return note_of_client(event);
    note(event);
    const Spared spared;
    if (on_event_of_others && event.connection != 1) {
      const Armed armed;
      return on_event_of_others(event);
    }
    const Armed armed;
    if (event.kind == EventKind::message) {
      (void)dispatcher_.send(event.endpoint, event.connection, event.data, event.opcode);
    }
    if (event.kind == EventKind::http) {
      (void)dispatcher_.respond(event.endpoint, event.connection,
                                {200, std::string(event.data), {}});
    }
  }

  void note_of_client(const Event& event) {
    const Spared spared;
    const bool is_first = event.kind == EventKind::open || event.kind == EventKind::fail;
    EXPECT_EQ(client_told_.empty(), is_first);
    client_told_ += dispatch::event_name(event.kind).front();
  }

  void note(const Event& event) {
    const Spared spared;
    std::string& told = told_[event.connection];
    switch (event.kind) {
      case EventKind::open:
        newest_ = event.connection;
        told = "o";
        break;
      case EventKind::close:
        told += "c";
        break;
      case EventKind::fail:
        told = "f";
        break;
      case EventKind::http:
      case EventKind::upgrade:
        told = "h";
        break;
      case EventKind::message:
      case EventKind::drop:
        EXPECT_EQ(told, "o");
        break;
    }
  }

  const Drive drive_;
  std::unique_ptr<SteppedLoop> made_ = make_loop();
  SteppedLoop& inside_ = *made_;
  transport::MemoryLoop& loop_ = inside_.memory();
  std::map<ConnectionId, std::string> told_;
  std::string client_told_;  // the first letters of its events
  ConnectionId newest_ = 0;
  dispatch::Network network_{std::make_unique<EventLoop>(std::move(made_))};
  dispatch::Dispatcher dispatcher_{network_, *this};
  dispatch::EndpointId server_ = 0;
  PeerPtr healthy_;
};

class ScriptOutOfMemory : public testing::TestWithParam<Drive> {
 protected:
  static void survive(const std::function<void(World&)>& scenario) {
    fail_every_allocation([&] {
      World world(GetParam());
      begin_failing();
      scenario(world);
      world.pass();
      end_failing();
      world.expect_health();
      world.expect_clean_end();
    });
    fail_every_operation([&](std::size_t failing) {
      World world(GetParam());
      const std::size_t before = world.loop().operations();
      world.loop().fail_operation(failing);
      scenario(world);
      world.pass();
      const std::size_t count = world.loop().operations() - before;
      world.loop().fail_operation(0);
      world.expect_health();
      world.expect_clean_end();
      return count;
    });
  }
};

TEST_P(ScriptOutOfMemory, InAHandshake) {
  survive([](World& world) {
    const PeerPtr peer = world.open(), evil = world.connect();
    world.let([&] { evil->send(handshake("Origin: http://evil.example\r\n")); });
  });
}

TEST_P(ScriptOutOfMemory, InEchoes) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    world.let([&] { peer->send(text("small") + text(std::string(3000, 'm'))); });
    world.let([&] { peer->send(text(std::string(70'000, 'l'))); });
    world.let([&] {
      std::string many;
      for (int i = 0; i < 150; ++i) many += text("many");
      peer->send(many);
    });
    world.let([&] { peer->send(client_close(1000, "bye")); });
  });
}

TEST_P(ScriptOutOfMemory, InHttp) {
  survive([](World& world) {
    const PeerPtr peer = world.connect(), other = world.connect();
    world.let([&] {
      peer->send("POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n" +
                 std::string(5000, 'b'));
    });
    ConnectionId deferred = 0;
    world.on_event_of_others = [&](const Event& event) {
      if (event.kind != EventKind::http) return;
      if (world.script().defer(event.endpoint, event.connection)) deferred = event.connection;
    };
    world.let([&] { other->send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n"); });
    world.ask([&] {
      (void)world.script().respond(world.server(), deferred, {200, std::string(5000, 'a'), {}});
    });
  });
}

TEST_P(ScriptOutOfMemory, InADecision) {
  survive([](World& world) {
    const PeerPtr one = world.connect(), two = world.connect(), three = world.connect();
    world.ask([&] { (void)world.script().set_deciding(world.server(), true); });
    world.let([&] { one->send(handshake()); });
    ConnectionId deferred = 0;
    world.on_event_of_others = [&](const Event& event) {
      if (event.kind != EventKind::upgrade) return;
      if (world.script().defer(event.endpoint, event.connection)) deferred = event.connection;
    };
    world.let([&] { two->send(handshake()); });
    world.ask([&] { (void)world.script().admit(world.server(), deferred, {{"X-Robot", "R2"}}); });
    world.let([&] { three->send(handshake()); });
    world.ask([&] {
      (void)world.script().respond(world.server(), deferred, {403, std::string(500, 'n'), {}});
    });
    world.pass();
  });
}

TEST_P(ScriptOutOfMemory, InTopics) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    const PeerPtr peer = world.open();
    const ConnectionId id = world.newest();
    const std::string data(90'000, 'x');
    for (const TopicPolicy policy : {TopicPolicy::all, TopicPolicy::latest, TopicPolicy::resync}) {
      const SubscriptionOptions options{policy, 100, {}, {}, {}};
      world.ask([&] { (void)world.script().set_topic(world.server(), "a", {options, {}, {}}); });
      world.ask([&] { (void)world.script().subscribe(world.server(), id, "a/#", options); });
      for (const char* key : {"x", "y"}) {
        world.ask([&] {
          (void)world.script().publish(world.server(), "a", "some state", Opcode::text,
                                       {key, true, true});
        });
      }
      world.ask(
          [&] { (void)world.script().publish(world.server(), "a/b", data, Opcode::text, {}); });
      world.pass();
    }
    world.ask([&] { (void)world.script().topics(world.server()); });
    world.ask([&] { (void)world.script().unsubscribe(world.server(), id, "a/#"); });
    world.pass();
  });
}

TEST_P(ScriptOutOfMemory, InABroadcast) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    const PeerPtr peer = world.open();
    for (const std::size_t size : {std::size_t{5}, std::size_t{90'000}}) {
      const std::string data(size, 'x');
      world.ask([&] { (void)world.script().broadcast(world.server(), data, Opcode::text); });
    }
    world.pass();
    const bool both_ended = peer->saw_reset() && world.healthy().saw_reset();
    EXPECT_FALSE(failing_for == Outage::once && both_ended);
  });
}

TEST_P(ScriptOutOfMemory, InACloseOfTheScript) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    const ConnectionId id = world.newest();
    if (id == 1) return;
    world.ask(
        [&] { (void)world.script().send(world.server(), id, "a", Opcode::text, {.fin = false}); });
    world.ask([&] { (void)world.script().send(world.server(), id, "b", Opcode::continuation); });
    world.ask([&] { (void)world.script().close(world.server(), id, CloseCode::normal, "bye"); });
    world.ask([&] { (void)world.script().connections(world.server()); });
    world.ask([&] { (void)world.script().connection_info(world.server(), id); });
    world.ask([&] { (void)world.script().server_info(world.server()); });
    world.pass();
    world.let([&] { peer->finish(); });
  });
}

TEST_P(ScriptOutOfMemory, InAnOverflow) {
  survive([](World& world) {
    const PeerPtr peer = world.open(), other = world.open();
    if (world.newest() != 3) return;
    peer->set_window(10);
    other->set_window(10);
    const std::string data(140'000, 'o');
    for (int i = 0; i < 3; ++i) {
      for (const ConnectionId id : {ConnectionId{2}, ConnectionId{3}}) {
        world.ask([&] { (void)world.script().send(world.server(), id, data, Opcode::binary); });
      }
    }
    world.pass();
    peer->take();
    world.let([&] {
      peer->reset();
      other->reset();
    });
  });
}

TEST_P(ScriptOutOfMemory, InAStop) {
  fail_every_allocation([] {
    World world(GetParam());
    const PeerPtr peer = world.open(), asks = world.connect(), half = world.connect();
    world.on_event_of_others = [&](const Event& event) {
      (void)world.script().defer(event.endpoint, event.connection);
    };
    world.let([&] {
      asks->send("GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
      half->send("GET / HT");
    });
    peer->send(text("not delivered"));
    begin_failing();
    bool stopped = false;
    world.ask([&] { stopped = world.script().stop(world.server()).ok(); });
    end_failing();
    if (!stopped) {
      EXPECT_TRUE(world.script().stop(world.server()));
    }
    world.advance(10);
    world.expect_told();
  });
}

TEST(NetworkOutOfMemory, ItsThreadIsThereOrItSaysThatItIsNot) {
  fail_every_allocation([] {
    dispatch::Network network;
    begin_failing();
    const bool driven = network.drive_by_thread().ok();
    end_failing();
    EXPECT_EQ(network.driver() == dispatch::Driver::thread, driven);
    EXPECT_TRUE(network.drive_by_thread());
  });
}

// The dispatcher and the network go without a stop before.
TEST_P(ScriptOutOfMemory, InItsEnd) {
  fail_every_allocation([] {
    auto world = std::make_unique<World>(GetParam());
    const PeerPtr peer = world->open();
    world->let([&] { peer->send(text("not delivered")); });
    peer->finish();
    begin_failing();
    {
      const Armed armed;
      world.reset();
    }
    end_failing();
  });
}

TEST_P(ScriptOutOfMemory, InAStart) {
  survive([](World& world) {
    world.ask([&] {
      ServerOptions options;
      const Spared spared;
      options = small_options();
      const Armed armed;
      const auto started = world.script().start(port + 1, options);
      if (started) (void)world.script().stop(*started);
    });
  });
}

TEST_P(ScriptOutOfMemory, InAClient) {
  survive([](World& world) {
    dispatch::EndpointId client = 0;
    world.ask([&] {
      ClientOptions options;
      options.logger = [](LogLevel, std::string_view) {};
      options.proxy.emplace();
      options.keep_queue = true;
      const auto connected = world.script().connect("ws://127.0.0.1:9000/", std::move(options));
      if (connected) client = *connected;
    });
    if (client == 0) return;
    world.ask([&] { (void)world.script().send_by_client(client, "kept", Opcode::text); });
    world.pass();
    world.ask([&] { (void)world.script().send_by_client(client, "sent", Opcode::text); });
    world.pass();
    bool is_stopped = false;
    world.ask([&] { is_stopped = world.script().stop(client).ok(); });
    const Spared spared;
    EXPECT_TRUE(is_stopped || world.script().stop(client));
    const std::string& told = world.client_told();
    const bool is_open = told.starts_with('o');
    EXPECT_TRUE(told.empty() || told == "f" || (is_open && told.ends_with('c'))) << told;
  });
}

INSTANTIATE_TEST_SUITE_P(Drives, ScriptOutOfMemory,
                         testing::Values(Drive::network_thread, Drive::own_thread),
                         [](const auto& tested) {
                           return tested.param == Drive::network_thread ? "network_thread"
                                                                        : "own_thread";
                         });

}  // namespace
}  // namespace simws::faults
