// Lua's memory runs out at every place in turn: nothing crashes, nothing leaks, and the stack is as
// before.
#include "bindings/lua/lua_module.h"
#include "bindings/lua/silent_engine_test.h"
#include "script/api.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>

namespace simws::lua {
namespace {

using script::Callback;
using script::Value;

constexpr long plenty = std::numeric_limits<long>::max();

// Takes more memory as long as there are allocations left.
void* allocate(void* left, void* block, std::size_t old_size, std::size_t size) {
  if (size == 0) {
    std::free(block);
    return nullptr;
  }
  long& count = *static_cast<long*>(left);
  if (block && size <= old_size) return std::realloc(block, size);
  if (count <= 0) return nullptr;
  --count;
  return std::realloc(block, size);
}

class LuaMemory : public testing::Test {
 protected:
  LuaMemory() {
    luaL_openlibs(L);
    binding_ = push_module(L);
    *binding_ = {&api_, &engine_};
    lua_setglobal(L, "simWS");
  }
  ~LuaMemory() override { *binding_ = {}; }

  void define(const std::string& chunk) {
    ASSERT_EQ(luaL_dostring(L, chunk.c_str()), LUA_OK) << lua_tostring(L, -1);
  }

  // Calls `attempt` with one allocation more each time until it returns true.
  template <typename Attempt>
  void with_ever_more_memory(Attempt attempt) {
    const int top = lua_gettop(L);
    bool has_succeeded = false;
    for (long count = 0; count < 1000 && !has_succeeded; ++count) {
      lua_gc(L, LUA_GCCOLLECT);
      left_ = count;
      has_succeeded = attempt();
      left_ = plenty;
      ASSERT_EQ(lua_gettop(L), top) << count;
    }
    EXPECT_TRUE(has_succeeded);
  }

  long left_ = plenty;
  dispatch::Network network_;
  std::unique_ptr<lua_State, decltype(&lua_close)> state_{lua_newstate(allocate, &left_),
                                                          &lua_close};
  lua_State* const L = state_.get();
  SilentEngine engine_{L};
  script::Api api_{network_, engine_, {[](LogLevel, std::string_view) {}, LogLevel::error}};
  Binding* binding_ = nullptr;
};

TEST_F(LuaMemory, RunsOutInFunctions) {
  define(R"(
    server = simWS.start(0)
    function script()
      simWS.setOpenHandler(server, function() end)
      simWS.setOpenHandler(server, 'some.name')
      simWS.getServerInfo(server)
      simWS.getConnections(server)
      simWS.broadcast(server, ('x'):rep(100))
      assert(not pcall(simWS.send, server, 'x', 'y'))
      assert(not pcall(simWS.start, 0, {origins = {'a', {}}, hosts = {b = 'c'}}))
    end)");
  with_ever_more_memory([this] {
    lua_getglobal(L, "script");
    const int status = lua_pcall(L, 0, 0, 0);
    if (status == LUA_OK) return true;
    EXPECT_NE(lua_tostring(L, -1), nullptr);
    lua_pop(L, 1);
    return false;
  });
}

TEST_F(LuaMemory, RunsOutInHandlers) {
  define(R"(
    app = {}
    function app.handler(server, connection, data, request)
      return 200, server .. connection .. data, {a = request.method}
    end)");
  Callback callback;
  callback.name = "app.handler";
  const auto kept = engine_.keep_name(callback.name);
  ASSERT_TRUE(kept);
  callback.function = *kept;
  const std::string long_text(1000, 'x');
  const std::array<Value, 4> arguments = {
      script::data_value("simWS.Server:1"), script::data_value("simWS.Connection:1:1"),
      script::data_value(long_text), Value{script::Map{{"method", {std::string("GET")}}}}};
  with_ever_more_memory([&] {
    if (!engine_.find(callback)) return false;
    std::array<Value, 3> results;
    const auto called = engine_.call(arguments, results);
    if (!called) {
      EXPECT_EQ(called.error().code, ErrorCode::callback_failed);
      return false;
    }
    EXPECT_EQ(results[1].text()->size(), 34 + long_text.size());
    return true;
  });
}

}  // namespace
}  // namespace simws::lua
