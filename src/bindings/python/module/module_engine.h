// How `import simWS` waits: without the interpreter's lock, and until a signal comes.
#pragma once

#include "bindings/python/module/signal_watch.h"
#include "bindings/python/python_engine.h"

#include <atomic>
#include <memory>
#include <span>

namespace simws::python {

class ModuleEngine final : public PythonEngine {
 public:
  // The servers to come belong to this process.
  void begin_servers();
  // This one has been forked off it.
  bool is_forked() const;

  Result<void> call(std::span<const script::Value> arguments,
                    std::span<script::Value> results) override;

  void begin_waiting(script::Api& api) override;
  bool is_interrupted() override;
  void end_waiting(bool is_handled) override;

  // The program ends: so do waits, whatever thread waits.
  void end() { ending_ = true; }
  bool is_ending() const { return ending_; }

 private:
  // Runs the handlers of signals that have come, on the main thread.
  void handle_signals();
  void end_forked_process();

  int forks_before_ = 0;
  std::unique_ptr<SignalWatch> signals_;  // since the main thread waited first
  bool are_signals_watched_ = false;
  std::atomic<bool> ending_{false};
};

}  // namespace simws::python
