// Values between a script's Lua state and the value stacks.
#pragma once

#include "items.h"

#include <lua.hpp>

namespace simhost {

// Functions and the like become text that names their address. In the current version so do tables
// with a metatable that are no buffers.
Item item_at(lua_State* L, int index, Version version);
Items items_from(lua_State* L, int first, int count, Version version);

// Buffers are made by the script's global function `tobuffer`.
void push_item(lua_State* L, const Item& item);

}  // namespace simhost
