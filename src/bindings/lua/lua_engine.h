// How the server calls the functions of a Lua script.
#pragma once

#include "script/engine.h"
#include "script/told_data.h"

#include <lua.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simws::lua {

class LuaEngine : public script::Engine {
 public:
  explicit LuaEngine(lua_State* L) : state_(L) {}
  virtual ~LuaEngine() = default;
  LuaEngine(const LuaEngine&) = delete;
  LuaEngine& operator=(const LuaEngine&) = delete;

  Result<script::KeptFunction> keep(script::Function argument) override;
  Result<script::Function> keep_name(std::string_view name) override;
  void release(script::Function kept) override;
  std::optional<std::size_t> find(const script::Callback& callback) override;
  Result<void> call(std::span<const script::Value> arguments,
                    std::span<script::Value> results) override;
  std::optional<std::string> named_parameter(std::string_view) override { return std::nullopt; }

  // Data that the handler that runs was given lies again where it came from.
  void find_told(std::span<script::Value> arguments) const;

  // The coroutine whose call is under way, on whose stack handlers run.
  lua_State* state() const { return state_.load(std::memory_order_relaxed); }

  // Code of this coroutine runs while it lives.
  class Entered {
   public:
    Entered(LuaEngine& engine, lua_State* L) : engine_(engine), outer_(engine.state()) {
      engine_.state_.store(L, std::memory_order_relaxed);
    }
    ~Entered() { engine_.state_.store(outer_, std::memory_order_relaxed); }
    Entered(const Entered&) = delete;
    Entered& operator=(const Entered&) = delete;

   private:
    LuaEngine& engine_;
    lua_State* const outer_;
  };

 private:
  void help_collector(std::span<const script::Value> arguments);

  // Strings by their place.
  script::ToldData<const char*> told_;
  std::atomic<lua_State*> state_;  // read by signal handlers too
  std::size_t brought_ = 0;        // by large messages, since the collector's mode was looked at
  bool is_generational_ = false;   // it was then
};

// A message handler for lua_pcall: the error with a traceback.
int add_traceback(lua_State* L);

}  // namespace simws::lua
