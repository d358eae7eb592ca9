// Runs one script: calls what it has as a simulator would, and serves it.
#pragma once

#include "bindings/lua/lua_engine.h"
#include "bindings/lua/lua_module.h"
#include "host/lua_script.h"
#include "host/run_options.h"
#include "host/signals.h"
#include "host/simulation.h"
#include "script/api.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simws::host {

class ScriptHost {
 public:
  explicit ScriptHost(const RunOptions& options);
  // Servers that are left stop without callbacks; what they have queued still leaves.
  ~ScriptHost();
  ScriptHost(const ScriptHost&) = delete;
  ScriptHost& operator=(const ScriptHost&) = delete;

  // Returns the program's exit code, when the script or the user ends it.
  int run();

 private:
  class Engine final : public lua::LuaEngine {
   public:
    using LuaEngine::LuaEngine;

    std::optional<std::string> named_parameter(std::string_view name) override;
    void begin_waiting(script::Api&) override {}
    bool is_interrupted() override { return host->is_ending(); }
    void end_waiting(bool) override {}
    // A handler that calls os.exit doesn't fail.
    Result<void> call(std::span<const script::Value> arguments,
                      std::span<script::Value> results) override;

    ScriptHost* host = nullptr;
  };

  bool add_modules();
  bool is_stepped() const;
  bool is_ending() const { return Signals::is_end_requested() || script_.exit_code(); }
  Outcome run_steps();
  Outcome step();
  Outcome resume_thread();
  void serve_until(Clock::time_point deadline);

  const RunOptions& options_;
  dispatch::Network network_;
  Simulation simulation_;
  LuaScript script_;
  Engine engine_;
  script::Api api_;
  Signals signals_;
  lua::Binding* binding_ = nullptr;
};

}  // namespace simws::host
