#include "sim_module.h"

#include "clock.h"
#include "script.h"
#include "simulator.h"

#include <time.h>

#include <cstdint>
#include <string>
#include <utility>

// Functions that may be left by an error, which jumps over destructors, hold nothing that has one.

namespace simhost {

namespace {

constexpr std::pair<const char*, int> constants[] = {
    {"verbosity_none", 100},
    {"verbosity_errors", 200},
    {"verbosity_warnings", 300},
    {"verbosity_loadinfos", 400},
    {"verbosity_scripterrors", 420},
    {"verbosity_scriptwarnings", 430},
    {"verbosity_scriptinfos", 450},
    {"verbosity_infos", 500},
    {"verbosity_debug", 600},
    {"intparam_program_full_version", 39},
    {"intparam_platform", 19},
    {"intparam_scene_unique_id", 20},
    {"simulation_stopped", 0},
    {"simulation_paused", 8},
    {"simulation_advancing_running", 17},
};

double seconds_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void log_line(Script& script, lua_Integer verbosity, const char* bytes, std::size_t size) {
  script.simulator().log(static_cast<int>(verbosity & 0xfff), script.plan().name, {bytes, size});
}

int add_log(lua_State* L) {
  std::size_t size = 0;
  const lua_Integer verbosity = luaL_checkinteger(L, 1);
  const char* const line = luaL_tolstring(L, 2, &size);
  log_line(Script::of(L), verbosity, line, size);
  return 0;
}

bool push_parameter(lua_State* L, const char* name) {
  const auto& parameters = Script::of(L).simulator().parameters();
  const auto found = parameters.find(name);
  if (found == parameters.end()) return false;
  lua_pushlstring(L, found->second.data(), found->second.size());
  return true;
}

int get_named_string(lua_State* L) {
  return push_parameter(L, luaL_checkstring(L, 1)) ? 1 : 0;
}

int get_named_int(lua_State* L) {
  if (!push_parameter(L, luaL_checkstring(L, 1))) return 0;
  lua_pushinteger(L, static_cast<lua_Integer>(lua_tonumber(L, -1)));
  return 1;
}

int get_named_bool(lua_State* L) {
  if (!push_parameter(L, luaL_checkstring(L, 1))) return 0;
  lua_pushboolean(L, *lua_tostring(L, -1) == 't' || *lua_tostring(L, -1) == '1');
  return 1;
}

void set_parameter(Script& script, const char* name, const char* bytes, std::size_t size) {
  script.simulator().parameters().insert_or_assign(name, std::string(bytes, size));
}

int set_named(lua_State* L) {
  std::size_t size = 0;
  const char* const name = luaL_checkstring(L, 1);
  const char* const value = luaL_tolstring(L, 2, &size);
  set_parameter(Script::of(L), name, value, size);
  return 0;
}

int get_int(lua_State* L) {
  const auto id = static_cast<int>(luaL_checkinteger(L, 1));
  lua_pushinteger(L, Script::of(L).simulator().int_parameter(id));
  return 1;
}

int get_simulation_time(lua_State* L) {
  lua_pushnumber(L, Script::of(L).simulator().time());
  return 1;
}

int get_simulation_time_step(lua_State* L) {
  lua_pushnumber(L, Simulator::step);
  return 1;
}

int get_simulation_state(lua_State* L) {
  constexpr lua_Integer states[] = {0, 17, 8};
  lua_pushinteger(L, states[static_cast<int>(Script::of(L).simulator().state())]);
  return 1;
}

int get_system_time(lua_State* L) {
  lua_pushnumber(L, seconds_of(CLOCK_MONOTONIC));
  return 1;
}

// Lets a pass go by. Where the script can't yield the pass runs within the call.
int step(lua_State* L) {
  if (lua_isyieldable(L)) return lua_yield(L, 0);
  Script::of(L).simulator().pass();
  return 0;
}

// wait(seconds[, simulationTime=true])
int wait(lua_State* L) {
  Script& script = Script::of(L);
  const double seconds = luaL_checknumber(L, 1);
  if (lua_isyieldable(L)) {
    script.set_wait(script.simulator().time() + seconds);
    return lua_yield(L, 0);
  }
  const double end = seconds_of(CLOCK_MONOTONIC_RAW) + seconds;
  do {
    script.simulator().pass();
  } while (seconds_of(CLOCK_MONOTONIC_RAW) < end);
  return 0;
}

// spend(seconds): the frozen clock goes on, as if this had taken so long.
int spend(lua_State* L) {
  simhost_advance_clock(static_cast<std::int64_t>(luaL_checknumber(L, 1) * 1e9));
  return 0;
}

// kill(): the script fails, as by an error that nobody catches, when the call into it returns.
int kill(lua_State* L) {
  Script::of(L).flag_for_end();
  return 0;
}

// Pushes what the command answers; false: pushes its error.
bool push_answer(lua_State* L, const char* line) {
  const auto answer = Script::of(L).simulator().execute(line);
  lua_pushlstring(L, answer.text.data(), answer.text.size());
  return answer.is_done;
}

// command(line): one of the commands that the host reads from its standard input, and its answer.
int command(lua_State* L) {
  return push_answer(L, luaL_checkstring(L, 1)) ? 1 : lua_error(L);
}

int argument(lua_State* L) {
  const auto& arguments = Script::of(L).plan().arguments;
  const auto index = static_cast<std::size_t>(luaL_checkinteger(L, 1)) - 1;
  if (index < arguments.size()) lua_pushstring(L, arguments[index].c_str());
  return index < arguments.size() ? 1 : 0;
}

constexpr luaL_Reg sim_functions[] = {
    {"addLog", add_log},
    {"getNamedStringParam", get_named_string},
    {"setNamedStringParam", set_named},
    {"getNamedInt32Param", get_named_int},
    {"setNamedInt32Param", set_named},
    {"getNamedBoolParam", get_named_bool},
    {"getInt32Param", get_int},
    {"getSimulationTime", get_simulation_time},
    {"getSimulationTimeStep", get_simulation_time_step},
    {"getSimulationState", get_simulation_state},
    {"getSystemTime", get_system_time},
    {"wait", wait},
    {"step", step},
    {"yield", step},
    {nullptr, nullptr},
};

constexpr luaL_Reg host_functions[] = {
    {"spend", spend},       {"kill", kill},     {"command", command},
    {"argument", argument}, {nullptr, nullptr},
};

void set_module(lua_State* L, const char* name, const luaL_Reg* functions) {
  lua_newtable(L);
  luaL_setfuncs(L, functions, 0);
  lua_pushvalue(L, -1);
  lua_setglobal(L, name);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

void set_search_path(lua_State* L, Script& script) {
  std::string path;
  for (const std::string& folder : script.simulator().options().lua_folders) {
    path += folder + "/?.lua;";
  }
  lua_getglobal(L, "package");
  lua_pushlstring(L, path.data(), path.size());
  lua_getfield(L, -2, "path");
  lua_concat(L, 2);
  lua_setfield(L, -2, "path");
  lua_pop(L, 1);
}

}  // namespace

void open_sim_module(lua_State* L, Script& script) {
  set_module(L, "host", host_functions);
  lua_pop(L, 1);
  set_module(L, "sim", sim_functions);
  for (const auto& [name, value] : constants) {
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
  }
  lua_pop(L, 1);
  lua_register(L, "loadPlugin", load_plugin);
  set_search_path(L, script);
  lua_pushboolean(L, script.plan().is_python);
  lua_setglobal(L, "isPython");
  if (luaL_dostring(L, "require 'base'") != LUA_OK) {
    script.simulator().log(verbosity_script_errors, script.plan().name, lua_tostring(L, -1));
    lua_pop(L, 1);
  }
}

}  // namespace simhost
