// A script: its file, and the Lua state it has while it is initialized.
#pragma once

#include "items.h"

#include <lua.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simhost {

class Simulator;

enum class ScriptKind { simulation, customization, add_on, sandbox };

enum class CallOutcome { failed = -1, missing = 0, done = 1 };

struct ScriptPlan {
  std::string name;
  std::string path;
  ScriptKind kind = ScriptKind::add_on;
  bool is_python = false;
  std::vector<std::string> arguments;
};

class Script {
 public:
  Script(Simulator& simulator, ScriptPlan plan, int handle, int object, std::int64_t uid);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  const ScriptPlan& plan() const { return plan_; }
  int handle() const { return handle_; }
  int object() const { return object_; }
  std::int64_t uid() const { return uid_; }
  Simulator& simulator() { return simulator_; }

  // It has a state, and the plugin hasn't heard of its end.
  bool is_alive() const { return state_ && !is_announced_; }
  bool has_state() const { return state_ != nullptr; }

  // Runs its file and `sysCall_init`; an add-on's file runs for `sysCall_info` first, in a state of
  // its own.
  void begin();
  // `sysCall_cleanup`, then the message; at once, or when the outermost call into it returns.
  void end();

  // A function by its name, which may be dotted; `sysCall_ext` comes first where there is one.
  CallOutcome call(const std::string& function, const Items& arguments, Items& results);
  // Whether the state has it, it's called.
  CallOutcome call_system(const char* function);
  // One turn of `sysCall_thread`.
  void resume_thread();
  // Runs a chunk and returns what it returns as text, or the error.
  bool run(const std::string& chunk, std::string& answer);

  // A wait that a coroutine of the script has begun.
  void set_wait(double simulation_time) { wait_until_ = simulation_time; }
  void flag_for_end() { ends_ = true; }

  static Script& of(lua_State* L);

 private:
  class Executing;

  bool open_state();
  void close_state();
  bool push_function(const std::string& name);
  CallOutcome call_pushed(int arguments, Items* results);
  void take_error();
  void end_if_due();
  void take_command(const Items& results);

  Simulator& simulator_;
  const ScriptPlan plan_;
  const int handle_;
  const int object_;
  const std::int64_t uid_;
  lua_State* state_ = nullptr;
  lua_State* thread_ = nullptr;
  int thread_reference_ = LUA_NOREF;
  int depth_ = 0;
  bool is_initialized_ = false;
  bool is_ending_ = false;
  bool is_announced_ = false;
  bool ends_ = false;
  double wait_until_ = 0;
};

}  // namespace simhost
