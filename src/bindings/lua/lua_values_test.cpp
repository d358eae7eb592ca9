#include "bindings/lua/lua_values.h"

#include "script/describe.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace simws::lua {
namespace {

using script::Value;

class LuaValues : public testing::Test {
 protected:
  // What the Lua expression is worth.
  Value evaluate(const std::string& expression) {
    EXPECT_EQ(luaL_dostring(L, ("return " + expression).c_str()), LUA_OK) << expression;
    return to_value(L, -1);
  }

  std::unique_ptr<lua_State, decltype(&lua_close)> state_{luaL_newstate(), &lua_close};
  lua_State* const L = state_.get();
};

TEST_F(LuaValues, AreTakenAsTheyAre) {
  const std::pair<const char*, const char*> cases[] = {
      {"nil", "nil"},
      {"true", "bool true"},
      {"3", "int 3"},
      {"-9223372036854775807 - 1", "int -9223372036854775808"},
      {"3.0", "float 3"},
      {"0.5", "float 0.5"},
      {"'a\\0b'", "string 'a\\x00b'"},
      {"''", "string ''"},
      {"{}", "map"},
      {"{a = 1}", "map"},
      {"{1, 2}", "list"},
      {"{1, nil, 3}", "table with mixed keys"},
      {"{[1] = 1, [3] = 3}", "table with mixed keys"},
      {"{[0] = 1}", "table with mixed keys"},
      {"{1, a = 2}", "table with mixed keys"},
      {"{[1.5] = 1}", "table with mixed keys"},
      {"function() end", "function"},
  };
  luaL_openlibs(L);
  for (const auto& [expression, expected] : cases) {
    EXPECT_EQ(script::describe(evaluate(expression)), expected) << expression;
  }
  EXPECT_EQ(script::describe(evaluate("io.stdout")), "userdata");
  EXPECT_EQ(script::describe(evaluate("coroutine.create(print)")), "thread");
}

TEST_F(LuaValues, MetamethodsOfTablesAreNotCalled) {
  luaL_openlibs(L);
  const Value value = evaluate(
      "setmetatable({a = 1}, {__index = error, __len = error, __pairs = error, __metatable = 0})");
  ASSERT_TRUE(value.as<script::Map>());
  EXPECT_EQ(value.as<script::Map>()->size(), 1u);
}

TEST_F(LuaValues, ATableThatHoldsItselfHasAnEnd) {
  luaL_openlibs(L);
  const Value value = evaluate("(function() local t = {} t.t = t return t end)()");
  EXPECT_TRUE(value.as<script::Map>());
}

TEST_F(LuaValues, TheStackIsAsBefore) {
  luaL_openlibs(L);
  evaluate("{a = {b = {c = {1, 2, {d = 'e'}}}}}");
  EXPECT_EQ(lua_gettop(L), 1);
}

TEST_F(LuaValues, ComeBackAsTheyWent) {
  const Value nested{script::Map{
      {"list", {script::List{script::integer_value(1), {std::string("two")}, {3.5}, {true}}}},
      {"empty", {script::Map{}}},
      {"text", script::data_value(std::string_view("a\0b", 3))}}};
  ASSERT_TRUE(push_value_protected(L, nested));
  const Value back = to_value(L, -1);
  const auto* map = back.as<script::Map>();
  ASSERT_TRUE(map);
  ASSERT_EQ(map->size(), 3u);
  for (const script::MapEntry& entry : *map) {
    if (entry.key == "text") {
      EXPECT_EQ(entry.value.text(), std::string_view("a\0b", 3));
    }
    if (entry.key != "list") continue;
    const auto* list = entry.value.as<script::List>();
    ASSERT_TRUE(list);
    ASSERT_EQ(list->size(), 4u);
    EXPECT_EQ(*(*list)[0].as<std::int64_t>(), 1);
    EXPECT_EQ((*list)[1].text(), "two");
    EXPECT_EQ(*(*list)[2].as<double>(), 3.5);
    EXPECT_TRUE(*(*list)[3].as<bool>());
  }
}

}  // namespace
}  // namespace simws::lua
