// The plugin's functions as scripts call them.
#include "lua_items.h"
#include "plugin.h"
#include "script.h"
#include "sim_module.h"
#include "simulator.h"
#include "stacks.h"
#include "strict.h"

#include <optional>
#include <string>
#include <utility>

// Functions that may be left by an error, which jumps over destructors, hold nothing that has one.

namespace simhost {

namespace {

int current_line(lua_State* L) {
  lua_Debug frame = {};
  if (!lua_getstack(L, 1, &frame)) return -1;
  lua_getinfo(L, "l", &frame);
  return frame.currentline;
}

// The error that the script gets, as this version words it.
void push_error(lua_State* L, const std::string& error) {
  const bool is_current = simulator().options().version == Version::current;
  const std::string line = std::to_string(current_line(L));
  const std::string where = "sim.genericFunctionHandler";
  const std::string text = is_current ? line + ": error in '" + where + "': " + error
                                      : line + ": in " + where + ": " + error;
  lua_pushlstring(L, text.data(), text.size());
}

// Calls the plugin. Pushes what it returns, or an error and returns nothing.
std::optional<int> call_plugin(lua_State* L, const char* name) {
  Simulator& host = simulator();
  const auto found = host.plugin().functions().find(name);
  if (!host.plugin().is_loaded() || found == host.plugin().functions().end()) {
    push_error(L, "plugin not loaded.");
    return std::nullopt;
  }
  Script& script = Script::of(L);
  host.clear_error();
  const int stack = stacks().create(Stacks::Owner::core);
  stacks().at("host", stack) = items_from(L, 1, lua_gettop(L), host.options().version);
  char raised[258] = "";
  std::string source = script.plan().name;
  ScriptCall call{script.object(), script.handle(), stack,          0,
                  raised,          source.data(),   current_line(L)};
  {
    const PluginEntry entry(std::string("simWS.") + name);
    found->second(&call);
  }
  const Items results = std::move(stacks().at("host", stack));
  stacks().release("host", stack, Stacks::Owner::core);
  if (const auto error = host.take_error()) {
    push_error(L, *error);
    return std::nullopt;
  }
  lua_settop(L, 0);
  for (const Item& item : results) push_item(L, item);
  return static_cast<int>(results.size());
}

int call_function(lua_State* L) {
  const std::optional<int> results = call_plugin(L, lua_tostring(L, lua_upvalueindex(1)));
  return results ? *results : lua_error(L);
}

// Sets a variable in the table on top; its name may be dotted.
void set_variable(lua_State* L, const Plugin::Variable& variable) {
  const int base = lua_gettop(L);
  const std::string chunk = "return " + variable.value;
  if (luaL_dostring(L, chunk.c_str()) != LUA_OK) misuse("simRegisterScriptVariable", chunk);
  const int value = lua_gettop(L);
  lua_pushvalue(L, base);
  std::size_t begin = 0;
  for (std::size_t dot = variable.name.find('.'); dot != std::string::npos;
       dot = variable.name.find('.', begin)) {
    luaL_getsubtable(L, -1, variable.name.substr(begin, dot - begin).c_str());
    begin = dot + 1;
  }
  lua_pushvalue(L, value);
  lua_setfield(L, -2, variable.name.substr(begin).c_str());
  lua_settop(L, base);
}

bool push_plugin_table(lua_State* L, const char* name) {
  Plugin& plugin = simulator().plugin();
  if (plugin.name() != name || (!plugin.is_loaded() && !plugin.load())) {
    lua_pushfstring(L, "failed loading plugin '%s'", name);
    return false;
  }
  // A script has one table for as long as the plugin stays loaded.
  luaL_getsubtable(L, LUA_REGISTRYINDEX, "simhost.plugin_tables");
  if (lua_rawgeti(L, -1, plugin.times_loaded()) == LUA_TTABLE) return true;
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -4, plugin.times_loaded());
  for (const auto& [function, unused] : plugin.functions()) {
    lua_pushlstring(L, function.data(), function.size());
    lua_pushcclosure(L, call_function, 1);
    lua_setfield(L, -2, function.c_str());
  }
  for (const Plugin::Variable& variable : plugin.variables()) set_variable(L, variable);
  return true;
}

}  // namespace

int load_plugin(lua_State* L) {
  return push_plugin_table(L, luaL_checkstring(L, 1)) ? 1 : lua_error(L);
}

}  // namespace simhost
