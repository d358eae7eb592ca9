// A call of a script that goes to C++.
#pragma once

#include "bindings/lua/lua_values.h"
#include "script/arguments.h"
#include "script/function_table.h"
#include "script/value.h"

#include <lua.hpp>

#include <cstddef>
#include <exception>
#include <new>
#include <string>

namespace simws::lua {

// Raises no error.
void push_error(lua_State* L, const std::string& message);

// Raises the error on top, with the place in the script. It jumps over the destructors of C++
// objects, so none may be alive.
int raise_error(lua_State* L);

// Calls `function` with how many arguments the call has, and with those that `signature` knows;
// pushes what it returns. False: the error is pushed instead. Raises none.
template <typename Function>
bool call_function(lua_State* L, const script::Signature& signature, Function function) {
  const auto given = static_cast<std::size_t>(lua_gettop(L));
  if (lua_checkstack(L, LUA_MINSTACK) == 0) {
    lua_settop(L, 0);  // makes room for the error
    push_error(L, "stack overflow");
    return false;
  }
  try {
    script::ArgumentList arguments;
    for (std::size_t i = 0; i < given && i < signature.parameters.size(); ++i) {
      arguments.add([&] { return to_value(L, static_cast<int>(i) + 1); });
    }
    const Result<script::Value> result = function(given, arguments.values());
    if (result) return push_value_protected(L, *result);
    push_error(L, result.error().message);
  } catch (const std::bad_alloc&) {
    push_error(L, "out of memory");
  } catch (const std::exception& failure) {
    push_error(L, signature.full_name() + ": " + failure.what());
  }
  return false;
}

}  // namespace simws::lua
