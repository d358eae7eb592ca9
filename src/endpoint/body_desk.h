// Where bodies wait that come bit by bit: how much of them leaves in one turn, so that what others
// send never waits for a crowd of downloads.
#pragma once

#include "transport/loop.h"

#include <cstddef>

namespace simws::endpoint {

// A body of which a piece is there.
class BodyWork {
 public:
  // It must have left the desk: see BodyDesk::forget.
  virtual ~BodyWork() = default;
  // Queues what is there; returns how many bytes.
  virtual std::size_t send_piece() noexcept = 0;

 private:
  friend class BodyDesk;
  BodyWork* next_ = nullptr;
  bool waits_ = false;
};

// One for each loop, whose thread it belongs to.
class BodyDesk {
 public:
  explicit BodyDesk(transport::Loop& loop) : loop_(loop) {}
  BodyDesk(const BodyDesk&) = delete;
  BodyDesk& operator=(const BodyDesk&) = delete;

  // A turn takes no more pieces once it has so many bytes: some fifty microseconds.
  static constexpr std::size_t most_in_turn = 128u << 10;

  // It's called once, at the end of this turn or of one of the next. Adding never fails.
  void add(BodyWork& work) noexcept;
  void forget(BodyWork& work) noexcept;
  // The end of a turn, before what was queued leaves.
  void run() noexcept;

 private:
  void ask_for_turn() noexcept;

  transport::Loop& loop_;
  BodyWork* first_ = nullptr;
  BodyWork* last_ = nullptr;
  bool waits_for_turn_ = false;
};

}  // namespace simws::endpoint
