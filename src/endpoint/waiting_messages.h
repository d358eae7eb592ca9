// Messages of one connection that have to be compressed before they can leave, in order, and what
// must not overtake them.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "protocol/outlet.h"

#include <cstddef>
#include <list>
#include <utility>

namespace simws::endpoint {

struct WaitingMessage {
  // A frame or several connections' message; what it's charged is counted by who holds it.
  protocol::OutgoingMessage message;
  bool is_compressed = false;  // false: it leaves as it is
  std::size_t done = 0;        // bytes of its payload that are compressed
  Buffer compressed;           // what came of them
};

class WaitingMessages {
 public:
  bool empty() const { return messages_.empty(); }
  void push(WaitingMessage message) { messages_.push_back(std::move(message)); }
  // REQUIRES: not empty.
  WaitingMessage& first() { return messages_.front(); }
  WaitingMessage pop() {
    WaitingMessage first = std::move(messages_.front());
    messages_.pop_front();
    return first;
  }

  // The frame that follows the last of them: a Close.
  void set_last_frame(Buffer frame) { last_frame_ = std::move(frame); }
  Buffer take_last_frame() { return std::move(last_frame_); }

 private:
  std::list<WaitingMessage> messages_;
  Buffer last_frame_;
};

}  // namespace simws::endpoint
