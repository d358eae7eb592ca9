// What the modules of a Python script work on.
#pragma once

#include "bindings/python/python_engine.h"
#include "bindings/python/thread_owner.h"
#include "host/python/interrupter.h"
#include "host/simulation.h"
#include "script/api.h"

namespace simws::host {

// Functions of the modules hold it, so it's there longer than what it works on. Its functions need
// the interpreter's lock.
class HostBinding {
 public:
  // All are there until `end`. Belongs to the calling thread.
  HostBinding(Simulation& simulation, python::PythonEngine& engine, Interrupter& interrupter);

  void begin(script::Api& api) { api_ = &api; }
  void end();

  // See python::Binding.
  script::Api* enter(const script::FunctionRow& row, PyObject* error_type);
  void leave() { --calls_; }
  python::PythonEngine& engine() { return *engine_; }
  // The script is in a call, inside of which callbacks run.
  bool is_in_call() const { return calls_ > 0; }

  // The script has forked this process from the host's.
  void note_fork() { is_forked_ = true; }
  bool is_forked() const { return is_forked_; }

  // Null when the script has ended.
  Simulation* simulation() const { return simulation_; }

  // The calling thread is that of sysCall_thread.
  void adopt_thread();
  // It runs, instead of the script's main one, or no longer.
  void set_thread_running(bool is_running);
  // The caller is sysCall_thread, and no callback in one of its calls.
  bool may_wait() const;

  void interrupt_thread(unsigned long ident);
  bool has_interrupted() const { return !interrupter_ || interrupter_->has_interrupted(); }

 private:
  Simulation* simulation_;
  python::PythonEngine* engine_;
  Interrupter* interrupter_;
  script::Api* api_ = nullptr;
  python::ThreadOwner main_;
  python::ThreadOwner thread_;
  unsigned long thread_ident_ = 0;
  bool is_thread_running_ = false;
  bool is_forked_ = false;
  int calls_ = 0;
};

}  // namespace simws::host
