// A value for as long as a scope lasts, however it's left.
#pragma once

#include <utility>

namespace simws {

template <typename T>
class Restored {
 public:
  Restored(T& variable, T value)
      : variable_(variable), before_(std::exchange(variable, std::move(value))) {}
  ~Restored() { variable_ = std::move(before_); }
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;

 private:
  T& variable_;
  T before_;
};

}  // namespace simws
