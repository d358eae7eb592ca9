// Where bulk waits, which comes bit by bit: the bodies of files, what is retained for who joins
// late. How much of it leaves in one turn is bounded, so that what others send never waits for a
// crowd.
#pragma once

#include "endpoint/turn_queue.h"

#include <cstddef>

namespace simws::endpoint {

// Bulk of which a piece is there.
class BulkWork : public TurnWait {
 public:
  // It must have left the desk: see BulkDesk::forget.
  virtual ~BulkWork() = default;
  // Queues what is there, or as much of it as is right; returns how many bytes, or as how many it
  // counts.
  virtual std::size_t send_piece() noexcept = 0;
};

// One for each loop, whose thread it belongs to.
class BulkDesk {
 public:
  explicit BulkDesk(transport::Loop& loop) : waiting_(loop) {}

  // A turn takes no more pieces once it has so many bytes: some fifty microseconds.
  static constexpr std::size_t most_in_turn = 128u << 10;

  // It's called once, at the end of this turn or of one of the next. Adding never fails.
  void add(BulkWork& work) noexcept { waiting_.add(work); }
  // The same when its piece of this turn has just left.
  void add_again(BulkWork& work) noexcept { waiting_.add_for_next_turn(work); }
  void forget(BulkWork& work) noexcept { waiting_.forget(work); }
  // The end of a turn, before what was queued leaves.
  void run() noexcept;

 private:
  TurnQueue waiting_;
};

}  // namespace simws::endpoint
