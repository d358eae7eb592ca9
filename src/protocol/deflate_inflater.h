// Decompression of DEFLATE (RFC 1951) as it comes.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <memory>

struct z_stream_s;

namespace simws::protocol {

class Inflater {
 public:
  // Both throw std::bad_alloc: what takes most of the memory is taken when it's needed first.
  explicit Inflater(int window_bits);
  enum class Status : std::uint8_t { needs_input, needs_room, failed };
  // Takes `input` off and fills `room` from its front, until one of them is used up. What follows a
  // block with BFINAL set begins at the next byte, and may refer to what was before (RFC 7692,
  // 7.2.3.5). REQUIRES: there is room.
  Status inflate(Bytes& input, MutableBytes& room);

  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // What was taken so far ends with a whole block, and that with a byte.
  bool is_at_block_end() const;
  // Forgets all that was before.
  void reset();

 private:
  const std::unique_ptr<z_stream_s> stream_;
};

}  // namespace simws::protocol
