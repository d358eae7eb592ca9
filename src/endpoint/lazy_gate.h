// A ReadingGate that is made when something is held for the first time: idle clients are many, and
// hold nothing. Without memory for it nothing counts until there is some, and all are read.
#pragma once

#include "endpoint/reading_gate.h"

#include <atomic>
#include <cstddef>

namespace simws::endpoint {

// As ReadingGate says.
class LazyGate {
 public:
  // The limits outlive it.
  explicit LazyGate(const ReadingLimits& limits) : limits_(&limits) {}
  ~LazyGate() { delete find(); }
  LazyGate(const LazyGate&) = delete;
  LazyGate& operator=(const LazyGate&) = delete;

  void hold(ReadSource& source, std::size_t bytes) {
    if (ReadingGate* const gate = find_or_make()) gate->hold(source, bytes);
  }
  void release(ReadSource& source, std::size_t bytes) {
    if (ReadingGate* const gate = find()) gate->release(source, bytes);
  }
  void set_unfinished(ReadSource& source, bool in_message, std::size_t bytes) {
    const bool is_any = in_message || bytes > 0;
    ReadingGate* const gate = is_any ? find_or_make() : find();
    if (gate) gate->set_unfinished(source, in_message, bytes);
  }
  void end_message(ReadSource& source) {
    if (ReadingGate* const gate = find()) gate->end_message(source);
  }
  void end(ReadSource& source) {
    if (ReadingGate* const gate = find()) gate->end(source);
  }
  void release_ended(std::size_t bytes) {
    if (ReadingGate* const gate = find()) gate->release_ended(bytes);
  }
  void stop() {
    if (ReadingGate* const gate = find()) gate->stop();
    limits_ = nullptr;
  }

  // From any thread.
  std::size_t total() const {
    const ReadingGate* const gate = gate_.load(std::memory_order_acquire);
    return gate ? gate->total() : 0;
  }
  bool is_closed() const {
    const ReadingGate* const gate = find();
    return gate && gate->is_closed();
  }
  bool may_read_at_once(std::size_t bytes) const {
    const ReadingGate* const gate = find();
    return gate && gate->may_read_at_once(bytes);
  }

 private:
  ReadingGate* find() const noexcept { return gate_.load(std::memory_order_relaxed); }
  ReadingGate* find_or_make() noexcept { return find() ? find() : make(); }
  ReadingGate* make() noexcept;

  const ReadingLimits* limits_;  // null: it has been stopped, and nothing counts any more
  std::atomic<ReadingGate*> gate_{nullptr};  // ours
};

}  // namespace simws::endpoint
