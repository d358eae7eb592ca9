// What scripts see of the simulator: `sim`, `loadPlugin`, the global `simWS`, and `host` for tests.
#pragma once

#include <lua.hpp>

namespace simhost {

class Script;

void open_sim_module(lua_State* L, Script& script);

// loadPlugin(name) -> a table of the plugin's functions and variables.
int load_plugin(lua_State* L);

}  // namespace simhost
