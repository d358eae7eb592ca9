// What is to be sent on one connection and not yet taken by its stream, in order.
#pragma once

#include "base/bytes.h"
#include "protocol/frame.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace simws::endpoint {

// One encoded frame that several connections send.
using SharedFrame = std::shared_ptr<const std::string>;

class OutputQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }  // in bytes

  // Bytes that are no frames: an HTTP answer. Never dropped in part.
  void append_raw(std::string bytes);
  void append_frame(protocol::FrameOpcode opcode, bool fin, Bytes payload);
  void append_shared(SharedFrame frame);

  // Fills `pieces` from the front; returns how many it filled.
  std::size_t gather(std::span<Bytes> pieces) const;
  // The first `count` bytes have gone.
  void consume(std::size_t count);

  // Drops all frames of which nothing has gone. Returns how many messages are lost by it.
  std::size_t drop_unbegun();

  // Forgets everything and keeps at most `capacity` bytes of memory for the next use.
  void clear(std::size_t capacity);

 private:
  // Frames or raw bytes, from a boundary to a boundary.
  struct Piece {
    std::string own;
    SharedFrame shared;
    bool raw = false;

    Bytes bytes() const { return as_bytes(shared ? *shared : own); }
  };

  std::string& tail_for_frames(std::size_t frame_size);
  std::size_t cut_after_frame_under_way(Piece& piece);

  std::vector<Piece> pieces_;  // those before head_ have gone
  std::size_t head_ = 0;
  std::size_t offset_ = 0;  // bytes of the head piece that have gone
  std::size_t size_ = 0;
};

}  // namespace simws::endpoint
