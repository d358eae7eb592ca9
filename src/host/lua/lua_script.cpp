#include "host/lua/lua_script.h"

#include "bindings/lua/lua_allocator.h"
#include "host/signals.h"

#include <cstring>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <utility>

namespace simws::host {

namespace {

bool is_end_command(lua_State* L, int index) {
  if (!lua_istable(L, index)) return false;
  lua_pushliteral(L, "cmd");
  lua_rawget(L, index);
  const char* const command = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
  const bool is_end = std::strcmp(command, "cleanup") == 0;
  lua_pop(L, 1);
  return is_end;
}

void push_text(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

void set_arguments(lua_State* L, const std::string& path,
                   const std::vector<std::string>& arguments) {
  lua_createtable(L, static_cast<int>(arguments.size()), 1);
  push_text(L, path);
  lua_rawseti(L, -2, 0);
  lua_Integer index = 0;
  for (const std::string& argument : arguments) {
    push_text(L, argument);
    lua_rawseti(L, -2, ++index);
  }
  lua_setglobal(L, "arg");
}

// Modules beside the script come first.
void add_module_folder(lua_State* L, const std::string& folder) {
  lua_getglobal(L, "package");
  push_text(L, folder + "/?.lua;" + folder + "/?/init.lua;");
  lua_getfield(L, -2, "path");
  lua_concat(L, 2);
  lua_setfield(L, -2, "path");
  lua_pop(L, 1);
}

// (error, coroutine) -> the error with the coroutine's traceback.
int add_traceback_of(lua_State* L) {
  auto* const coroutine = static_cast<lua_State*>(lua_touserdata(L, 2));
  luaL_traceback(L, coroutine, luaL_tolstring(L, 1, nullptr), 0);
  return 1;
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

std::optional<std::string> LuaScript::Engine::named_parameter(std::string_view name) {
  return script_.simulation_.named_parameter(name);
}

bool LuaScript::Engine::is_interrupted() {
  return is_ending(script_);
}

// A script that polls in a loop of its own ends there.
void LuaScript::Engine::end_waiting(bool is_handled) {
  if (!is_handled && is_ending(script_)) script_.stopper_.interrupt();
}

Result<void> LuaScript::Engine::call(std::span<const script::Value> arguments,
                                     std::span<script::Value> results) {
  auto called = LuaEngine::call(arguments, results);
  if (script_.stopper_.has_stopped()) script_.simulation_.api->end_pass();
  if (!script_.exit_code()) return called;
  script_.simulation_.api->interrupt();
  return {};
}

LuaScript::LuaScript(Simulation& simulation)
    : simulation_(simulation), state_(luaL_newstate()), engine_(state(), *this) {
  lua_setallocf(state(), lua::allocate, nullptr);
  luaL_openlibs(state());
  protect([this](lua_State* L) { stopper_.install(L); });
}

// Both are globals besides, as they are in the simulator.
bool LuaScript::add_modules(script::Api& api) {
  return protect([this, &api](lua_State* L) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    binding_ = lua::push_module(L);
    *binding_ = {&api, &engine_};
    lua_pushvalue(L, -1);
    lua_setglobal(L, "simWS");
    lua_setfield(L, -2, "simWS");
    push_sim_module(L, sim_);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "sim");
    lua_setfield(L, -2, "sim");
    lua::set_global_constants(L);
  });
}

void LuaScript::end_modules() {
  if (binding_) *binding_ = {};
}

bool LuaScript::protect(const std::function<void(lua_State*)>& task) {
  lua_State* const L = state();
  lua_pushcfunction(L, [](lua_State* inner) {
    (*static_cast<const std::function<void(lua_State*)>*>(lua_touserdata(inner, 1)))(inner);
    return 0;
  });
  lua_pushlightuserdata(L, const_cast<std::function<void(lua_State*)>*>(&task));
  if (lua_pcall(L, 1, 0, 0) == LUA_OK) return true;
  take_error();
  return false;
}

Outcome LuaScript::run_file(const std::string& path, const std::vector<std::string>& arguments) {
  lua_State* const L = state();
  const std::string folder = folder_of(path);
  const bool is_prepared = protect([&](lua_State* inner) {
    set_arguments(inner, path, arguments);
    add_module_folder(inner, folder);
  });
  if (!is_prepared) return Outcome::failed;
  if (luaL_loadfilex(L, path.c_str(), "t") != LUA_OK) return take_error();
  const auto count = static_cast<int>(arguments.size());
  luaL_checkstack(L, count, "too many arguments");
  for (const std::string& argument : arguments) push_text(L, argument);
  return call_top(count);
}

bool LuaScript::has_function(const char* name) {
  lua_pushglobaltable(state());
  lua_pushstring(state(), name);
  const bool found = lua_rawget(state(), -2) == LUA_TFUNCTION;
  lua_pop(state(), 2);
  return found;
}

Outcome LuaScript::call(const char* name) {
  if (!has_function(name)) return Outcome::next;
  lua_getglobal(state(), name);
  return call_top(0);
}

void LuaScript::make_thread(const char* name) {
  if (!has_function(name)) return;
  thread_ = lua_newthread(state());
  lua_rawsetp(state(), LUA_REGISTRYINDEX, thread_);
  lua_getglobal(state(), name);
  lua_xmove(state(), thread_, 1);
}

Outcome LuaScript::resume_thread() {
  if (!thread_) return Outcome::next;
  int result_count = 0;
  int status = LUA_OK;
  {
    const lua::LuaEngine::Entered entered(engine_, thread_);
    const Stopper::Running running(stopper_, thread_);
    status = lua_resume(thread_, state(), 0, &result_count);
  }
  if (status == LUA_YIELD) {
    lua_pop(thread_, result_count);
    return Outcome::next;
  }
  lua_State* const coroutine = std::exchange(thread_, nullptr);
  if (status == LUA_OK) {
    const int first = lua_gettop(coroutine) - result_count + 1;
    return result_count > 0 && is_end_command(coroutine, first) ? Outcome::ended : Outcome::next;
  }
  lua_pushcfunction(state(), add_traceback_of);
  lua_xmove(coroutine, state(), 1);
  lua_pushlightuserdata(state(), coroutine);
  lua_pcall(state(), 2, 1, 0);
  return take_error();
}

Outcome LuaScript::end_thread() {
  thread_ = nullptr;
  return Outcome::next;
}

void LuaScript::interrupt_after(std::chrono::milliseconds grace) {
  stopper_.interrupt_after(grace);
}

void LuaScript::cancel_interrupt() {
  stopper_.cancel();
}

Outcome LuaScript::call_top(int argument_count) {
  lua_State* const L = state();
  const int base = lua_gettop(L) - argument_count;
  lua_pushcfunction(L, lua::add_traceback);
  lua_insert(L, base);
  const int status = lua_pcall(L, argument_count, 1, base);
  Outcome outcome = Outcome::failed;
  if (status == LUA_OK) {
    outcome = is_end_command(L, lua_gettop(L)) ? Outcome::ended : Outcome::next;
  } else {
    outcome = take_error();
  }
  lua_settop(L, base - 1);
  return outcome;
}

// From the top of the stack.
Outcome LuaScript::take_error() {
  const char* const message = lua_tostring(state(), -1);
  const bool is_end = stopper_.has_stopped();
  if (!is_end) {
    std::cerr << "simws: " << (message ? message : "an error that is no string") << '\n';
  }
  lua_pop(state(), 1);
  return is_end ? Outcome::ended : Outcome::failed;
}

}  // namespace simws::host
