#include "host/lua/stopper.h"

#include <cstdlib>
#include <utility>

namespace simws::host {

namespace {

constexpr int instructions_between_checks = 1000;

// Where the state, and each of its coroutines, keeps who stops it.
Stopper*& owner_of(lua_State* L) {
  return *static_cast<Stopper**>(lua_getextraspace(L));
}

}  // namespace

void Stopper::install(lua_State* L) {
  running_ = L;
  owner_of(L) = this;
  const auto set = [&](const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, name);
  };
  lua_getglobal(L, "os");
  set("exit", exit);
  lua_getglobal(L, "coroutine");
  set("resume", resume);
  set("wrap", wrap);
  lua_pop(L, 2);
}

// ([code]): as in Lua's own, true and nil are success, false is failure.
int Stopper::exit(lua_State* L) {
  Stopper& stopper = *owner_of(L);
  const bool is_flag = lua_isnoneornil(L, 1) || lua_isboolean(L, 1);
  const bool is_success = !lua_isboolean(L, 1) || lua_toboolean(L, 1);
  const auto code = is_flag ? (is_success ? EXIT_SUCCESS : EXIT_FAILURE)
                            : static_cast<int>(luaL_checkinteger(L, 1));
  stopper.exit_code_ = code;
  stopper.arm(L);
  return luaL_error(L, "exit");
}

// (coroutine, ...) -> true, results; or false, error: as Lua's own.
int Stopper::resume(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTHREAD);
  lua_State* const coroutine = lua_tothread(L, 1);
  const int count = owner_of(L)->run(L, coroutine, lua_gettop(L) - 1, false);
  lua_pushboolean(L, count >= 0);
  const int results = count >= 0 ? count : 1;
  lua_insert(L, -(results + 1));
  return results + 1;
}

// (function) -> a function that resumes a coroutine of it, and raises its errors.
int Stopper::wrap(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State* const coroutine = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, coroutine, 1);
  lua_pushcclosure(L, resume_wrapped, 1);
  return 1;
}

int Stopper::resume_wrapped(lua_State* L) {
  lua_State* const coroutine = lua_tothread(L, lua_upvalueindex(1));
  const int count = owner_of(L)->run(L, coroutine, lua_gettop(L), true);
  if (count >= 0) return count;
  if (lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

int Stopper::run(lua_State* L, lua_State* coroutine, int count, bool closes) {
  if (lua_checkstack(coroutine, count) == 0) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, coroutine, count);
  int results = 0;
  int status = LUA_OK;
  {
    const Running running(*this, coroutine);
    status = lua_resume(coroutine, L, count, &results);
  }
  if (status != LUA_OK && status != LUA_YIELD) {
    // One that had ended before only says so.
    const bool has_failed = lua_status(coroutine) != LUA_OK && lua_status(coroutine) != LUA_YIELD;
    if (closes && has_failed) lua_resetthread(coroutine);
    lua_xmove(coroutine, L, 1);
    return -1;
  }
  if (lua_checkstack(L, results + 1) == 0) {
    lua_pop(coroutine, results);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(coroutine, L, results);
  return results;
}

// A signal between the two finds the coroutine itself.
void Stopper::enter(lua_State* L) {
  running_ = L;
  arm(L);
}

void Stopper::arm(lua_State* L) const {
  if (!has_stopped() && interrupt_at_ == 0) return;
  lua_sethook(L, on_instructions, LUA_MASKCOUNT, has_stopped() ? 1 : instructions_between_checks);
}

void Stopper::interrupt() {
  has_interrupted_ = true;
  interrupt_after({});
}

void Stopper::interrupt_after(std::chrono::milliseconds grace) {
  interrupt_at_ = (Clock::now() + grace).time_since_epoch().count();
  if (lua_State* const L = running_) arm(L);
}

// Coroutines that are armed find out themselves.
void Stopper::cancel() {
  interrupt_at_ = 0;
  has_interrupted_ = false;
}

void Stopper::on_instructions(lua_State* L, lua_Debug*) {
  Stopper& stopper = *owner_of(L);
  if (stopper.exit_code_) luaL_error(L, "exit");
  const Clock::rep at = stopper.interrupt_at_;
  if (at == 0) return lua_sethook(L, nullptr, 0, 0);
  if (!stopper.has_interrupted_ && Clock::now().time_since_epoch().count() < at) return;
  stopper.has_interrupted_ = true;
  stopper.arm(L);
  luaL_error(L, "interrupted!");
}

}  // namespace simws::host
