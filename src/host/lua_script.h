// The script file, and its functions which the host calls.
#pragma once

#include "host/exit_request.h"

#include <lua.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simws::host {

enum class Outcome {
  next,    // it returned, or there's no such function
  ended,   // it asked to end, by {cmd = 'cleanup'} or os.exit, or the user interrupted it
  failed,  // it raised an error
};

// The Lua state of one script. Errors are written to standard error with a traceback.
class LuaScript {
 public:
  LuaScript();

  lua_State* state() const { return state_.get(); }

  // Runs `task` in protected mode, for what may raise errors of Lua's.
  bool protect(const std::function<void(lua_State*)>& task);

  // Runs the file from top to bottom with the global `arg`, and looks for modules in its folder.
  Outcome run_file(const std::string& path, const std::vector<std::string>& arguments);

  // Of os.exit, once the script has called it.
  std::optional<int> exit_code() const { return exit_.code(); }

  bool has_function(const char* name) const;
  // Calls a global function without arguments.
  Outcome call(const char* name);

  // Makes a coroutine of a global function; null when there's none of that name. The script keeps
  // it.
  lua_State* make_coroutine(const char* name);
  // Goes on with it. Nothing: it waits.
  std::optional<Outcome> resume(lua_State* coroutine);

 private:
  struct Close {
    void operator()(lua_State* L) const { lua_close(L); }
  };

  Outcome call_top(int argument_count);
  Outcome take_error();

  ExitRequest exit_;
  std::unique_ptr<lua_State, Close> state_;
};

}  // namespace simws::host
