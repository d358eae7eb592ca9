// A figure that any thread may read and only one writes.
#pragma once

#include <atomic>

namespace simws {

// A relaxed load and store compile to plain ones.
template <typename Number>
class Counter {
 public:
  void add(Number amount) { set(get() + amount); }
  void subtract(Number amount) { set(get() - amount); }
  void set(Number value) { value_.store(value, std::memory_order_relaxed); }
  Number get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Number> value_{0};
};

}  // namespace simws
