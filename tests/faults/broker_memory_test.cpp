// A server with a broker goes on, whichever allocation or operation fails, and tells the broker all
// that is retained once it's there.
#include "endpoint/server_core.h"
#include "every_allocation.h"
#include "protocol/broker/helper_frames.h"
#include "protocol/broker/helper_words.h"
#include "sparing_loop.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace simws::faults {
namespace {

namespace word = protocol::helper_word;
using endpoint::ServerCore;
using PeerPtr = std::unique_ptr<transport::MemoryPeer>;

class World {
 public:
  World() : core_(std::make_unique<ServerCore>(turn_end_, options(), handlers())) {
    EXPECT_TRUE(core_->listen(9000));
  }
  ~World() {
    core_->stop(false);
    loop().run_until_idle();
    advance(60);
  }

  transport::MemoryLoop& loop() { return loop_.memory(); }
  ServerCore& core() { return *core_; }
  void advance(int seconds) { loop().advance(std::chrono::seconds(seconds)); }
  // The latest helper; null: none was started.
  transport::MemoryPeer* helper() {
    const Spared spared;
    while (PeerPtr next = loop().take_process()) helper_ = std::move(next);
    return helper_.get();
  }
  void say(const std::string& frame) {
    if (!helper()) return;
    helper_->send(frame);
    loop().run_until_idle();
  }
  void publish(std::string_view topic, std::string_view data, const PublishOptions& how = {}) {
    (void)core_->publish(topic, data, Opcode::text, how);
    loop().run_until_idle();
  }
  std::string heard() {
    if (!helper()) return {};
    const Spared spared;
    return helper_->take();
  }

 private:
  static ServerOptions options() {
    ServerOptions options;
    options.broker.emplace().url = "nats://b";
    options.broker->program = "/bin/simws-broker";
    options.name = "arm";
    options.publishable = {"#"};
    options.logger = [](LogLevel, std::string_view) {};
    return options;
  }
  static ServerHandlers handlers() {
    ServerHandlers handlers;
    handlers.remote_publication = [](const RemoteViewer&, std::string_view, std::string_view,
                                     Opcode) { return true; };
    return handlers;
  }

  SparingLoop loop_;
  endpoint::TurnEnd turn_end_{loop_};
  std::unique_ptr<ServerCore> core_;
  PeerPtr helper_;
};

void play(World& world) {
  const PublishOptions north{"north", true, true};
  world.publish("map", "wall", north);
  world.say(word::state(word::State::Kind::open, "b"));
  world.publish("pose", "1");
  world.publish("map", "door", north);
  world.publish("large", std::string(20000, 'x'));
  world.say(word::publish({"e", "v", 1}, "go", Opcode::text, 2) + "on");
  world.say(word::problem("some"));
  world.advance(2);
  (void)world.heard();
  world.say(word::state(word::State::Kind::connecting, "lost"));
  world.publish("pose", "2");
  world.advance(2);
}

// What had failed has been made good.
void expect_all_is_told(World& world) {
  world.publish("map", "gate", {"north", true, true});
  world.advance(40);
  ASSERT_TRUE(world.helper());
  (void)world.heard();
  world.say(word::state(word::State::Kind::open, "b"));
  const std::string heard = world.heard();
  EXPECT_NE(heard.find("[\"retained\",\"map\",\"north\",\"text\","), std::string::npos) << heard;
  EXPECT_NE(heard.find("gate"), std::string::npos) << heard;
}

TEST(OutOfMemoryWithABroker, IsSurvived) {
  fail_every_allocation([] {
    World world;
    (void)world.helper();
    begin_failing();
    play(world);
    end_failing();
    expect_all_is_told(world);
  });
}

TEST(OutOfMemoryWithABroker, IsSurvivedWhileItStops) {
  fail_every_allocation([] {
    World world;
    world.say(word::state(word::State::Kind::open, "b"));
    bool is_finished = false;
    world.core().on_finished([&] { is_finished = true; });
    begin_failing();
    world.publish("pose", "1");
    world.core().stop(true);
    world.advance(6);
    end_failing();
    EXPECT_TRUE(is_finished);
  });
}

TEST(FailedOperationsWithABroker, AreSurvived) {
  fail_every_operation([](std::size_t failing) {
    World world;
    world.loop().fail_operation(failing);
    const std::size_t before = world.loop().operations();
    play(world);
    const std::size_t count = world.loop().operations() - before;
    world.loop().fail_operation(0);
    expect_all_is_told(world);
    return count;
  });
}

}  // namespace
}  // namespace simws::faults
