#include "host/lua/exit_request.h"

#include <cstdlib>

namespace simws::host {

namespace {

void raise_exit(lua_State* L, lua_Debug*) {
  luaL_error(L, "exit");
}

lua_State* main_state(lua_State* L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  lua_State* const state = lua_tothread(L, -1);
  lua_pop(L, 1);
  return state;
}

}  // namespace

void ExitRequest::install(lua_State* L) {
  lua_getglobal(L, "os");
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, exit, 1);
  lua_setfield(L, -2, "exit");
  lua_pop(L, 1);
}

// ([code]): as in Lua's own, true and nil are success, false is failure.
int ExitRequest::exit(lua_State* L) {
  auto& request = *static_cast<ExitRequest*>(lua_touserdata(L, lua_upvalueindex(1)));
  const bool is_flag = lua_isnoneornil(L, 1) || lua_isboolean(L, 1);
  const bool is_success = !lua_isboolean(L, 1) || lua_toboolean(L, 1);
  const auto code = is_flag ? (is_success ? EXIT_SUCCESS : EXIT_FAILURE)
                            : static_cast<int>(luaL_checkinteger(L, 1));
  request.code_ = code;
  for (lua_State* const state : {L, main_state(L)}) {
    lua_sethook(state, raise_exit, LUA_MASKCOUNT, 1);
  }
  return luaL_error(L, "exit");
}

}  // namespace simws::host
