// The end of a turn: what was queued in it leaves, of many channels by few calls to the system.
#pragma once

#include "transport/loop.h"

#include <cstddef>
#include <vector>

namespace simws::endpoint {

class Channel;

class Flusher {
 public:
  explicit Flusher(transport::Loop& loop);

  // The channel has something to do at the end of the turn. It's still there then. Adding never
  // fails.
  void add(Channel& channel) noexcept;
  // A flush may call handlers, which may queue more: that leaves too.
  void run();

 private:
  static constexpr std::size_t most_together = 64;  // bounds what a flush keeps in memory

  Channel* take();
  void flush();

  transport::Loop& loop_;
  Channel* first_ = nullptr;
  Channel* last_ = nullptr;
  std::vector<Channel*> together_;        // of a flush under way
  std::vector<transport::Write> writes_;  // of these
  std::vector<Channel*> writers_;         // in their order
};

}  // namespace simws::endpoint
