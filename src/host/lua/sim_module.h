// The module `sim` of a Lua state.
#pragma once

#include "host/simulation.h"

#include <lua.hpp>

namespace simws::host {

// What its functions work on. Both must outlive the state.
struct LuaSim {
  Simulation* simulation = nullptr;
  lua_State* const* thread = nullptr;  // the coroutine of sysCall_thread
};

// Pushes the module. May raise an error when memory runs out.
void push_sim_module(lua_State* L, const LuaSim& sim);

}  // namespace simws::host
