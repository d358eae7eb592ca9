#include "host/python/interrupter.h"

#include "bindings/python/python_object.h"

#include <signal.h>

namespace simws::host {

Interrupter::Interrupter() {
  sem_init(&asked_, 0, 0);
  watch_ = std::thread([this] { run(); });
}

Interrupter::~Interrupter() {
  cancel();
  sem_post(&asked_);
  Py_BEGIN_ALLOW_THREADS;
  watch_.join();
  Py_END_ALLOW_THREADS;
  sem_destroy(&asked_);
}

void Interrupter::begin() {
  struct sigaction action {};
  sigaction(SIGTERM, nullptr, &action);
  terminate_handler_ = action.sa_handler;
  action.sa_flags &= ~SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
}

void Interrupter::interrupt_after(std::chrono::milliseconds delay) {
  delay_ = delay;
  sem_post(&asked_);
}

void Interrupter::cancel() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_all();
  // One that hasn't been raised yet is raised here.
  if (has_interrupted_ && PyErr_CheckSignals() != 0) PyErr_Clear();
}

void Interrupter::run() {
  while (sem_wait(&asked_) != 0) continue;  // a signal
  {
    std::unique_lock lock(mutex_);
    if (over_.wait_for(lock, delay_.load(), [this] { return is_over_; })) return;
  }
  const PyGILState_STATE state = PyGILState_Ensure();
  {
    const std::lock_guard lock(mutex_);
    if (!is_over_) interrupt();
  }
  PyGILState_Release(state);
}

void Interrupter::interrupt() {
  has_interrupted_ = true;
  if (thread_ != 0) {
    interrupt_thread(thread_);
  } else {
    interrupt_main();
  }
}

void Interrupter::interrupt_thread(unsigned long ident) {
  has_interrupted_ = true;
  PyThreadState_SetAsyncExc(ident, PyExc_KeyboardInterrupt);
}

// Python raises it between two instructions, and when a system call ends because of a signal. A
// second SIGTERM asks for nothing that the first hasn't; a script's own handler is left in peace.
void Interrupter::interrupt_main() {
  PyErr_SetInterrupt();
  struct sigaction action {};
  const bool is_ours =
      sigaction(SIGTERM, nullptr, &action) == 0 && action.sa_handler == terminate_handler_;
  if (is_ours) pthread_kill(main_, SIGTERM);
}

}  // namespace simws::host
