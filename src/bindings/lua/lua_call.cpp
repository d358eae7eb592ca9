#include "bindings/lua/lua_call.h"

namespace simws::lua {

void push_error(lua_State* L, const std::string& message) {
  const script::Value text{message};
  push_value_protected(L, text);
}

int raise_error(lua_State* L) {
  if (lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

}  // namespace simws::lua
