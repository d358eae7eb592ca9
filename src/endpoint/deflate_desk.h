// Where the connections of a loop compress: what for, and how much of it in one turn, so that
// others never wait for it.
#pragma once

#include "endpoint/turn_queue.h"
#include "protocol/deflate_pool.h"
#include "protocol/shared_message.h"
#include "transport/loop.h"

#include <cstddef>

namespace simws::endpoint {

// A connection whose messages wait to be compressed.
class DeflateWork : public TurnWait {
 public:
  // It must have left the desk: see DeflateDesk::forget.
  virtual ~DeflateWork() = default;
  // Does some of it, about `most` of effort; returns how much. 0: none is left.
  virtual std::size_t work(std::size_t most) noexcept = 0;
};

// One for each loop, whose thread it belongs to. Effort is counted in bytes at the lowest level.
class DeflateDesk {
 public:
  explicit DeflateDesk(transport::Loop& loop) : loop_(loop), waiting_(loop) {}

  // A turn does so much of what must not wait, and so much of what waits: about a millisecond each.
  static constexpr std::size_t most_in_turn = 64u << 10;
  // Of one connection, before it's another one's turn.
  static constexpr std::size_t portion = 16u << 10;

  protocol::DeflatePool& pool() { return pool_; }
  // The compressed frames of broadcasts.
  protocol::SharedMessages& shared_messages() { return shared_messages_; }

  // Whether so much may be done at once, which then is.
  bool takes_at_once(std::size_t effort);
  // It's called at the end of this turn and the next ones, until it has no more to do. Adding never
  // fails.
  void add(DeflateWork& work) noexcept { waiting_.add(work); }
  void forget(DeflateWork& work) noexcept { waiting_.forget(work); }
  // The end of a turn, before what was queued leaves.
  void run() noexcept;

 private:
  transport::Loop& loop_;
  protocol::DeflatePool pool_;
  protocol::SharedMessages shared_messages_;
  TurnQueue waiting_;
  std::size_t left_at_once_ = most_in_turn;
};

}  // namespace simws::endpoint
