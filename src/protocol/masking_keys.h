// A client's masking keys (RFC 6455, 5.3).
#pragma once

#include "base/random.h"
#include "protocol/session.h"

#include <array>
#include <cstddef>

namespace simws::protocol {

// Of a cryptographic source, which outlives it. It's asked for many at once: a call to the system
// for each frame would cost more than the frame. Belongs to one thread.
class RandomMaskingKeys final : public MaskingKeySource {
 public:
  static constexpr std::size_t keys_at_once = 64;

  explicit RandomMaskingKeys(RandomSource& random) : random_(random) {}

  MaskingKey next_key() override;

 private:
  RandomSource& random_;
  std::array<MaskingKey, keys_at_once> keys_{};
  std::size_t used_ = keys_at_once;
};

}  // namespace simws::protocol
