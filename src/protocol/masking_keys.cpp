#include "protocol/masking_keys.h"

#include <span>

namespace simws::protocol {

MaskingKey RandomMaskingKeys::next_key() {
  if (used_ == keys_.size()) {
    random_.fill(std::as_writable_bytes(std::span(keys_)));
    used_ = 0;
  }
  return keys_[used_++];
}

}  // namespace simws::protocol
