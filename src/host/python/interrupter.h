// The end of a Python script that doesn't end when it's asked to.
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace simws::host {

// Raises KeyboardInterrupt in what the script does, some time after a signal handler has asked for
// it. Its functions need the interpreter's lock, but for `interrupt_after`.
class Interrupter {
 public:
  // For scripts of the calling thread, which must be Python's main one.
  Interrupter();
  ~Interrupter();
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

  // SIGTERM is handled from here on: it also wakes the script from system calls.
  void begin();
  // Called by a signal handler.
  void interrupt_after(std::chrono::milliseconds delay);
  // Not any more; nor does an interruption that is on its way arrive.
  void cancel();
  bool has_interrupted() const { return has_interrupted_; }

  // Which thread the script runs on: Python's number of it; 0: the main one.
  void set_thread(unsigned long ident) { thread_ = ident; }
  // At once.
  void interrupt_thread(unsigned long ident);

 private:
  using Handler = void (*)(int);

  void run();
  void interrupt();
  void interrupt_main();

  const pthread_t main_ = pthread_self();
  Handler terminate_handler_ = nullptr;
  unsigned long thread_ = 0;
  std::atomic<bool> has_interrupted_{false};

  sem_t asked_;
  std::atomic<std::chrono::milliseconds> delay_{};
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread watch_;
};

}  // namespace simws::host
