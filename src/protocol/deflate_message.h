// Compression of messages, one after the other, as permessage-deflate has them (RFC 7692, 7.2.1).
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "protocol/deflate_parameters.h"
#include "protocol/deflate_pool.h"

#include <cstddef>
#include <limits>
#include <memory>

namespace simws::protocol {

// What it may cost.
struct DeflateEffort {
  int level = 1;
  int memory = 8;
};

class MessageDeflater {
 public:
  // The pool outlives this. REQUIRES: the window is of 9 bits and more, which is what zlib can.
  MessageDeflater(DeflatePool& pool, const DeflateSide& side, const DeflateEffort& effort);
  ~MessageDeflater() { forget_message(); }
  MessageDeflater(const MessageDeflater&) = delete;
  MessageDeflater& operator=(const MessageDeflater&) = delete;

  static constexpr std::size_t unknown_size = std::numeric_limits<std::size_t>::max();

  // A message of so many bytes comes next. These throw std::bad_alloc; the message is lost then.
  void begin(std::size_t size);
  // The next portion of it, under 4 GiB. What comes of it is appended to `frame`, which is all of
  // one frame's payload when that is ended, by the portion that ends it.
  void add(Bytes portion, Buffer& frame) { deflater_->add(portion, frame); }
  void end_fragment(Bytes portion, Buffer& frame) { deflater_->flush(portion, frame); }
  void end_message(Bytes portion, Buffer& frame);
  // The peer gets nothing of the message, begun or ended, so that nothing may refer to it.
  void forget_message() noexcept;

 private:
  DeflaterKind kind_for(std::size_t size) const;

  DeflatePool& pool_;
  const DeflateSide side_;
  const DeflateEffort effort_;
  std::unique_ptr<Deflater> deflater_;  // of the message under way, or of all of them
};

}  // namespace simws::protocol
