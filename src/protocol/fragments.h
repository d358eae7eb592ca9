// The frames of a large message: fragments, so that control frames needn't wait for all of it
// (RFC 6455, 5.4).
#pragma once

#include "base/bytes.h"
#include "protocol/frame.h"

#include <cstddef>

namespace simws::protocol {

struct Fragment {
  FrameHeader header;  // with its length
  Bytes payload;
};

class Fragments {
 public:
  // Of payload, in each of them.
  static constexpr std::size_t most = 64u << 10;

  // `header` is that of the message as one frame; or of a fragment that its application made of it,
  // which is cut further.
  Fragments(const FrameHeader& header, Bytes payload)
      : next_(header),
        rest_(payload),
        may_be_text_(!header.rsv1 && header.opcode != FrameOpcode::binary) {}

  // There's one at least.
  bool ended() const { return ended_; }
  // REQUIRES: not ended.
  Fragment take();

  // How many of them `size` bytes of payload may become.
  static std::size_t count_for(std::size_t size);

 private:
  std::size_t next_size() const;

  FrameHeader next_;
  Bytes rest_;
  bool may_be_text_;
  bool ended_ = false;
};

}  // namespace simws::protocol
