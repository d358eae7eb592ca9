// A server goes on whichever allocation fails, in plain and over TLS: at most one connection ends
// by it, what was opened is closed exactly once, others are served, and nothing is lost for good.
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
namespace {

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
std::string compressed_frame(const std::string& payload, bool fin = true) {
  std::string frame = client_frame(FrameOpcode::text, payload, fin);
  frame[0] = static_cast<char>(frame[0] | 0x40);
  return frame;
}

ServerOptions small_options(Wire wire) {
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

const char* const large = [] {
  static const std::string text(100'000, 'l');
  return text.data();
}();

void send_armed(Connection& connection, std::size_t size) {
  const std::string data(size, 'o');
  const Armed armed;
  (void)connection.send(data, Opcode::binary);
}

TEST_P(OutOfMemory, InAHandshake) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    peer->send(handshake().substr(0, 30));
    peer->send(handshake().substr(30));
  });
}

TEST_P(OutOfMemory, InARefusedHandshake) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    peer->send(handshake("Origin: http://evil.example\r\n"));
  });
}

TEST_P(OutOfMemory, InADecision) {
  survive([](World& world) {
    world.decides_later = true;
    const PeerPtr one = world.connect(), two = world.connect(), three = world.connect();
    one->send(handshake("X-Forwarded-For: 203.0.113.9\r\n") + text("early"));
    HeaderList headers = {{"X-Robot", "R2"}};
    HttpResponse refusal{404, std::string(100, 'n'), headers};
    if (world.undecided) {
      const Armed armed;
      (void)world.undecided->admit(std::move(headers));
    }
    world.loop().run_until_idle();
    two->send(handshake());
    if (world.undecided) {
      const Armed armed;
      (void)world.undecided->respond(std::move(refusal));
    }
    world.loop().run_until_idle();
    three->send(handshake());
    three->reset();
  });
}

TEST_P(OutOfMemory, WhileFiguresAreTold) {
  survive([](World& world) {
    for (int i = 0; i < 101; ++i) {
      (void)world.core().publish("t" + std::to_string(i), "x", Opcode::text, {});
    }
    const PeerPtr peer = world.connect();
    peer->send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    world.loop().run_until_idle();
    (void)world.core().publish("t3", "x", Opcode::text, {});
    peer->send(
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: "
        "application/openmetrics-text\r\n\r\n");
  });
}

TEST_P(OutOfMemory, BehindAProxyAndForPagesOfOthers) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    const std::string end =
        " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://lab.example\r\nX-Forwarded-For: ";
    peer->send("OPTIONS /" + end + "203.0.113.9\r\nAccess-Control-Request-Method: PUT\r\n\r\n");
    peer->send("GET /page" + end + "203.0.113.8, 127.0.0.9\r\nX-Forwarded-Proto: https\r\n\r\n");
    peer->send("GET /next" + end + "[2001:db8::1]:80\r\n\r\n");
  });
}

TEST_P(OutOfMemory, InEchoes) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    peer->send(text("small") + text(std::string(3000, 'm')));
    peer->send(text(std::string(70'000, 'l')));
    const std::string big = text(std::string(200'000, 'b'));
    for (std::size_t at = 0; at < big.size(); at += 65'536) peer->send(big.substr(at, 65'536));
    peer->send(client_frame(FrameOpcode::text, "be", false) +
               client_frame(FrameOpcode::ping, "between") +
               client_frame(FrameOpcode::continuation, "gun"));
  });
}

TEST_P(OutOfMemory, InEchoesThatWait) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    peer->set_window(100);
    peer->send(text("small") + text(std::string(3000, 'm')));
    peer->send(client_frame(FrameOpcode::ping, "one") + client_frame(FrameOpcode::ping, "two"));
    peer->send(text(std::string(30'000, 'l')));
    while (!peer->take().empty()) world.loop().run_until_idle();
  });
}

// Small messages at once, a large one in portions; both ways.
TEST_P(OutOfMemory, InCompressedEchoes) {
  for (const bool takes_over : {false, true}) {
    const std::string no_context =
        takes_over ? "" : "; server_no_context_takeover; client_no_context_takeover";
    survive([&](World& world) {
      const PeerPtr peer = world.connect();
      peer->send(handshake("Sec-WebSocket-Extensions: permessage-deflate" + no_context + "\r\n"));
      peer->take();
      // "Hello", fragmented too, and plain messages that are echoed compressed.
      const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07" + std::string(1, '\0');
      peer->send(compressed_frame(hello));
      peer->send(compressed_frame(hello.substr(0, 3), false) +
                 client_frame(FrameOpcode::continuation, hello.substr(3)));
      peer->send(text(std::string(3000, 'm')));
      const std::string big = text(std::string(150'000, 'b'));
      for (std::size_t at = 0; at < big.size(); at += 65'536) peer->send(big.substr(at, 65'536));
      peer->send(client_frame(FrameOpcode::ping, "between"));
      peer->send(text(std::string(3000, 'm')));
    });
  }
}

TEST_P(OutOfMemory, InHttp) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    peer->send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
    peer->send(
        "POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\nExpect: "
        "100-continue\r\n\r\n");
    peer->send(std::string(50'000, 'b'));
    peer->send(std::string(40'000, 'b') + "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n" +
               "BAD\r\n\r\n");
  });
}

TEST_P(OutOfMemory, InTopics) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    const PeerPtr peer = world.open();
    const PeerPtr page = world.connect();
    page->send(handshake("Sec-WebSocket-Protocol: simws.topics.1\r\n"));
    page->send(text("[\"subscribe\",\"a/#\",{\"policy\":\"latest\"}]"));
    page->send(text("[\"publish\",\"a\"]\nhello"));
    const SubscriptionOptions options[] = {{TopicPolicy::all, {}, {}, {}, {}},
                                           {TopicPolicy::latest, {}, 10.0, {}, {}},
                                           {TopicPolicy::resync, 100, {}, {}, {}}};
    for (const SubscriptionOptions& each : options) {
      Connection* const newest = world.newest();
      if (!newest) break;
      const Armed armed;
      (void)world.core().set_topic("a/b", {each, {}, {}});
      (void)world.core().subscribe(*newest, "a/b", each);
      for (const char* key : {"x", "y", "x"}) {
        (void)world.core().publish("a/b", "some state", Opcode::text, {key, true, true});
      }
      (void)world.core().publish("a/b", std::string_view(large, 90'000), Opcode::text, {});
    }
    world.loop().run_until_idle();
    world.advance(1);
    if (Connection* const newest = world.newest()) {
      (void)world.core().unsubscribe(*newest, "a/b");
    }
  });
}

// What it tells is the same over TLS, where each run has hundreds of allocations more.
class OutOfMemoryInPlain : public OutOfMemory {};

TEST_P(OutOfMemoryInPlain, WhileTheInspectorWatches) {
  survive([](World& world) {
    const PeerPtr page = world.connect();
    page->send(handshake("Origin: http://localhost\r\nSec-WebSocket-Protocol: simws.topics.1\r\n",
                         "/_simws/live"));
    page->send(text("[\"subscribe\",\"#\",{\"policy\":\"latest\"}]"));
    page->send(text("[\"publish\",\"do/1/begin\"]\n"));
    const PeerPtr peer = world.open();
    (void)world.core().publish("a/b", "published", Opcode::text, {});
    world.advance(1);
    peer->send(text("watched"));
    world.advance(1);
    page->send(text("[\"publish\",\"do/2/send/2\"]\nfrom the page"));
    page->send(text("[\"publish\",\"do/3/close/2\"]\n1000"));
    world.loop().run_until_idle();
    peer->send(client_close(1000));
    world.loop().run_until_idle();
    peer->take();
    page->take();
  });
}

INSTANTIATE_TEST_SUITE_P(Over, OutOfMemoryInPlain, testing::Values(Wire::plain),
                         [](const auto&) { return std::string("plain"); });

TEST_P(OutOfMemory, InABroadcast) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    const PeerPtr peer = world.open();
    for (const std::size_t size : {std::size_t{5}, std::size_t{90'000}}) {
      const std::string data(size, 'x');
      const Armed armed;
      (void)world.core().broadcast(data, Opcode::text, {});
    }
    world.loop().run_until_idle();
    const bool both_ended = peer->saw_reset() && world.healthy().saw_reset();
    EXPECT_FALSE(failing_for == Outage::once && both_ended);
  });
}

TEST_P(OutOfMemory, InAClose) {
  survive([](World& world) {
    const PeerPtr one = world.open();
    one->send(client_close(1000, "bye"));
    const PeerPtr other = world.open();
    if (world.newest()) {
      const Armed armed;
      (void)world.newest()->send("last words");
      (void)world.newest()->close(CloseCode::normal, "bye");
    }
    world.loop().run_until_idle();
    other->send(client_close(1000));
    const PeerPtr third = world.open();
    third->send("\xFF\xFF");
    const PeerPtr lost = world.open();
    lost->reset();
    const PeerPtr ended = world.open();
    ended->finish();
  });
}

TEST_P(OutOfMemory, InAnOverflow) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    peer->set_window(10);
    Connection* const connection = world.newest();
    for (int i = 0; i < 5 && world.newest() == connection && connection; ++i) {
      send_armed(*connection, 80'000);
      if (i % 2 == 0) world.loop().run_until_idle();
    }
    world.loop().run_until_idle();
    peer->take();
  });
}

TEST_P(OutOfMemory, InAnOverflowOfTheServer) {
  survive([](World& world) {
    std::vector<PeerPtr> peers;
    for (int i = 0; i < 4; ++i) {
      peers.push_back(world.open());
      peers.back()->set_window(10);
      if (world.newest()) send_armed(*world.newest(), 200'000);
    }
    const PeerPtr asks = world.connect();
    asks->set_window(10);
    asks->send("POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n" +
               std::string(90'000, 'b'));
    world.loop().run_until_idle();
  });
}

TEST_P(OutOfMemory, InKeepAlive) {
  survive([](World& world) {
    const PeerPtr peer = world.open(), mute = world.open();
    mute->set_window(0);
    world.may_lose_healthy = true;
    world.advance(21);
    peer->send(peer->take().empty() ? "" : client_frame(FrameOpcode::pong, "no"));
    world.healthy().send(text("here"));
    world.advance(15);
    world.healthy().send(text("still here"));
    world.advance(10);
  });
}

TEST_P(OutOfMemory, InWhatIsPending) {
  survive([](World& world) {
    world.on_message = [](Connection& connection, std::string_view data) {
      connection.hold_pending(data.size());
    };
    world.may_lose_healthy = true;
    const PeerPtr one = world.open();
    Connection* const holder = world.newest();
    for (int i = 0; i < 4; ++i) one->send(text(std::string(90'000, 'a')));
    const PeerPtr two = world.open(), three = world.open();
    const std::string begun = text(std::string(900'000, 'b')).substr(0, 700'000);
    two->send(begun);
    three->send(begun);
    world.advance(6);
    world.healthy().send(text("here"));
    world.advance(6);
    if (world.is_there(holder)) holder->release_pending(90'000);
  });
}

TEST_P(OutOfMemory, InAStop) {
  const auto run = [] {
    World world(GetParam());
    PeerPtr waits = world.open(), asks = world.connect(), half = world.connect();
    waits->set_window(0);
    if (world.newest()) (void)world.newest()->send("waits");
    half->send("GET / HT");
    begin_failing();
    {
      const Armed armed;
      world.core().stop(true);
    }
    world.loop().run_until_idle();
    waits->take();
    world.advance(10);
    end_failing();
    world.expect_clean_end();
  };
  fail_every_allocation(run);
}

TEST_P(OutOfMemory, InAStart) {
  fail_every_allocation([] {
    SparingLoop loop;
    TurnEnd turn_end(loop);
    begin_failing();
    try {
      const Armed armed;
      ServerCore core(turn_end, small_options(GetParam()), {});
      (void)core.listen(port);
      core.stop(false);
    } catch (const std::bad_alloc&) {
      // Whoever starts a server is told.
    }
    loop.memory().run_until_idle();
    end_failing();
  });
}

INSTANTIATE_TEST_SUITE_P(Over, OutOfMemory, endpoint::test::both_wires(),
                         endpoint::test::wire_name);

}  // namespace
}  // namespace simws::faults
