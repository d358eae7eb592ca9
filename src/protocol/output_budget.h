// What may wait to be sent by a server, and what of it does.
#pragma once

#include "base/gauge.h"

#include <atomic>
#include <cstddef>

namespace simws::protocol {

class OutputBudget {
 public:
  // In one connection, and memory in all of them.
  OutputBudget(std::size_t max_queued_bytes, std::size_t max_total_queued_bytes)
      : max_queued_bytes_(max_queued_bytes), max_total_queued_bytes_(max_total_queued_bytes) {}

  std::size_t max_queued_bytes() const { return max_queued_bytes_; }
  std::size_t max_total_queued_bytes() const { return max_total_queued_bytes_; }

  // Of all that connections have for themselves.
  Gauge& own() { return own_; }
  // What several connections hold counts once. From any thread.
  void share(std::size_t bytes) { shared_.fetch_add(bytes, std::memory_order_relaxed); }
  void unshare(std::size_t bytes) { shared_.fetch_sub(bytes, std::memory_order_relaxed); }

  // In all. From any thread.
  std::size_t used() const { return own_.used() + shared(); }
  bool has_room_for(std::size_t bytes) const {
    return Gauge::has_room(used(), max_total_queued_bytes_, bytes);
  }
  // As Gauge::used_by_sender.
  bool sender_has_room_for(std::size_t bytes) {
    const std::size_t with_shared = bytes + shared();
    const std::size_t used = own_.used_by_sender(max_total_queued_bytes_, with_shared);
    return Gauge::has_room(used, max_total_queued_bytes_, with_shared);
  }

 private:
  std::size_t shared() const { return shared_.load(std::memory_order_relaxed); }

  const std::size_t max_queued_bytes_;
  const std::size_t max_total_queued_bytes_;
  std::atomic<std::size_t> shared_{0};
  Gauge own_;
};

}  // namespace simws::protocol
