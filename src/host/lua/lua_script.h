// A Lua script, and its functions which the host calls.
#pragma once

#include "bindings/lua/lua_engine.h"
#include "bindings/lua/lua_module.h"
#include "host/lua/sim_module.h"
#include "host/lua/stopper.h"
#include "host/script.h"
#include "host/simulation.h"

#include <lua.hpp>

#include <functional>
#include <memory>
#include <span>

namespace simws::host {

class LuaScript final : public Script {
 public:
  // `simulation` must outlive it.
  explicit LuaScript(Simulation& simulation);

  script::Engine& engine() override { return engine_; }
  bool add_modules(script::Api& api) override;
  void end_modules() override;

  Outcome run_file(const std::string& path, const std::vector<std::string>& arguments) override;
  std::optional<int> exit_code() const override { return stopper_.exit_code(); }
  bool has_function(const char* name) override;
  Outcome call(const char* name) override;

  // The thread is a coroutine.
  void make_thread(const char* name) override;
  Outcome resume_thread() override;
  Outcome end_thread() override;

  void interrupt_after(std::chrono::milliseconds grace) override;
  void cancel_interrupt() override;

 private:
  class Engine final : public lua::LuaEngine {
   public:
    Engine(lua_State* L, LuaScript& script) : LuaEngine(L), script_(script) {}

    std::optional<std::string> named_parameter(std::string_view name) override;
    void begin_waiting(script::Api&) override {}
    bool is_interrupted() override;
    void end_waiting(bool is_handled) override;
    // A handler that calls os.exit doesn't fail.
    Result<void> call(std::span<const script::Value> arguments,
                      std::span<script::Value> results) override;

   private:
    LuaScript& script_;
  };
  struct Close {
    void operator()(lua_State* L) const { lua_close(L); }
  };

  lua_State* state() const { return state_.get(); }
  // Runs `task` in protected mode, for what may raise errors of Lua's.
  bool protect(const std::function<void(lua_State*)>& task);
  Outcome call_top(int argument_count);
  Outcome take_error();

  Simulation& simulation_;
  lua_State* thread_ = nullptr;  // the coroutine of sysCall_thread
  LuaSim sim_{&simulation_, &thread_};
  Stopper stopper_;
  std::unique_ptr<lua_State, Close> state_;
  Engine engine_;
  lua::Binding* binding_ = nullptr;
};

}  // namespace simws::host
