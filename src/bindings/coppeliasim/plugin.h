// All that the plugin has, from simInit to simCleanup.
#pragma once

#include "bindings/coppeliasim/plugin_log.h"
#include "bindings/coppeliasim/script_session.h"
#include "bindings/coppeliasim/simulator.h"
#include "script/function_table.h"

#include <simws/event_loop.h>
#include <simws/options.h>
#include <simws/result.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace simws::coppeliasim {

// Belongs to the simulation's thread.
class Plugin {
 public:
  Plugin(const Simulator& simulator, const std::string& plugin_name);
  // Servers stop; what they have queued still leaves, for as long as their closeTimeout allows.
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  // A script calls a function of the table.
  void call(const script::FunctionRow& row, const ScriptCall& call);
  // simWS.lua has been loaded by a script.
  void use_module(const ScriptCall& call);
  void on_message(const Message& message);
  // Ends all scripts' servers; no script is called from here on.
  void end();

 private:
  void show_user_agent() const;
  ScriptKey key_of(int script) const;
  int shown_scene() const { return simulator_.int32_param(parameter::scene, 0); }
  ScriptSession* find(const ScriptKey& key);
  ScriptSession& session_of(int script);
  void end_script(int script);
  void pass();
  void deliver();
  void forget_ended();

  const Simulator simulator_;
  const std::shared_ptr<PluginLog> log_;
  // A simulator that unloads or quits waits so long at most for what is still to leave.
  static constexpr Seconds longest_drain{0.3};
  dispatch::Network network_{std::make_unique<EventLoop>(), longest_drain};
  std::vector<std::unique_ptr<ScriptSession>> sessions_;
  std::size_t first_ = 0;  // whose turn it is to be served first
  bool is_delivering_ = false;
  bool has_ended_sessions_ = false;
};

}  // namespace simws::coppeliasim
