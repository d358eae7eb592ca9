// Values on Lua's stack.
#pragma once

#include "script/value.h"

#include <lua.hpp>

namespace simws::lua {

// Raises no error and takes no memory of Lua's but for room on the stack. Strings are borrowed for
// as long as Lua holds them; a function's key is `index`, made absolute. Tables are read as they
// are, without metamethods.
script::Value to_value(lua_State* L, int index);

// Pushes one value. May raise an error when memory runs out.
void push_value(lua_State* L, const script::Value& value);

// The same in protected mode. False: the error is pushed instead.
bool push_value_protected(lua_State* L, const script::Value& value);

}  // namespace simws::lua
