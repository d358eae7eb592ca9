// How many bytes wait, of how many that may.
#pragma once

#include <atomic>
#include <cstddef>

namespace simws {

// Read by any thread. What is handed over between threads is added and subtracted by either; what
// the network's thread has queued is its own count, which it changes for each message: so that
// costs no more than a plain addition.
class Gauge {
 public:
  explicit Gauge(std::size_t limit) : limit_(limit) {}

  std::size_t used() const {
    return handed_over_.load(std::memory_order_relaxed) + queued_.load(std::memory_order_relaxed);
  }
  std::size_t limit() const { return limit_; }
  bool has_room_for(std::size_t bytes) const {
    const std::size_t now = used();
    return now <= limit_ && bytes <= limit_ - now;
  }

  void hand_over(std::size_t bytes) { handed_over_.fetch_add(bytes, std::memory_order_relaxed); }
  void take_back(std::size_t bytes) { handed_over_.fetch_sub(bytes, std::memory_order_relaxed); }

  // The network's thread only.
  void queue(std::size_t bytes) { queued_.store(queued() + bytes, std::memory_order_relaxed); }
  void unqueue(std::size_t bytes) { queued_.store(queued() - bytes, std::memory_order_relaxed); }

 private:
  std::size_t queued() const { return queued_.load(std::memory_order_relaxed); }

  std::atomic<std::size_t> handed_over_{0};
  std::atomic<std::size_t> queued_{0};
  const std::size_t limit_;
};

}  // namespace simws
