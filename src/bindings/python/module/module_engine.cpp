#include "bindings/python/module/module_engine.h"

#include <csignal>

namespace simws::python {

namespace {

// Signals are Python's main thread's to handle.
bool is_main_thread() {
  const Object main_thread = imported("threading", "main_thread");
  const Object thread =
      Object::take(main_thread ? PyObject_CallObject(main_thread.get(), nullptr) : nullptr);
  const Object id = thread ? attribute(thread.get(), "ident") : Object();
  const bool is_main = id && PyLong_AsUnsignedLong(id.get()) == PyThread_get_thread_ident();
  PyErr_Clear();
  return is_main;
}

}  // namespace

void ModuleEngine::begin_waiting(script::Api& api) {
  if (is_main_thread()) guard_.emplace(api);
  // One that came before it was watched for.
  handle_signals();
  if (has_exception()) api.interrupt();
  unlock();
}

bool ModuleEngine::is_interrupted() {
  const bool was_unlocked = is_unlocked();
  if (was_unlocked) lock();
  handle_signals();
  if (was_unlocked) unlock();
  return has_exception() || is_ending() || (guard_ && guard_->is_terminated());
}

void ModuleEngine::end_waiting(bool is_handled) {
  lock();
  const bool is_terminated = guard_ && guard_->is_terminated();
  guard_.reset();
  handle_signals();
  if (is_terminated && !is_handled) std::raise(SIGTERM);
}

void ModuleEngine::handle_signals() {
  if (PyErr_CheckSignals() != 0) keep_exception();
}

}  // namespace simws::python
