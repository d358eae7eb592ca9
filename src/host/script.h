// A script that the host runs, in whatever language.
#pragma once

#include "script/api.h"
#include "script/engine.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace simws::host {

enum class Outcome {
  next,    // it returned, or there's no such function
  ended,   // it asked to end, by {cmd = 'cleanup'} or exit, or the user interrupted it
  failed,  // it raised an error
};

// Belongs to the host's thread. What the script raises is written to standard error with its
// traceback.
class Script {
 public:
  virtual ~Script() = default;

  virtual script::Engine& engine() = 0;

  // Gives it the modules simWS and sim. False: that failed.
  virtual bool add_modules(script::Api& api) = 0;
  // The servers are gone: what the script still calls of simWS raises errors.
  virtual void end_modules() = 0;

  // Runs the file from top to bottom with its arguments, and looks for modules in its folder.
  virtual Outcome run_file(const std::string& path, const std::vector<std::string>& arguments) = 0;
  // Of the exit function of its language, once the script has called it.
  virtual std::optional<int> exit_code() const = 0;

  virtual bool has_function(const char* name) = 0;
  // Calls a global function without arguments.
  virtual Outcome call(const char* name) = 0;

  // Makes a thread of a global function, which runs in `resume_thread` only. Nothing happens when
  // there's none of that name.
  virtual void make_thread(const char* name) = 0;
  // Goes on with the thread until it waits or ends. `next` also when there's none.
  virtual Outcome resume_thread() = 0;
  // A thread that waits won't go on any more.
  virtual Outcome end_thread() = 0;

  // Once `grace` is over, whatever the script does then is interrupted by an error, and what comes
  // of it is `ended`. Called by a signal handler.
  virtual void interrupt_after(std::chrono::milliseconds grace) = 0;
  // The script may go on, so that it can clean up.
  virtual void cancel_interrupt() = 0;
};

}  // namespace simws::host
