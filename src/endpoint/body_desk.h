// Where bodies wait that come bit by bit: how much of them leaves in one turn, so that what others
// send never waits for a crowd of downloads.
#pragma once

#include "endpoint/turn_queue.h"

#include <cstddef>

namespace simws::endpoint {

// A body of which a piece is there.
class BodyWork : public TurnWait {
 public:
  // It must have left the desk: see BodyDesk::forget.
  virtual ~BodyWork() = default;
  // Queues what is there; returns how many bytes.
  virtual std::size_t send_piece() noexcept = 0;
};

// One for each loop, whose thread it belongs to.
class BodyDesk {
 public:
  explicit BodyDesk(transport::Loop& loop) : waiting_(loop) {}

  // A turn takes no more pieces once it has so many bytes: some fifty microseconds.
  static constexpr std::size_t most_in_turn = 128u << 10;

  // It's called once, at the end of this turn or of one of the next. Adding never fails.
  void add(BodyWork& work) noexcept { waiting_.add(work); }
  void forget(BodyWork& work) noexcept { waiting_.forget(work); }
  // The end of a turn, before what was queued leaves.
  void run() noexcept;

 private:
  TurnQueue waiting_;
};

}  // namespace simws::endpoint
