#include "host/sim_module.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

// These functions may be left by an error, which jumps over destructors: whatever has one lives in
// a function that raises none.

namespace simws::host {

namespace {

constexpr std::pair<const char*, int> verbosities[] = {
    {"verbosity_none", 100},           {"verbosity_errors", 200},
    {"verbosity_warnings", 300},       {"verbosity_loadinfos", 400},
    {"verbosity_default", 400},        {"verbosity_scripterrors", 420},
    {"verbosity_scriptwarnings", 430}, {"verbosity_scriptinfos", 450},
    {"verbosity_msgs", 450},           {"verbosity_infos", 500},
    {"verbosity_debug", 600},          {"verbosity_trace", 700},
    {"verbosity_tracelua", 800},       {"verbosity_traceall", 900},
};

Simulation& simulation_of(lua_State* L) {
  return *static_cast<Simulation*>(lua_touserdata(L, lua_upvalueindex(1)));
}

std::string_view check_text(lua_State* L, int index) {
  std::size_t length = 0;
  const char* const text = luaL_checklstring(L, index, &length);
  return {text, length};
}

LogLevel log_level(lua_Integer verbosity) {
  constexpr lua_Integer level_bits = 0xfff;  // above them: how the line is shown
  switch (verbosity & level_bits) {
    case 200:
    case 420:
      return LogLevel::error;
    case 300:
    case 430:
      return LogLevel::warning;
    default:
      return (verbosity & level_bits) < 600 ? LogLevel::info : LogLevel::debug;
  }
}

void set_parameter(Simulation& simulation, std::string_view name, std::string_view value) {
  simulation.parameters.insert_or_assign(std::string(name), std::string(value));
}

int add_log(lua_State* L) {
  const lua_Integer verbosity = luaL_checkinteger(L, 1);
  const std::string_view line = check_text(L, 2);
  const script::Api* const api = simulation_of(L).api;
  if (api) api->log(log_level(verbosity), line);
  return 0;
}

int get_simulation_time(lua_State* L) {
  lua_pushnumber(L, simulation_of(L).time);
  return 1;
}

int get_simulation_time_step(lua_State* L) {
  lua_pushnumber(L, simulation_of(L).step);
  return 1;
}

int get_system_time(lua_State* L) {
  const Seconds since_start = Clock::now() - simulation_of(L).started;
  lua_pushnumber(L, since_start.count());
  return 1;
}

int get_named_string_param(lua_State* L) {
  const std::string_view name = check_text(L, 1);
  const NamedParameters& parameters = simulation_of(L).parameters;
  const auto found = parameters.find(name);
  if (found == parameters.end()) {
    lua_pushnil(L);
  } else {
    lua_pushlstring(L, found->second.data(), found->second.size());
  }
  return 1;
}

int set_named_string_param(lua_State* L) {
  const std::string_view name = check_text(L, 1);
  const std::string_view value = check_text(L, 2);
  set_parameter(simulation_of(L), name, value);
  return 0;
}

// (seconds[, simulationTime=true])
int wait(lua_State* L) {
  Simulation& simulation = simulation_of(L);
  const double seconds = luaL_checknumber(L, 1);
  const bool is_simulation_time = lua_isnoneornil(L, 2) || lua_toboolean(L, 2);
  if (L != simulation.thread || !lua_isyieldable(L)) {
    return luaL_error(L,
                      "sim.wait: only sysCall_thread can wait; elsewhere it would stop the steps");
  }
  if (!(seconds >= 0 && seconds <= 1e9)) {
    return luaL_error(L, "sim.wait: argument 1 must be 0 to 1e9 seconds, not %f", seconds);
  }
  if (is_simulation_time) {
    simulation.wait = {simulation.time + seconds, {}};
  } else {
    const auto duration = std::chrono::duration_cast<Clock::duration>(Seconds{seconds});
    simulation.wait = {0, Clock::now() + duration};
  }
  return lua_yield(L, 0);
}

int need_simulator(lua_State* L) {
  return luaL_error(L, "sim.%s needs CoppeliaSim", luaL_tolstring(L, 2, nullptr));
}

constexpr luaL_Reg functions[] = {
    {"addLog", add_log},
    {"getSimulationTime", get_simulation_time},
    {"getSimulationTimeStep", get_simulation_time_step},
    {"getSystemTime", get_system_time},
    {"getNamedStringParam", get_named_string_param},
    {"setNamedStringParam", set_named_string_param},
    {"wait", wait},
    {nullptr, nullptr},
};

}  // namespace

void push_sim_module(lua_State* L, Simulation& simulation) {
  luaL_checkstack(L, LUA_MINSTACK, nullptr);
  lua_newtable(L);
  lua_pushlightuserdata(L, &simulation);
  luaL_setfuncs(L, functions, 1);
  for (const auto& [name, value] : verbosities) {
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
  }
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, need_simulator);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}

}  // namespace simws::host
