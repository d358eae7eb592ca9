// A ReadingGate that is made when something is held for the first time: idle clients are many, and
// hold nothing. Without memory for it nothing counts until there is some, and all are read.
#pragma once

#include "endpoint/reading_gate.h"

#include <cstddef>
#include <memory>

namespace simws::endpoint {

// As ReadingGate says.
class LazyGate {
 public:
  // The limits outlive it.
  explicit LazyGate(const ReadingLimits& limits) : limits_(&limits) {}

  void hold(ReadSource& source, std::size_t bytes) {
    if (ReadingGate* const gate = find_or_make()) gate->hold(source, bytes);
  }
  void release(ReadSource& source, std::size_t bytes) {
    if (gate_) gate_->release(source, bytes);
  }
  void set_unfinished(ReadSource& source, bool in_message, std::size_t bytes) {
    const bool is_any = in_message || bytes > 0;
    ReadingGate* const gate = is_any ? find_or_make() : gate_.get();
    if (gate) gate->set_unfinished(source, in_message, bytes);
  }
  void end_message(ReadSource& source) {
    if (gate_) gate_->end_message(source);
  }
  void end(ReadSource& source) {
    if (gate_) gate_->end(source);
  }
  void release_ended(std::size_t bytes) {
    if (gate_) gate_->release_ended(bytes);
  }
  void stop() {
    if (gate_) gate_->stop();
    limits_ = nullptr;
  }

  std::size_t total() const { return gate_ ? gate_->total() : 0; }
  bool is_closed() const { return gate_ && gate_->is_closed(); }

 private:
  ReadingGate* find_or_make() noexcept { return gate_ ? gate_.get() : make(); }
  ReadingGate* make() noexcept;

  const ReadingLimits* limits_;  // null: it has been stopped, and nothing counts any more
  std::unique_ptr<ReadingGate> gate_;
};

}  // namespace simws::endpoint
