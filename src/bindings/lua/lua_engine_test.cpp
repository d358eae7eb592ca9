#include "bindings/lua/lua_values.h"
#include "bindings/lua/silent_engine_test.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace simws::lua {
namespace {

using script::Callback;
using script::Value;

class LuaEngineTest : public testing::Test {
 protected:
  LuaEngineTest() { luaL_openlibs(L); }

  void run(const std::string& chunk) {
    ASSERT_EQ(luaL_dostring(L, chunk.c_str()), LUA_OK) << lua_tostring(L, -1);
  }

  Callback named(const std::string& name) {
    Callback callback;
    callback.name = name;
    callback.kind = script::CallbackKind::message;
    const auto kept = engine_.keep_name(name);
    EXPECT_TRUE(kept);
    if (kept) callback.function = *kept;
    return callback;
  }

  // What the function returns for "a"; "missing" where there's none.
  std::string result_of(const Callback& callback) {
    const int top = lua_gettop(L);
    std::string text = "missing";
    if (engine_.find(callback)) {
      std::array<Value, 1> results;
      const std::array arguments = {script::data_value("a")};
      const auto called = engine_.call(arguments, results);
      text = called ? std::string(results[0].text().value_or("nothing")) : called.error().message;
    }
    EXPECT_EQ(lua_gettop(L), top) << callback.name;
    return text;
  }

  std::unique_ptr<lua_State, decltype(&lua_close)> state_{luaL_newstate(), &lua_close};
  lua_State* const L = state_.get();
  SilentEngine engine_{L};
};

TEST_F(LuaEngineTest, NamesAreLookedUpWhenTheyAreCalled) {
  const Callback callback = named("handler");
  EXPECT_EQ(result_of(callback), "missing");
  run("function handler(text) return text .. 1 end");
  EXPECT_EQ(result_of(callback), "a1");
  run("function handler(text) return text .. 2 end");
  EXPECT_EQ(result_of(callback), "a2");
  run("handler = 'no function'");
  EXPECT_EQ(result_of(callback), "missing");
}

TEST_F(LuaEngineTest, DottedNamesGoThroughTables) {
  run("app = {part = {}}");
  run("function app.part.handler(text) return text .. 1 end");
  run("_G['app.part.handler'] = function() return 'wrong' end");
  EXPECT_EQ(result_of(named("app.part.handler")), "a1");
  EXPECT_EQ(result_of(named("app.handler")), "missing");
  EXPECT_EQ(result_of(named("app.part.handler.more")), "missing");
  EXPECT_EQ(result_of(named("other.handler")), "missing");
  EXPECT_EQ(result_of(named(".")), "missing");
}

TEST_F(LuaEngineTest, MetatablesHaveTheirSay) {
  run("object = setmetatable({}, {__index = {handler = function(text) return text .. 1 end}})");
  EXPECT_EQ(result_of(named("object.handler")), "a1");
  run("setmetatable(_G, {__index = {handler = function(text) return text .. 2 end}})");
  EXPECT_EQ(result_of(named("handler")), "a2");
  run("function handler(text) return text .. 3 end");
  EXPECT_EQ(result_of(named("handler")), "a3");
}

TEST_F(LuaEngineTest, AStrictGlobalTableOnlyMissesTheFunction) {
  run("setmetatable(_G, {__index = function(_, name) error('undefined ' .. name) end})");
  const Callback callback = named("handler");
  EXPECT_EQ(result_of(callback), "missing");
  run("rawset(_G, 'handler', function(text) return text .. 1 end)");
  EXPECT_EQ(result_of(callback), "a1");
}

TEST_F(LuaEngineTest, LargeMessagesAreCollectedAtOnceUnlessTheyStayInUse) {
  run("function handler(data) end");
  run("function keep(data) kept = data end");
  const std::string message(std::size_t{4} << 20, 'x');
  const auto kibibytes_after = [&](const char* handler) {
    EXPECT_TRUE(engine_.find(named(handler)));
    const std::array arguments = {script::data_value(message)};
    EXPECT_TRUE(engine_.call(arguments, {}));
    return lua_gc(L, LUA_GCCOUNT);
  };
  for (int i = 0; i < 10; ++i) EXPECT_LT(kibibytes_after("handler"), 1000);
  EXPECT_GT(kibibytes_after("keep"), 4096);
  EXPECT_LT(kibibytes_after("handler"), 4096 + 1000);
  run("collectgarbage 'stop'");
  kibibytes_after("handler");
  EXPECT_GT(kibibytes_after("handler"), 3 * 4096) << "whoever stops the collector means it";
}

// What has lived through two collections is old: no step of a generational collector looks at it.
TEST_F(LuaEngineTest, LargeMessagesAreCollectedByGenerationsToo) {
  run("collectgarbage 'generational'");
  run("function handler(data) collectgarbage 'step' collectgarbage 'step' end");
  const std::string message(std::size_t{1} << 20, 'x');
  const auto kibibytes_after_one = [&] {
    EXPECT_TRUE(engine_.find(named("handler")));
    const std::array arguments = {script::data_value(message)};
    EXPECT_TRUE(engine_.call(arguments, {}));
    return lua_gc(L, LUA_GCCOUNT);
  };
  for (int i = 0; i < 10; ++i) EXPECT_LT(kibibytes_after_one(), 1000);
  run("inUse = ('x'):rep(8 << 20)");
  for (int i = 0; i < 30; ++i) EXPECT_LT(kibibytes_after_one(), 2 * 8192 + 2000);
  run("inUse = nil");
  for (int i = 0; i < 30; ++i) kibibytes_after_one();
  EXPECT_LT(kibibytes_after_one(), 3000);
}

TEST_F(LuaEngineTest, LargeMessagesAreLetGoBeforeTheirHandlerRuns) {
  Buffer message(std::string(std::size_t{1} << 20, 'x'));
  lua_pushlightuserdata(L, &message);
  lua_pushcclosure(
      L,
      [](lua_State* state) {
        const auto* left = static_cast<const Buffer*>(lua_touserdata(state, lua_upvalueindex(1)));
        lua_pushboolean(state, left->capacity() > 0);
        return 1;
      },
      1);
  lua_setglobal(L, "isThere");
  run("function handler(data) return #data .. ' ' .. tostring(isThere()) end");
  ASSERT_TRUE(engine_.find(named("handler")));
  std::array<Value, 1> results;
  const std::array arguments = {
      script::data_value(message.text(), script::DataKind::binary, &message)};
  ASSERT_TRUE(engine_.call(arguments, results));
  EXPECT_EQ(results[0].text(), "1048576 false");
}

// What the engine has found of the string that `find` was called with: "told", or "".
class LuaEngineToldTest : public LuaEngineTest {
 public:
  void call_inner() {
    ASSERT_TRUE(engine_.find(named("inner")));
    const std::string data = "y" + message_;
    EXPECT_TRUE(engine_.call(std::array{script::data_value(data)}, {}));
  }

 protected:
  LuaEngineToldTest() {
    lua_pushlightuserdata(L, &engine_);
    lua_pushcclosure(
        L,
        [](lua_State* state) {
          const auto* engine =
              static_cast<const SilentEngine*>(lua_touserdata(state, lua_upvalueindex(1)));
          std::array arguments = {Value{}, to_value(state, 1)};
          const std::string_view before = *arguments[1].text();
          engine->find_told(arguments);
          const std::string_view found = *arguments[1].text();
          EXPECT_EQ(found, before);
          lua_pushstring(state, found.data() == before.data() ? "" : "told");
          return 1;
        },
        1);
    lua_setglobal(L, "find");
  }

  std::string result_for(const script::Data& data) {
    EXPECT_TRUE(engine_.find(named("handler")));
    std::array<Value, 1> results;
    const auto called = engine_.call(std::array{Value{data}}, results);
    return called ? std::string(results[0].text().value_or("nothing")) : called.error().message;
  }

  const std::string message_ = std::string(std::size_t{16} << 10, 'x');
};

TEST_F(LuaEngineToldTest, WhatIsSentOnLiesWhereItCame) {
  run("function handler(data) return find(data) .. find(data .. '') end");
  EXPECT_EQ(result_for({message_}), "toldtold") << "which is the same string";
  run("function handler(data) return find(data:sub(2)) .. find(data:upper()) end");
  EXPECT_EQ(result_for({message_}), "");
  run("function handler(data) kept = data return find(data) end");
  EXPECT_EQ(result_for({std::string_view(message_).substr(0, 1000)}), "") << "it's small";
  EXPECT_EQ(result_for({message_}), "told");
  run("function handler(data) return find(kept) end");
  EXPECT_EQ(result_for({message_}), "") << "it was told before";
}

TEST_F(LuaEngineToldTest, WhatIsLetGoIsNotSoughtThere) {
  run("function handler(data) return find(data) end");
  Buffer memory(message_);
  EXPECT_EQ(result_for({memory.text(), script::DataKind::text, &memory}), "");
}

TEST_F(LuaEngineToldTest, AnotherStringIsNotTakenForIt) {
  run(R"(
    function handler(data)
      local size = #data
      data = nil
      collectgarbage()
      local found = ''
      for i = 1, 100 do found = found .. find(('y'):rep(size)) end
      return found
    end)");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(result_for({message_}), "");
}

TEST_F(LuaEngineToldTest, AHandlerInsideAnotherSeesItsOwn) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(
      L,
      [](lua_State* state) {
        static_cast<LuaEngineToldTest*>(lua_touserdata(state, lua_upvalueindex(1)))->call_inner();
        return 0;
      },
      1);
  lua_setglobal(L, "callInner");
  run(R"(
    function inner(data) found = find(data) .. find(outer) end
    function handler(data)
      outer = data
      callInner()
      return found .. find(data)
    end)");
  EXPECT_EQ(result_for({message_}), "toldtold");
}

TEST_F(LuaEngineTest, ErrorsHaveTheirTraceback) {
  run("function inner() error('no luck') end function handler() inner() end");
  const std::string error = result_of(named("handler"));
  EXPECT_NE(error.find("no luck\nstack traceback:"), std::string::npos) << error;
  EXPECT_NE(error.find("in function 'inner'"), std::string::npos) << error;
}

TEST_F(LuaEngineTest, HandlesComeAsTheyAreFromWhereverTheyLie) {
  run("function handler(text) return text end");
  const Callback callback = named("handler");
  std::string handle = "simWS.Connection:1:1";
  for (const char digit : {'1', '2', '1'}) {
    handle.back() = digit;
    ASSERT_TRUE(engine_.find(callback));
    std::array<Value, 1> results;
    const std::array arguments = {script::data_value(handle, script::DataKind::handle)};
    ASSERT_TRUE(engine_.call(arguments, results));
    EXPECT_EQ(results[0].text(), handle);
  }
}

}  // namespace
}  // namespace simws::lua
