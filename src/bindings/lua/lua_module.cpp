#include "bindings/lua/lua_module.h"

#include "bindings/lua/lua_values.h"

#include <cstddef>
#include <exception>
#include <string>

namespace simws::lua {

namespace {

using script::FunctionRow;
using script::Value;

constexpr int row_upvalue = lua_upvalueindex(1);
constexpr int binding_upvalue = lua_upvalueindex(2);

void push_error(lua_State* L, const std::string& message) {
  const Value text{message};
  push_value_protected(L, text);
}

// Whether it succeeded; pushes the result or the error.
bool call_api(lua_State* L, const FunctionRow& row, const Binding& binding) {
  const auto given = static_cast<std::size_t>(lua_gettop(L));
  script::ArgumentList arguments;
  for (std::size_t i = 0; i < given && i < row.parameters.size(); ++i) {
    arguments.add([&] { return to_value(L, static_cast<int>(i) + 1); });
  }
  const LuaEngine::Entered entered(*binding.engine, L);
  const auto result = binding.api->call(row, given, arguments.values());
  if (result) return push_value_protected(L, *result);
  push_error(L, result.error().message);
  return false;
}

bool call_safely(lua_State* L, const FunctionRow& row) {
  const auto& binding = *static_cast<const Binding*>(lua_touserdata(L, binding_upvalue));
  if (lua_checkstack(L, LUA_MINSTACK) == 0 || !binding.api) {
    push_error(L, "simWS." + std::string(row.name) + ": the script has ended");
    return false;
  }
  try {
    return call_api(L, row, binding);
  } catch (const std::exception& failure) {
    push_error(L, "simWS." + std::string(row.name) + ": " + failure.what());
    return false;
  }
}

// All C++ objects are gone when an error is raised: it jumps over their destructors.
int call_function(lua_State* L) {
  const auto& row = *static_cast<const FunctionRow*>(lua_touserdata(L, row_upvalue));
  if (call_safely(L, row)) return row.results.empty() ? 0 : 1;
  if (lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

void push_text(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

// Sets simWS.opcode.text, simWS.opcode_text and simWS.sim_ws_opcode_text of the table on top.
void set_constant(lua_State* L, const script::ConstantRow& row) {
  push_text(L, row.group);
  if (lua_rawget(L, -2) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    push_text(L, row.group);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  push_text(L, row.name);
  lua_pushinteger(L, row.value);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  for (const char* const format : {"%s_%s", "sim_ws_%s_%s"}) {
    lua_pushfstring(L, format, row.group.data(), row.name.data());
    lua_pushinteger(L, row.value);
    lua_rawset(L, -3);
  }
}

}  // namespace

Binding* push_module(lua_State* L) {
  luaL_checkstack(L, LUA_MINSTACK, nullptr);
  lua_newtable(L);
  auto* const binding = new (lua_newuserdatauv(L, sizeof(Binding), 0)) Binding;
  for (const FunctionRow& row : script::functions()) {
    push_text(L, row.name);
    lua_pushlightuserdata(L, const_cast<FunctionRow*>(&row));
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, call_function, 2);
    lua_rawset(L, -4);
  }
  lua_rawsetp(L, LUA_REGISTRYINDEX, binding);  // to the end, whatever the script does to the table
  for (const auto& row : script::constants()) set_constant(L, row);
  return binding;
}

void set_global_constants(lua_State* L) {
  for (const auto& row : script::constants()) {
    lua_pushfstring(L, "sim_ws_%s_%s", row.group.data(), row.name.data());
    lua_pushinteger(L, row.value);
    lua_pushglobaltable(L);
    lua_insert(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
}

}  // namespace simws::lua
