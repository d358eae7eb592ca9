#include "bindings/python/module/forks.h"

#include <pthread.h>

#include <atomic>

namespace simws::python {

namespace {

std::atomic<int> forks{0};

}  // namespace

int fork_count() {
  static const int registered = pthread_atfork(nullptr, nullptr, [] { ++forks; });
  static_cast<void>(registered);
  return forks.load(std::memory_order_relaxed);
}

}  // namespace simws::python
