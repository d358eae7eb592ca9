// The table `simWS` of a Lua state.
#pragma once

#include "bindings/lua/lua_engine.h"
#include "script/api.h"

#include <lua.hpp>

namespace simws::lua {

// What the functions of the table work on. Lives in a userdata, so it's there as long as they are;
// null once the servers are gone, while the last finalizers of the state still run.
struct Binding {
  script::Api* api = nullptr;
  LuaEngine* engine = nullptr;
};

// Pushes the table with all functions and constants, and returns what they're bound to. May raise
// an error when memory runs out.
Binding* push_module(lua_State* L);

// Makes the constants global under the names that scripts for the simulator use:
// sim_ws_opcode_text and so on. May raise an error.
void set_global_constants(lua_State* L);

}  // namespace simws::lua
