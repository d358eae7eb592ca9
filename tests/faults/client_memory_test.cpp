// A client goes on whichever allocation fails: each attempt is told as open and close, or as a
// failure, it tries again, and nothing is lost for good.
#include "endpoint/client_test_fixture.h"
#include "every_allocation.h"
#include "sparing_loop.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simws::faults {
namespace {

using namespace endpoint;
using endpoint::test::Visit;
using protocol::FrameOpcode;

constexpr std::uint16_t port = endpoint::test::test_port;

// A client that tries again and again, and a server that nothing happens to.
class World {
 public:
  World() {
    const Spared spared;
    listener_ = loop_.memory()
                    .listen("127.0.0.1", port,
                            [this](auto stream) {
                              const Spared spared_too;
                              visits_.push_back(std::make_unique<Visit>(std::move(stream)));
                            })
                    .value();
    loop_.memory().set_name("robot", std::vector{endpoint::test::at_port(port)});
  }

  // False: whoever connects is told.
  bool connect() {
    ClientOptions options;
    options.logger = [](LogLevel, std::string_view) {};
    options.reconnect = Reconnect{Seconds(1), Seconds(1), 1, 0, 0};
    options.keep_queue = true;
    options.subprotocols = {"robots"};
    Destination destination;
    {
      const Spared spared;
      destination.uri = protocol::parse_uri("ws://robot:9000/arm").value();
    }
    try {
      const Armed armed;
      core_ = std::make_unique<ClientCore>(parts_, std::move(destination), std::move(options),
                                           make_handlers());
      core_->start();
      return true;
    } catch (const std::bad_alloc&) {
      core_.reset();
      return false;
    }
  }
  void advance(double seconds) {
    loop_.memory().advance(std::chrono::duration_cast<Duration>(Seconds(seconds)));
    loop_.memory().run_until_idle();
  }
  // The server's side of a whole conversation, as far as it comes.
  void serve(std::string_view more) {
    if (!is_asked()) return;
    visits_.back()->accept("Sec-WebSocket-Protocol: robots\r\n");
    loop_.memory().run_until_idle();
    visits_.back()->send(more);
    loop_.memory().run_until_idle();
    visits_.back()->take();
  }
  void refuse() {
    if (!is_asked()) return;
    visits_.back()->take();
    visits_.back()->send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    loop_.memory().run_until_idle();
  }
  bool send(std::string_view data) {
    const Armed armed;
    try {
      const auto sent = core_->send(data, Opcode::text);
      return sent && *sent;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  ClientCore& core() { return *core_; }

  // It comes back, and talks.
  void expect_health() {
    for (int i = 0; i < 30 && core_->info().state != ClientState::open; ++i) {
      advance(1);
      serve("");
    }
    ASSERT_EQ(core_->info().state, ClientState::open);
    ASSERT_TRUE(send("well?"));
    loop_.memory().run_until_idle();
    EXPECT_GE(visits_.back()->take().size(), 5 + 6U);
  }
  void expect_clean_end() {
    core_->stop(true);
    advance(60);
    bool is_finished = false;
    core_->on_finished([&] { is_finished = true; });
    EXPECT_TRUE(is_finished);
    EXPECT_EQ(core_->group().gate().total(), 0U);
    EXPECT_EQ(core_->group().output_budget()->used(), 0U);
    EXPECT_EQ(opened_, closed_);
    core_.reset();
  }

 private:
  // A request has come that isn't answered.
  bool is_asked() {
    loop_.memory().run_until_idle();
    return !visits_.empty() && !visits_.back()->field("Sec-WebSocket-Key").empty();
  }
  std::shared_ptr<const ClientHandlers> make_handlers() {
    ClientHandlers handlers;
    handlers.open = [this](Connection&) { ++opened_; };
    handlers.close = [this](Connection&) { ++closed_; };
    handlers.message = [](Connection& connection, std::string_view data, Opcode opcode) {
      (void)connection.send(data, opcode);
    };
    return std::make_shared<const ClientHandlers>(std::move(handlers));
  }

  SparingLoop loop_;
  TurnEnd turn_end_{loop_};
  protocol::test::CountingRandom random_;
  ClientParts parts_{turn_end_, random_};
  std::unique_ptr<transport::Listener> listener_;
  std::vector<std::unique_ptr<Visit>> visits_;
  std::unique_ptr<ClientCore> core_;
  int opened_ = 0;
  int closed_ = 0;
};

void fail_each(const std::function<void(World&)>& scenario) {
  fail_every_allocation([&] {
    World world;
    begin_failing();
    if (!world.connect()) return end_failing();
    scenario(world);
    end_failing();
    world.expect_health();
    world.expect_clean_end();
  });
}

TEST(OutOfMemoryInAClient, ConnectingAndTalking) {
  fail_each([](World& world) {
    world.serve(endpoint::test::server_frame(FrameOpcode::text, "hello") +
                endpoint::test::server_frame(FrameOpcode::ping, "there?"));
    world.send(std::string(1000, 'x'));
    world.advance(0.1);
  });
}

TEST(OutOfMemoryInAClient, BeingLostAndComingBack) {
  fail_each([](World& world) {
    world.send("kept");
    world.serve(endpoint::test::close_frame(1001));
    world.send("kept too");
    world.advance(1.1);
    world.serve("");
  });
}

TEST(OutOfMemoryInAClient, BeingRefused) {
  fail_each([](World& world) {
    world.refuse();
    world.advance(1.1);
    world.refuse();
  });
}

}  // namespace
}  // namespace simws::faults
