// How many bytes wait.
#pragma once

#include <atomic>
#include <cstddef>

namespace simws {

// Two threads count in it, each in numbers of its own, which cost what a plain addition does: the
// sender's what it hands over, the network's what of that has arrived, and what it has queued.
// Where both are one thread, that thread does all.
class Gauge {
 public:
  // From any thread.
  std::size_t used() const { return get(handed_over_) - gone(); }

  // The sender's thread, where the network has another: what waits if it matters, which is when it
  // lets less than `bytes` more have room in `limit`. Looks at the network's numbers then, and once
  // in a while: what was seen last is no less than what's true, but for the pongs and heads of
  // answers of a moment.
  std::size_t used_by_sender(std::size_t limit, std::size_t bytes) {
    const std::size_t seen = get(handed_over_) - seen_gone_;
    if (seen <= most_unseen && has_room(seen, limit, bytes)) return seen;
    seen_gone_ = gone();
    return get(handed_over_) - seen_gone_;
  }
  void hand_over(std::size_t bytes) { set(handed_over_, get(handed_over_) + bytes); }

  // The network's thread.
  void arrive(std::size_t bytes) { set(arrived_, get(arrived_) + bytes); }
  void queue(std::size_t bytes) { set(queued_, get(queued_) + bytes); }
  void unqueue(std::size_t bytes) { set(queued_, get(queued_) - bytes); }

  // Any thread: what was handed over won't arrive.
  void lose(std::size_t bytes) { lost_.fetch_add(bytes, std::memory_order_relaxed); }

  static bool has_room(std::size_t used, std::size_t limit, std::size_t bytes) {
    return used <= limit && bytes <= limit - used;
  }

 private:
  using Number = std::atomic<std::size_t>;
  static constexpr std::size_t most_unseen = 64u << 10;

  static std::size_t get(const Number& number) { return number.load(std::memory_order_relaxed); }
  static void set(Number& number, std::size_t value) {
    number.store(value, std::memory_order_relaxed);
  }
  // Of what was handed over, less what is queued: all of it modulo 2^64.
  std::size_t gone() const { return get(arrived_) + get(lost_) - get(queued_); }

  // The sender's.
  Number handed_over_{0};
  std::size_t seen_gone_ = 0;
  // Both threads', seldom.
  Number lost_{0};
  // The network's.
  Number arrived_{0};
  Number queued_{0};
};

}  // namespace simws
