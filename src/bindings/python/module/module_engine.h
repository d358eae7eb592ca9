// How `import simWS` waits: without the interpreter's lock, and until a signal comes.
#pragma once

#include "bindings/python/module/interrupt.h"
#include "bindings/python/python_engine.h"

#include <atomic>
#include <optional>

namespace simws::python {

class ModuleEngine final : public PythonEngine {
 public:
  void begin_waiting(script::Api& api) override;
  bool is_interrupted() override;
  void end_waiting(bool is_handled) override;

  // The program ends: so do waits, whatever thread waits.
  void end() { ending_ = true; }
  bool is_ending() const { return ending_; }

 private:
  // Runs the handlers of signals that have come, on the main thread.
  void handle_signals();

  std::optional<InterruptGuard> guard_;
  std::atomic<bool> ending_{false};
};

}  // namespace simws::python
