#include "bindings/python/module/module_engine.h"

#include "bindings/python/module/forks.h"
#include "bindings/python/thread_owner.h"

#include <csignal>
#include <string>
#include <utility>

namespace simws::python {

namespace {

// Signals are Python's main thread's to handle. One that comes meanwhile may leave an exception
// set.
bool is_main_thread() {
  const Object main_thread = imported("threading", "main_thread");
  const Object thread =
      Object::take(main_thread ? PyObject_CallObject(main_thread.get(), nullptr) : nullptr);
  const Object id = thread ? attribute(thread.get(), "ident") : Object();
  return id && PyLong_AsUnsignedLong(id.get()) == PyThread_get_thread_ident();
}

}  // namespace

void ModuleEngine::begin_servers() {
  forks_before_ = fork_count();
}

bool ModuleEngine::is_forked() const {
  return fork_count() != forks_before_;
}

// A process that a callback has forked shares the sockets with the one that serves: it may not go
// on with what that one does.
Result<void> ModuleEngine::call(std::span<const script::Value> arguments,
                                std::span<script::Value> results) {
  auto called = PythonEngine::call(arguments, results);
  if (is_forked()) {
    api().end_pass();
    if (is_unlocked()) end_forked_process();
  }
  return called;
}

// As the end of a program does it.
void ModuleEngine::end_forked_process() {
  lock();
  if (!raise_exception()) {
    PyErr_Format(PyExc_RuntimeError, "simWS.run ends here: %s",
                 std::string(refusal_after_fork).c_str());
  }
  PyErr_Print();  // ends the process by SystemExit
  Py_Exit(1);
}

void ModuleEngine::begin_waiting(script::Api& api) {
  const bool is_main = is_main_thread();
  if (is_main && !signals_) {
    Object set_wakeup_fd = imported("signal", "set_wakeup_fd");
    if (set_wakeup_fd) signals_ = std::make_unique<SignalWatch>(std::move(set_wakeup_fd));
  }
  swallow_exception();
  are_signals_watched_ = is_main && signals_;
  if (are_signals_watched_) signals_->begin(api);
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
  return has_exception() || is_ending() || (are_signals_watched_ && signals_->is_terminated());
}

void ModuleEngine::end_waiting(bool is_handled) {
  lock();
  const bool was_watching = std::exchange(are_signals_watched_, false);
  const bool is_terminated = was_watching && signals_->is_terminated();
  if (was_watching) signals_->end();
  handle_signals();
  if (is_terminated && !is_handled) std::raise(SIGTERM);
}

// What signals' handlers have raised where it didn't matter pends too.
void ModuleEngine::handle_signals() {
  if (Py_MakePendingCalls() != 0) keep_exception();
}

}  // namespace simws::python
