// States in code which thread an object belongs to, and checks it in debug builds.
#pragma once

#include <atomic>
#include <cassert>
#include <thread>

namespace simws {

// Belongs to the thread that first asks, until `release` hands it on.
class ThreadChecker {
 public:
  bool is_current() const {
    std::thread::id none;
    const std::thread::id self = std::this_thread::get_id();
    return owner_.compare_exchange_strong(none, self) || none == self;
  }
  void release() { owner_.store({}); }

 private:
  mutable std::atomic<std::thread::id> owner_{};
};

}  // namespace simws

#define SIMWS_REQUIRE_THREAD(checker) assert((checker).is_current())
