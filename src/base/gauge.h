// How many bytes wait, of how many that may.
#pragma once

#include <atomic>
#include <cstddef>

namespace simws {

// Two threads count in it, each in numbers of its own, which cost what a plain addition does: the
// sender's what it hands over, the network's what of that has arrived, and what it has queued.
// Where both are one thread, that thread does all.
class Gauge {
 public:
  explicit Gauge(std::size_t limit) : limit_(limit) {}

  // From any thread.
  std::size_t used() const { return get(handed_over_) - gone() + get(shared_); }
  std::size_t limit() const { return limit_; }
  bool has_room_for(std::size_t bytes) const { return fits(used(), bytes); }

  // The sender's thread, where the network has another. Looks at the network's numbers only where
  // they matter: what was seen last is no less than what's true, but for the pongs and heads of
  // answers of a moment.
  bool sender_has_room_for(std::size_t bytes) {
    const bool is_recent = get(handed_over_) - looked_at_ <= most_unseen;
    const std::size_t shared = get(shared_);
    if (is_recent && fits(get(handed_over_) - seen_gone_ + shared, bytes)) return true;
    seen_gone_ = gone();
    looked_at_ = get(handed_over_);
    return fits(looked_at_ - seen_gone_ + shared, bytes);
  }
  void hand_over(std::size_t bytes) { set(handed_over_, get(handed_over_) + bytes); }

  // The network's thread.
  void arrive(std::size_t bytes) { set(arrived_, get(arrived_) + bytes); }
  void queue(std::size_t bytes) { set(queued_, get(queued_) + bytes); }
  void unqueue(std::size_t bytes) { set(queued_, get(queued_) - bytes); }

  // Any thread: what was handed over won't arrive; what several connections hold.
  void lose(std::size_t bytes) { lost_.fetch_add(bytes, std::memory_order_relaxed); }
  void share(std::size_t bytes) { shared_.fetch_add(bytes, std::memory_order_relaxed); }
  void unshare(std::size_t bytes) { shared_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  using Number = std::atomic<std::size_t>;
  static constexpr std::size_t most_unseen = 64u << 10;

  static std::size_t get(const Number& number) { return number.load(std::memory_order_relaxed); }
  static void set(Number& number, std::size_t value) {
    number.store(value, std::memory_order_relaxed);
  }
  // Of what was handed over, less what is queued: all of it modulo 2^64.
  std::size_t gone() const { return get(arrived_) + get(lost_) - get(queued_); }
  bool fits(std::size_t now, std::size_t bytes) const {
    return now <= limit_ && bytes <= limit_ - now;
  }

  const std::size_t limit_;
  // The sender's.
  Number handed_over_{0};
  std::size_t seen_gone_ = 0;
  std::size_t looked_at_ = 0;
  // Both threads', seldom.
  Number lost_{0};
  Number shared_{0};
  // The network's.
  Number arrived_{0};
  Number queued_{0};
};

}  // namespace simws
