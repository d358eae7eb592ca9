// One script of the simulator, as long as its state lives, with its servers.
#pragma once

#include "bindings/coppeliasim/plugin_log.h"
#include "bindings/coppeliasim/script_engine.h"
#include "bindings/coppeliasim/simulator.h"
#include "script/api.h"

#include <simws/options.h>
#include <simws/result.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace simws::coppeliasim {

// Scripts of other scenes may have the same handle, and can't be called while their scene isn't the
// one shown. Add-ons belong to none.
struct ScriptKey {
  int script = -1;
  int scene = 0;

  bool operator==(const ScriptKey&) const = default;
};

class ScriptSession {
 public:
  ScriptSession(const Simulator& simulator, dispatch::Network& network,
                const std::shared_ptr<PluginLog>& log, ScriptKey key);
  // Servers that are left stop, without callbacks.
  ~ScriptSession() = default;
  ScriptSession(const ScriptSession&) = delete;
  ScriptSession& operator=(const ScriptSession&) = delete;

  const ScriptKey& key() const { return key_; }
  void use_module() { engine_.use_module(); }

  // A function of the table. Errors name the function.
  Result<script::Value> call(const script::FunctionRow& row, std::size_t given,
                             std::span<script::Value> values);
  bool has_events() const { return api_.has_events(); }
  Seconds pass_budget() const { return api_.pass_budget(); }
  void deliver(Seconds budget);

  // The script's state is about to be destroyed: its servers stop, and it's called no more.
  void end();
  bool has_ended() const { return has_ended_; }
  // A function of it is on the stack: it must not be destroyed.
  bool is_in_use() const { return uses_ > 0; }

 private:
  script::Settings make_settings();

  const ScriptKey key_;
  const std::string name_;
  const std::shared_ptr<PluginLog> log_;
  ScriptEngine engine_;
  script::Api api_;
  int uses_ = 0;
  bool has_ended_ = false;
  bool gives_advice_ = false;  // the latest start does
};

}  // namespace simws::coppeliasim
