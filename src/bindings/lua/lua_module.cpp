#include "bindings/lua/lua_module.h"

#include "bindings/lua/lua_call.h"

#include <cstddef>
#include <span>
#include <string>

namespace simws::lua {

namespace {

using script::FunctionRow;
using script::Value;

constexpr int row_upvalue = lua_upvalueindex(1);
constexpr int binding_upvalue = lua_upvalueindex(2);

bool call_safely(lua_State* L, const FunctionRow& row) {
  const auto& binding = *static_cast<const Binding*>(lua_touserdata(L, binding_upvalue));
  return call_function(L, row, [&](std::size_t given, std::span<Value> values) -> Result<Value> {
    if (!binding.api) {
      return Error{ErrorCode::invalid_state,
                   script::Signature(row).full_name() + ": the script has ended"};
    }
    binding.engine->find_told(values);
    const LuaEngine::Entered entered(*binding.engine, L);
    return binding.api->call(row, given, values);
  });
}

int call_row(lua_State* L) {
  const auto& row = *static_cast<const FunctionRow*>(lua_touserdata(L, row_upvalue));
  if (!call_safely(L, row)) return raise_error(L);
  return row.results.empty() ? 0 : 1;
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
    lua_pushcclosure(L, call_row, 2);
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
