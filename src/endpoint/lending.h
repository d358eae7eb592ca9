// What a channel has just read lies in its loop's buffer until its speaker has been told of it.
// What is sent of that on the same channel, an echo for example, leaves from there: copied is only
// what the system doesn't take at once.
#pragma once

#include "base/bytes.h"
#include "endpoint/output.h"
#include "protocol/frame.h"

#include <cstddef>
#include <optional>

namespace simws::endpoint {

class Channel;

// One for each loop, whose thread it belongs to.
class Lending {
 public:
  // Smaller payloads had better be copied: a piece of their own would cost more.
  static constexpr std::size_t smallest = 4u << 10;

  // For as long as `read` is what `channel` has read.
  class Turn {
   public:
    Turn(Lending& lending, const Channel& channel, Bytes read) : lending_(lending) {
      lending_.channel_ = &channel;
      lending_.read_ = read;
    }
    ~Turn() { lending_.end(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Lending& lending_;
  };

  bool can_lend(const Channel& channel, Bytes payload) const {
    return channel_ == &channel && holds(payload) && has_room(payload);
  }
  // Appends a message to the channel's output. REQUIRES: can_lend. Throws std::bad_alloc, and
  // nothing has changed.
  void lend(Output& output, const protocol::FrameHeader& header, Bytes payload);
  // Something of what this channel has read is in its output.
  bool has_lent(const Channel& channel) const { return channel_ == &channel && borrowed_; }
  // Its output gets what is left as its own, and nothing more is lent to it.
  void end_for(const Channel& channel) noexcept {
    if (channel_ == &channel) end();
  }

 private:
  bool holds(Bytes payload) const;
  // None is left where the same bytes are sent again and again.
  bool has_room(Bytes payload) const {
    return !borrowed_ || borrowed_->has_room_for(payload.size());
  }
  void end() noexcept {
    borrowed_.reset();
    channel_ = nullptr;
  }

  const Channel* channel_ = nullptr;  // that has just read; null: none
  Bytes read_;
  std::optional<Output::Borrowed> borrowed_;  // once something was lent
};

}  // namespace simws::endpoint
