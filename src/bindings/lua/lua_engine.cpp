#include "bindings/lua/lua_engine.h"

#include "bindings/lua/lua_values.h"
#include "script/function_table.h"

#include <limits>

namespace simws::lua {

namespace {

using script::Callback;
using script::CallbackKind;
using script::Function;
using script::Value;

constexpr int stack_room = 16;  // for a call with all it needs
constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

// How many arguments the function on top takes.
std::size_t top_arity(lua_State* L) {
  lua_Debug info;
  lua_pushvalue(L, -1);
  lua_getinfo(L, ">u", &info);
  return info.isvararg ? any_number : info.nparams;
}

// (name) -> what the dotted global name stands for, or nil.
int look_up(lua_State* L) {
  std::string_view rest = *static_cast<const std::string_view*>(lua_touserdata(L, 1));
  lua_pushglobaltable(L);
  while (true) {
    const std::size_t dot = rest.find('.');
    lua_pushlstring(L, rest.data(), rest.substr(0, dot).size());
    lua_gettable(L, -2);
    if (dot == std::string_view::npos || lua_isnil(L, -1)) return 1;
    rest.remove_prefix(dot + 1);
  }
}

// The same for a name without dots, as it's kept, but nil too where only a metatable may know.
// Raises no error.
void push_global(lua_State* L, Function name) {
  lua_pushglobaltable(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, name.key);
  lua_rawget(L, -2);
  lua_replace(L, -2);
}

// Pushes what the name stands for now. False: it's no function.
bool push_named(lua_State* L, std::string_view name, Function kept) {
  if (name.find('.') == std::string_view::npos) {
    push_global(L, kept);
    if (lua_isfunction(L, -1)) return true;
    lua_pop(L, 1);
  }
  lua_pushcfunction(L, look_up);
  lua_pushlightuserdata(L, &name);
  lua_pcall(L, 1, 1, 0);
  return lua_isfunction(L, -1);
}

// Refers to the value on top in the registry; its place there takes its place here.
int refer(lua_State* L) {
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

using Told = script::ToldData<const char*>;

// What `call_with` is given besides the function.
struct HandlerCall {
  std::span<const Value> arguments;
  Told& told;
};

// Tells of the string on top, and keeps it below what is called: the handler may drop its own, and
// another one might come to lie there. The function and what was pushed stay on top, in order.
void tell_top(lua_State* L, Told& told, const Value& value) {
  const auto* data = value.as<script::Data>();
  if (!data || !Told::is_worth_telling(*data)) return;
  lua_pushvalue(L, -1);
  lua_insert(L, 1);
  told.tell(lua_tostring(L, 1), *data);
}

// (function, call) -> its results. A C function has room for more than these.
int call_with(lua_State* L) {
  const auto& call = *static_cast<const HandlerCall*>(lua_touserdata(L, 2));
  static_assert(2 * script::max_callback_parameters < LUA_MINSTACK);
  lua_settop(L, 1);
  for (const Value& argument : call.arguments) {
    push_value(L, argument);
    tell_top(L, call.told, argument);
  }
  const int count = static_cast<int>(call.arguments.size());
  const int kept = lua_gettop(L) - count - 1;
  lua_call(L, count, LUA_MULTRET);
  return lua_gettop(L) - kept;
}

std::string take_message(lua_State* L) {
  std::size_t length = 0;
  const char* const text = lua_tolstring(L, -1, &length);
  std::string message = text ? std::string(text, length) : "an error that is no string";
  lua_pop(L, 1);
  return message;
}

// Calls the function below the argument on top, which refers to what is to be kept.
Result<Function> call_to_keep(lua_State* L) {
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) return Error{ErrorCode::unavailable, take_message(L)};
  const Function kept{static_cast<std::intptr_t>(lua_tointeger(L, -1))};
  lua_pop(L, 1);
  return kept;
}

}  // namespace

int add_traceback(lua_State* L) {
  luaL_traceback(L, L, luaL_tolstring(L, 1, nullptr), 1);
  return 1;
}

Result<script::KeptFunction> LuaEngine::keep(Function argument) {
  lua_State* const L = state();
  if (lua_checkstack(L, stack_room) == 0) return Error{ErrorCode::unavailable, "stack overflow"};
  lua_pushvalue(L, static_cast<int>(argument.key));
  const std::size_t arity = top_arity(L);
  lua_pushcfunction(L, refer);
  lua_insert(L, -2);
  const auto kept = call_to_keep(L);
  if (!kept) return kept.error();
  return script::KeptFunction{*kept, arity};
}

Result<Function> LuaEngine::keep_name(std::string_view name) {
  lua_State* const L = state();
  if (lua_checkstack(L, stack_room) == 0) return Error{ErrorCode::unavailable, "stack overflow"};
  lua_pushcfunction(L, [](lua_State* state) {
    const auto& text = *static_cast<const std::string_view*>(lua_touserdata(state, 1));
    lua_pushlstring(state, text.data(), text.size());
    return refer(state);
  });
  lua_pushlightuserdata(L, &name);
  return call_to_keep(L);
}

void LuaEngine::release(Function kept) {
  luaL_unref(state(), LUA_REGISTRYINDEX, static_cast<int>(kept.key));
}

std::optional<std::size_t> LuaEngine::find(const Callback& callback) {
  lua_State* const L = state();
  if (lua_checkstack(L, stack_room) == 0) return std::nullopt;
  const int before = lua_gettop(L);
  lua_pushcfunction(L, add_traceback);
  lua_pushcfunction(L, call_with);
  if (callback.name.empty()) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, callback.function.key);
    return callback.arity;
  }
  if (!push_named(L, callback.name, callback.function)) {
    lua_settop(L, before);
    return std::nullopt;
  }
  return callback.kind == CallbackKind::http ? top_arity(L) : any_number;
}

namespace {

std::size_t size_in_use(lua_State* L) {
  return static_cast<std::size_t>(lua_gc(L, LUA_GCCOUNT)) << 10;
}

// A whole cycle of a generational collector is to change its mode and back, and which mode it has
// shows only then. False: it's incremental, and goes on as before.
bool collect_generations(lua_State* L) {
  if (lua_gc(L, LUA_GCINC, 0, 0, 0) != LUA_GCGEN) return false;
  lua_gc(L, LUA_GCGEN, 0, 0);
  return true;
}

// As much work as the message is long, in steps of the collector's own size, or the end of what it
// was at and a whole cycle: the first might have met the message while it was in use.
void step_collector(lua_State* L, std::size_t message) {
  constexpr std::size_t step = std::size_t{8} << 10;
  int cycles = 0;
  for (std::size_t work = 0; work < message && cycles < 2; work += step) {
    cycles += lua_gc(L, LUA_GCSTEP, 0);
  }
}

}  // namespace

// Lua's collector lets garbage grow to what is in use, which large messages make much of: so it's
// helped after each. A step of a generational one looks at nothing but what is young, as such a
// message isn't for long; so it's helped when those that came make up half of what is in use.
void LuaEngine::help_collector(std::span<const Value> arguments) {
  constexpr std::size_t large = std::size_t{256} << 10;
  lua_State* const L = state();
  for (const Value& argument : arguments) {
    const auto* data = argument.as<script::Data>();
    if (!data || data->bytes.size() < large || !lua_gc(L, LUA_GCISRUNNING)) continue;
    brought_ += data->bytes.size();
    if (brought_ >= size_in_use(L) / 2) {
      is_generational_ = collect_generations(L);
      brought_ = 0;
    }
    if (!is_generational_) step_collector(L, data->bytes.size());
  }
}

Result<void> LuaEngine::call(std::span<const Value> arguments, std::span<Value> results) {
  lua_State* const L = state();
  const int handler = lua_gettop(L) - 2;  // as `find` left it
  const Told::Telling telling(told_);
  HandlerCall given{arguments, told_};
  lua_pushlightuserdata(L, &given);
  const int status = lua_pcall(L, 2, static_cast<int>(results.size()), handler);
  if (status != LUA_OK) {
    Error error{ErrorCode::callback_failed, take_message(L)};
    lua_settop(L, handler - 1);
    return error;
  }
  int index = handler;
  for (Value& result : results) result = to_value(L, ++index);
  lua_settop(L, handler - 1);
  if (results.empty()) help_collector(arguments);  // else they are borrowed
  return {};
}

void LuaEngine::find_told(std::span<Value> arguments) const {
  if (told_.empty()) return;
  for (Value& argument : arguments) {
    const auto* data = argument.as<script::Data>();
    const auto* told = data ? told_.find(data->bytes.data()) : nullptr;
    if (told) argument = script::data_value(told->bytes);
  }
}

}  // namespace simws::lua
