// Signals while a Python program waits for the network.
#pragma once

#include "bindings/python/python_object.h"
#include "script/api.h"

#include <mutex>
#include <thread>

namespace simws::python {

// Between `begin` and `end`, each signal that Python has a handler for, by then or set meanwhile,
// ends the waits of `api`; so does a SIGTERM that would end the program. Python writes to a
// descriptor when a signal comes (signal.set_wakeup_fd), which a thread of this class reads; who
// was told before still is. Its functions need the interpreter's lock, on Python's main thread.
class SignalWatch {
 public:
  // The function signal.set_wakeup_fd.
  explicit SignalWatch(Object set_wakeup_fd);
  // In a forked process, which doesn't have the thread, too.
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  void begin(script::Api& api);
  void end();

  // A SIGTERM came that would have ended the program. Without the lock too.
  bool is_terminated() const;

 private:
  // Returns the one before; -1: there was none, or it isn't open any more.
  int set_wakeup_descriptor(int descriptor) const;
  void run();
  void watch_termination();
  void unwatch_termination();

  const Object set_wakeup_fd_;
  int read_end_ = -1;  // both -1: the system is out of descriptors, and nothing is watched
  int write_end_ = -1;
  bool has_terminator_ = false;
  int outer_terminator_ = -1;  // told of SIGTERM before
  std::mutex mutex_;
  script::Api* api_ = nullptr;  // guarded by mutex_; null: nobody waits
  int told_before_ = -1;        // guarded by mutex_; Python's descriptor before; -1: none
  const int process_;
  std::thread thread_;
};

}  // namespace simws::python
