// Since when what waits to be sent has waited, as of the ends of turns. Bytes are told by their
// places in all that was queued.
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace simws::endpoint {

class Waits {
 public:
  // What waits up to this place does so since now, at the latest. No place is less than the one
  // before. Where too many wait, two that follow each other become one, with the older time.
  void add(std::uint64_t end, Time now) {
    if (count_ > 0 && marks_[count_ - 1].end == end) return;
    if (count_ == most) thin_out();
    marks_[count_++] = {end, now};
  }

  // All before this place has gone: each that is over by that is told, with its time.
  template <typename Told>  // void(Time since)
  void pass(std::uint64_t gone, const Told& told) {
    std::size_t over = 0;
    while (over < count_ && marks_[over].end <= gone) told(marks_[over++].since);
    forget_first(over);
  }

  // Nothing waits from this place on.
  void cut(std::uint64_t end) {
    while (count_ > 1 && marks_[count_ - 2].end >= end) --count_;
    if (count_ > 0) marks_[count_ - 1].end = std::min(marks_[count_ - 1].end, end);
  }

  bool empty() const { return count_ == 0; }
  // `Time{}`: nothing waits.
  Time oldest() const { return count_ == 0 ? Time{} : marks_[0].since; }
  void clear() { count_ = 0; }

 private:
  static constexpr std::size_t most = 8;

  struct Mark {
    std::uint64_t end = 0;
    Time since{};
  };

  void forget_first(std::size_t number) {
    if (number == 0) return;
    std::copy(marks_.begin() + static_cast<std::ptrdiff_t>(number),
              marks_.begin() + static_cast<std::ptrdiff_t>(count_), marks_.begin());
    count_ -= number;
  }

  // The oldest stays as it is: it tells how long something has waited.
  void thin_out() {
    std::size_t kept = 1;
    for (std::size_t i = 1; i + 1 < count_; i += 2) {
      marks_[kept++] = {marks_[i + 1].end, marks_[i].since};
    }
    if (count_ % 2 == 0) marks_[kept++] = marks_[count_ - 1];
    count_ = kept;
  }

  std::array<Mark, most> marks_;
  std::size_t count_ = 0;
};

}  // namespace simws::endpoint
