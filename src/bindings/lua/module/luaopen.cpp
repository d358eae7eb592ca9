// `require 'simWS'` in plain Lua 5.4.
#include "base/descriptors.h"
#include "bindings/lua/interrupt.h"
#include "bindings/lua/lua_engine.h"
#include "bindings/lua/lua_module.h"
#include "script/api.h"

#include <lua.hpp>

#include <csignal>
#include <memory>
#include <new>
#include <optional>

namespace {

using simws::lua::Binding;
using simws::lua::InterruptGuard;
using simws::lua::LuaEngine;

constexpr const char* registry_name = "simWS.module";

class ModuleEngine final : public LuaEngine {
 public:
  using LuaEngine::LuaEngine;

  void begin_waiting(simws::script::Api& api) override { guard_.emplace(api); }
  bool is_interrupted() override { return guard_ && guard_->signal() != 0; }
  void end_waiting(bool is_handled) override {
    const int signal = guard_->signal();
    guard_.reset();
    if (signal != 0 && !is_handled) std::raise(signal);
  }

 private:
  std::optional<InterruptGuard> guard_;
};

// What the module owns in one Lua state. Ends with the state: servers stop without callbacks, and
// what they have queued still leaves.
struct Module {
  explicit Module(lua_State* L) : engine(L) {}
  ~Module() { *binding = {}; }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  simws::dispatch::Network network;
  ModuleEngine engine;
  simws::script::Api api{network, engine, {}};
  Binding* binding = nullptr;
};

int destroy_module(lua_State* L) {
  auto& module = *static_cast<std::unique_ptr<Module>*>(lua_touserdata(L, 1));
  // os.exit(code, true) in a handler that the loop itself called: it's in use until the program
  // ends.
  if (module->api.is_delivering() && module->network.is_driven_by_caller()) {
    *module->binding = {};
    static_cast<void>(module.release());
  }
  module.reset();
  return 0;
}

lua_State* main_state(lua_State* L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  lua_State* const state = lua_tothread(L, -1);
  lua_pop(L, 1);
  return state;
}

// Pushes the owner of the module with its finalizer.
std::unique_ptr<Module>& push_owner(lua_State* L) {
  void* const memory = lua_newuserdatauv(L, sizeof(std::unique_ptr<Module>), 0);
  auto& owner = *new (memory) std::unique_ptr<Module>();
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, destroy_module);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  return owner;
}

}  // namespace

// One module per Lua state, however often it's opened.
extern "C" __attribute__((visibility("default"))) int luaopen_simWS(lua_State* L) {
  simws::open_standard_descriptors();
  if (lua_getfield(L, LUA_REGISTRYINDEX, registry_name) == LUA_TTABLE) return 1;
  lua_pop(L, 1);
  Binding* const binding = simws::lua::push_module(L);
  auto& owner = push_owner(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &owner);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, registry_name);
  owner = std::make_unique<Module>(main_state(L));
  owner->binding = binding;
  *binding = {&owner->api, &owner->engine};
  return 1;
}
