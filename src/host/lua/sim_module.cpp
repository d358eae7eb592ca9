#include "host/lua/sim_module.h"

#include "bindings/lua/lua_call.h"
#include "host/signals.h"
#include "host/sim_functions.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace simws::host {

namespace {

const SimFunction& function_of(lua_State* L) {
  return *static_cast<const SimFunction*>(lua_touserdata(L, lua_upvalueindex(1)));
}

bool call_safely(lua_State* L) {
  const SimFunction& function = function_of(L);
  const auto& sim = *static_cast<const LuaSim*>(lua_touserdata(L, lua_upvalueindex(2)));
  const bool may_wait = L == *sim.thread && lua_isyieldable(L);
  const SimCaller caller{may_wait, script::table_words()};
  return lua::call_function(
      L, function.signature, [&](std::size_t given, std::span<script::Value> values) {
        return call_sim_function(function, *sim.simulation, caller, given, values);
      });
}

// Until then, or until the script is asked to end.
void sleep_until(Clock::time_point time) {
  constexpr std::chrono::milliseconds slice{20};
  for (auto now = Clock::now(); now < time && !Signals::is_end_requested(); now = Clock::now()) {
    std::this_thread::sleep_for(std::min<Clock::duration>(slice, time - now));
  }
}

int call(lua_State* L) {
  if (!call_safely(L)) return lua::raise_error(L);
  if (!function_of(L).waits) return function_of(L).has_result ? 1 : 0;
  const Simulation& simulation =
      *static_cast<const LuaSim*>(lua_touserdata(L, lua_upvalueindex(2)))->simulation;
  if (!simulation.is_starting) return lua_yield(L, 0);
  sleep_until(simulation.wait.real_time);
  return 0;
}

// (table, key)
int need_simulator(lua_State* L) {
  return luaL_error(L, needs_simulator, luaL_tolstring(L, 2, nullptr));
}

}  // namespace

void push_sim_module(lua_State* L, const LuaSim& sim) {
  luaL_checkstack(L, LUA_MINSTACK, nullptr);
  lua_newtable(L);
  for (const SimFunction& function : sim_functions()) {
    lua_pushlstring(L, function.signature.name.data(), function.signature.name.size());
    lua_pushlightuserdata(L, const_cast<SimFunction*>(&function));
    lua_pushlightuserdata(L, const_cast<LuaSim*>(&sim));
    lua_pushcclosure(L, call, 2);
    lua_rawset(L, -3);
  }
  for (const auto& [name, value] : sim_constants()) {
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
  }
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, need_simulator);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}

}  // namespace simws::host
