// Figures of a server that any thread may read and only the loop's thread writes.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace simws::endpoint {

// A relaxed load and store compile to plain ones: there's a single writer.
template <typename Number>
class Counter {
 public:
  void add(Number amount) { value_.store(get() + amount, std::memory_order_relaxed); }
  void subtract(Number amount) { value_.store(get() - amount, std::memory_order_relaxed); }
  Number get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Number> value_{0};
};

struct Counters {
  Counter<std::size_t> open_connections;
  Counter<std::uint64_t> messages_in;
  Counter<std::uint64_t> messages_out;
  Counter<std::uint64_t> bytes_in;
  Counter<std::uint64_t> bytes_out;
  Counter<std::uint64_t> dropped;
  Counter<std::uint64_t> refused;
};

}  // namespace simws::endpoint
