#include "script/handlers.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <set>

namespace simws::script {
namespace {

using script::CallbackKind;

// Keeps functions as a language does, which may run the script's code meanwhile.
class KeepingEngine final : public Engine {
 public:
  Result<KeptFunction> keep(Function argument) override {
    if (meanwhile) meanwhile();
    kept.insert(argument.key);
    return KeptFunction{argument, 2};
  }
  void release(Function function) override { kept.erase(function.key); }
  std::optional<std::size_t> find(const Callback&) override { return std::nullopt; }
  Result<void> call(std::span<const Value>, std::span<Value>) override { return {}; }
  std::optional<std::string> named_parameter(std::string_view) override { return std::nullopt; }
  void begin_waiting(Api&) override {}
  bool is_interrupted() override { return false; }
  void end_waiting(bool) override {}

  std::function<void()> meanwhile;
  std::set<std::intptr_t> kept;
};

class HandlersTest : public testing::Test {
 protected:
  bool set(dispatch::EndpointId server, std::intptr_t function) {
    return *handlers.set(server, CallbackKind::open, Value{Function{function}});
  }

  KeepingEngine engine;
  Handlers handlers{engine};
};

TEST_F(HandlersTest, AreKeptUntilTheyAreReplacedOrTheirServerGoes) {
  handlers.add(1);
  EXPECT_TRUE(set(1, 7));
  EXPECT_EQ(handlers.find(1, CallbackKind::open)->function.key, 7);
  EXPECT_TRUE(set(1, 8));
  EXPECT_EQ(engine.kept, (std::set<std::intptr_t>{8}));
  EXPECT_FALSE(set(2, 9));
  handlers.remove(1);
  EXPECT_TRUE(engine.kept.empty());
  EXPECT_EQ(handlers.find(1, CallbackKind::open), nullptr);
}

TEST_F(HandlersTest, MayBeSetWhileServersComeAndGo) {
  handlers.add(1);
  handlers.add(2);
  engine.meanwhile = [this] {
    handlers.remove(1);
    for (dispatch::EndpointId id = 3; id < 100; ++id) handlers.add(id);
  };
  EXPECT_TRUE(set(2, 7));
  EXPECT_EQ(handlers.find(2, CallbackKind::open)->function.key, 7);
  engine.meanwhile = [this] { handlers.remove(2); };
  EXPECT_FALSE(set(2, 8)) << "it has gone meanwhile";
  EXPECT_TRUE(engine.kept.empty());
}

}  // namespace
}  // namespace simws::script
