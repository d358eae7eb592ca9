// Who waits for a share of what a turn of the loop may do: first come, first served, and what is
// left over waits for a turn of its own, so that the network is looked at before.
#pragma once

#include "transport/loop.h"

namespace simws::endpoint {

// Somebody who waits in one queue at most. REQUIRES of its destructor: it waits no more.
class TurnWait {
 protected:
  ~TurnWait() = default;

 private:
  friend class TurnQueue;
  TurnWait* next_ = nullptr;
  bool waits_ = false;
};

// Belongs to the loop's thread. Nothing in it can fail.
class TurnQueue {
 public:
  explicit TurnQueue(transport::Loop& loop) : loop_(loop) {}
  TurnQueue(const TurnQueue&) = delete;
  TurnQueue& operator=(const TurnQueue&) = delete;

  bool empty() const { return !first_; }
  // Behind all others, unless it waits already; `add` wants the end of this turn, too.
  void add(TurnWait& wait) noexcept;
  void push(TurnWait& wait) noexcept;
  // The same, after this turn's part.
  void add_for_next_turn(TurnWait& wait) noexcept;
  // REQUIRES: not empty.
  TurnWait& pop() noexcept;
  void forget(TurnWait& wait) noexcept;

  // This turn has done its part.
  bool waits_for_turn() const { return waits_for_turn_; }
  // The end of a turn's part: those that are left wait for the next one.
  void end_turn() noexcept;

 private:
  transport::Loop& loop_;
  TurnWait* first_ = nullptr;
  TurnWait* last_ = nullptr;
  bool waits_for_turn_ = false;
};

}  // namespace simws::endpoint
