// UTF-8 (RFC 3629) in one piece or in portions, failing at the first byte that can't be right.
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace simws {

// Of a whole text; the fastest way.
bool is_utf8(Bytes text);

// Where the text stops being UTF-8: the offset of the first byte that can't be right (its size,
// when it ends in the middle of a character). Nothing: it's valid.
std::optional<std::size_t> find_invalid_utf8(Bytes text);

class Utf8Validator {
 public:
  // False as soon as the text can't become valid, whatever follows. REQUIRES: no false before.
  [[nodiscard]] bool consume(Bytes portion);
  // The text so far ends with a whole character.
  bool complete() const { return state_ == 0; }
  void reset() { state_ = 0; }

 private:
  std::uint8_t state_ = 0;
};

}  // namespace simws
