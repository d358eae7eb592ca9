// How many bytes wait, of how many that may.
#pragma once

#include <atomic>
#include <cstddef>

namespace simws {

// Read and changed by any thread.
class Gauge {
 public:
  explicit Gauge(std::size_t limit) : limit_(limit) {}

  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }
  bool has_room_for(std::size_t bytes) const {
    const std::size_t now = used();
    return now <= limit_ && bytes <= limit_ - now;
  }

  void add(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void subtract(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> used_{0};
  const std::size_t limit_;
};

}  // namespace simws
