// Runs one script: calls what it has as a simulator would, and serves it.
#pragma once

#include "host/run_options.h"
#include "host/script.h"
#include "host/signals.h"
#include "host/simulation.h"
#include "script/api.h"

namespace simws::host {

class ScriptHost {
 public:
  // All must outlive it.
  ScriptHost(const RunOptions& options, dispatch::Network& network, Simulation& simulation,
             Script& script);
  // Servers that are left stop without callbacks; what they have queued still leaves.
  ~ScriptHost();
  ScriptHost(const ScriptHost&) = delete;
  ScriptHost& operator=(const ScriptHost&) = delete;

  // Returns the program's exit code, when the script or the user ends it.
  int run();

 private:
  Outcome serve(Outcome outcome);
  bool is_stepped() const;
  Outcome run_steps();
  Outcome run_until_end();
  Outcome step();
  Outcome resume_thread();
  Outcome serve_until(Clock::time_point deadline);

  const RunOptions& options_;
  Simulation& simulation_;
  Script& script_;
  script::Api api_;
  Signals signals_;
};

}  // namespace simws::host
