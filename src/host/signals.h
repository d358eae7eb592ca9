// Ctrl-C, SIGTERM and SIGHUP while the host runs a script.
#pragma once

#include "host/script.h"
#include "script/api.h"

namespace simws::host {

// While it lives, the first signal asks the host to end: it ends waits, and a script that is busy
// for longer than half a second afterwards is interrupted by an error. Ctrl-C after a signal ends
// the program at once. One at a time in a process.
class Signals {
 public:
  // Both must outlive it.
  Signals(script::Api& api, Script& script);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  static bool is_end_requested();

  // The script may go on, so that it can clean up.
  void let_script_finish();

 private:
  Script& script_;
  bool hears_hangup_ = false;
};

// The user or the script asked for it.
inline bool is_ending(const Script& script) {
  return Signals::is_end_requested() || script.exit_code();
}

}  // namespace simws::host
