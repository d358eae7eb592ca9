// A message for several connections, compressed once for all that agreed on the same window and
// keep no context.
#pragma once

#include "base/buffer.h"
#include "protocol/deflate_message.h"
#include "protocol/shared_message.h"

#include <cstddef>
#include <list>
#include <memory>

namespace simws::protocol {

// Belongs to the network's thread, as all of these do.
class SharedForm {
 public:
  SharedForm(DeflatePool& pool, int window_bits, const DeflateEffort& effort)
      : window_bits_(window_bits), deflater_(pool, {false, window_bits}, effort) {}

  int window_bits() const { return window_bits_; }
  bool is_made() const { return is_made_; }
  // Compresses `most` bytes more of `message`, whose form this is; returns how many it did. The
  // last ones make the form, among `frames`. Throws std::bad_alloc.
  std::size_t advance(const SharedMessage& message, std::size_t most, SharedMessages& frames);
  // Once it's made. Null: the message doesn't shrink, and leaves as it is.
  const SharedMessagePtr& compressed() const { return compressed_; }

 private:
  const int window_bits_;
  MessageDeflater deflater_;
  Buffer payload_;        // of what was compressed so far
  std::size_t done_ = 0;  // bytes of the message
  SharedMessagePtr compressed_;
  bool is_made_ = false;
};

class SharedForms {
 public:
  SharedForm& of(DeflatePool& pool, int window_bits, const DeflateEffort& effort);
  // Null: it isn't made yet.
  SharedMessagePtr& enveloped() { return enveloped_; }

 private:
  std::list<SharedForm> forms_;  // one for each window
  SharedMessagePtr enveloped_;
};

// The message behind an empty header line, as it goes to those who speak simws.topics.1. Throws
// std::bad_alloc.
const SharedMessagePtr& enveloped(const SharedMessage& message);

// Of this message.
SharedForm& form_of(const SharedMessage& message, DeflatePool& pool, int window_bits,
                    const DeflateEffort& effort);

}  // namespace simws::protocol
