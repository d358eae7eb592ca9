// A message for several connections, encoded once for all of them.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "protocol/message.h"
#include "protocol/output_budget.h"

#include <simws/opcode.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace simws::protocol {

// Frames one behind the other in memory that stays where it is: connections that send several hold
// and write them as one. They count once against the memory of their server, as long as anything
// holds one of them.
class SharedFrames {
 public:
  SharedFrames(std::shared_ptr<OutputBudget> memory, std::size_t capacity);
  // One frame, in the memory that it has.
  SharedFrames(std::shared_ptr<OutputBudget> memory, Buffer frame);
  ~SharedFrames() { memory_->unshare(bytes_.size()); }
  SharedFrames(const SharedFrames&) = delete;
  SharedFrames& operator=(const SharedFrames&) = delete;

  // By the thread that makes them. Others may read those that are there meanwhile.
  bool has_room_for(std::size_t frame) const { return frame <= bytes_.capacity() - bytes_.size(); }
  // REQUIRES: there's room for it.
  MessageView append(std::string_view payload, Opcode opcode);
  MessageView append_compressed(std::string_view payload, Opcode opcode);
  // A part of a frame's payload, whose header is elsewhere. Returns where it lies.
  Bytes append_part(Bytes payload);
  Bytes bytes() const { return bytes_.bytes(); }
  const std::shared_ptr<OutputBudget>& memory() const { return memory_; }

 private:
  Bytes share_from(std::size_t begin);

  Buffer bytes_;
  const std::shared_ptr<OutputBudget> memory_;
};
using SharedFramesPtr = std::shared_ptr<const SharedFrames>;

class SharedForms;

// Immutable.
class SharedMessage {
 public:
  SharedMessage(SharedFramesPtr frames, const MessageView& view);
  ~SharedMessage();

  const MessageView& view() const { return view_; }
  // Among which it lies.
  const SharedFramesPtr& frames() const { return frames_; }
  // What the network's thread has made of it besides (see deflate_shared.h), and only that thread
  // knows of.
  std::unique_ptr<SharedForms>& forms() const { return forms_; }

 private:
  const SharedFramesPtr frames_;
  const MessageView view_;
  mutable std::unique_ptr<SharedForms> forms_;
};
using SharedMessagePtr = std::shared_ptr<const SharedMessage>;

// One in memory of its own, which goes with it. Throws std::bad_alloc.
SharedMessagePtr make_shared_message(const std::shared_ptr<OutputBudget>& memory,
                                     std::string_view payload, Opcode opcode);

// Makes the shared messages of one server. Small ones lie together while one of them waits
// anywhere: for each that a slow peer holds, at most `most_together` more than that is held.
// Belongs to the thread that sends.
class SharedMessages {
 public:
  // So many bytes lie together at the most; messages of a quarter of that, and less.
  explicit SharedMessages(std::size_t most_together = 64u << 10) : most_together_(most_together) {}

  // Throws std::bad_alloc.
  SharedMessagePtr make(const std::shared_ptr<OutputBudget>& memory, std::string_view payload,
                        Opcode opcode);
  // The same with a payload that is compressed, of `message`.
  SharedMessagePtr make_compressed(const SharedMessage& message, std::string_view payload);

 private:
  std::shared_ptr<SharedFrames> frames_with_room(const std::shared_ptr<OutputBudget>& memory,
                                                 std::size_t payload_size);

  const std::size_t most_together_;
  std::weak_ptr<SharedFrames> latest_;
};

}  // namespace simws::protocol
