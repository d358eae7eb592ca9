// A Python script, and its functions which the host calls.
#pragma once

#include "bindings/python/exceptions.h"
#include "bindings/python/python_engine.h"
#include "bindings/python/python_object.h"
#include "host/python/host_binding.h"
#include "host/python/interrupter.h"
#include "host/script.h"
#include "host/simulation.h"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace simws::host {

// Its functions need the interpreter's lock, as the host's thread has it but while it waits.
class PythonScript final : public Script {
 public:
  // `make_script` makes an object of the class Script in simws_host.py, which does what is best
  // done in Python.
  PythonScript(Simulation& simulation, PyObject* make_script);
  ~PythonScript() override;

  script::Engine& engine() override { return engine_; }
  bool add_modules(script::Api& api) override;
  void end_modules() override;

  Outcome run_file(const std::string& path, const std::vector<std::string>& arguments) override;
  std::optional<int> exit_code() const override { return exit_code_; }
  bool has_function(const char* name) override;
  Outcome call(const char* name) override;

  void make_thread(const char* name) override;
  Outcome resume_thread() override;
  Outcome end_thread() override;
  // The thread of sysCall_thread could not be ended.
  bool is_thread_lost() const;

  void interrupt_after(std::chrono::milliseconds grace) override;
  void cancel_interrupt() override;

 private:
  class Engine final : public python::PythonEngine {
   public:
    explicit Engine(PythonScript& script) : script_(script) {}

    std::optional<std::string> named_parameter(std::string_view name) override;
    void begin_waiting(script::Api&) override { unlock(); }
    bool is_interrupted() override;
    void end_waiting(bool) override { lock(); }
    // A handler that ends the program doesn't fail.
    Result<void> call(std::span<const script::Value> arguments,
                      std::span<script::Value> results) override;

   private:
    PythonScript& script_;
  };

  // Calls a method of the script's object; `format` and what follows are as for Py_BuildValue.
  template <typename... Arguments>
  python::Object ask(const char* method, const char* format, Arguments... arguments);
  // The same for one that answers with an Outcome.
  template <typename... Arguments>
  Outcome run(const char* method, const char* format, Arguments... arguments);
  // A callback raised what isn't only its own failure.
  void end_by(const python::Exception& exception);
  // The one that is set, which is cleared.
  void report_exception() const;
  void note_exit_code();

  Simulation& simulation_;
  const python::Object make_script_;
  python::Object script_;
  Engine engine_;
  Interrupter interrupter_;
  std::shared_ptr<HostBinding> binding_;
  std::optional<int> exit_code_;
};

}  // namespace simws::host
