// Bytes that nobody can predict.
#pragma once

#include "base/bytes.h"

namespace simws {

class RandomSource {
 public:
  // Throws std::system_error where the system has no such bytes: what needs them can't go on.
  virtual void fill(MutableBytes bytes) = 0;

 protected:
  ~RandomSource() = default;
};

// The system's cryptographic source. Any thread may use it.
class SystemRandom final : public RandomSource {
 public:
  void fill(MutableBytes bytes) override;
};

}  // namespace simws
