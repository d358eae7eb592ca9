// The module `sim`, as far as it needs no simulator.
#pragma once

#include "host/simulation.h"

#include <lua.hpp>

namespace simws::host {

// Pushes the module; its functions work on `simulation`, which must outlive the state. May raise an
// error when memory runs out.
void push_sim_module(lua_State* L, Simulation& simulation);

}  // namespace simws::host
