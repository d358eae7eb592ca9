// What the inspector has of the messages of a server's connections: it looks at a few of them, and
// counts apart what its own pages cause.
#pragma once

#include "base/bytes.h"
#include "endpoint/counters.h"

#include <simws/opcode.h>

#include <cstdint>
#include <string_view>

namespace simws::endpoint {

class Channel;

// A whole message, or a fragment of one that `send` sends. Views are valid during the call only.
struct PassingMessage {
  const Channel& channel;
  bool is_in = false;  // from the peer
  Opcode opcode = Opcode::text;
  Bytes payload;
  std::string_view topic = {};  // that it was published to; empty: to none
  std::string_view key = {};
};

class MessageWatcher {
 public:
  // May be called inside whatever sends or receives: it sends nothing itself.
  virtual void on_message(const PassingMessage& message) noexcept = 0;

 protected:
  ~MessageWatcher() = default;
};

// Belongs to the loop's thread. A message that isn't looked at costs a few instructions.
class MessageWatch {
 public:
  explicit MessageWatch(MessageWatcher& watcher) : watcher_(watcher) {}

  bool is_on() const { return left_ > 0; }
  // REQUIRES: it's on.
  void pass(const PassingMessage& message) noexcept {
    if (--left_ > 0) return;
    passed_ += stride_;
    left_ = stride_ = 1;
    watcher_.on_message(message);
  }

  // Looks at the `stride`th message from here on; what has been passed until then counts. 0: off.
  void look_at(std::uint64_t stride) noexcept {
    passed_ = passed();
    left_ = stride_ = stride;
  }
  // Since it was made, while it was on.
  std::uint64_t passed() const { return passed_ + stride_ - left_; }

  Counters& own_counters() { return own_counters_; }

 private:
  MessageWatcher& watcher_;
  std::uint64_t left_ = 0;    // until the next one is looked at
  std::uint64_t stride_ = 0;  // what that was at first
  std::uint64_t passed_ = 0;  // before that
  Counters own_counters_;
};

}  // namespace simws::endpoint
