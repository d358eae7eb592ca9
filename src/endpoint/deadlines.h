// By when something must have happened. All deadlines of a kind lie equally far ahead, so that a
// list per kind is sorted by itself: setting and clearing one costs a few pointers.
#pragma once

#include "base/clock.h"
#include "transport/loop.h"

#include <array>
#include <cstdint>
#include <memory>

namespace simws::endpoint {

enum class DeadlineKind : std::uint8_t { none, handshake, keep_alive, ping, pong, close, linger };
constexpr std::size_t deadline_kinds = 7;

// Something with at most one deadline at a time. Its destructor REQUIRES that none is set.
class Deadline {
 public:
  DeadlineKind deadline_kind() const { return kind_; }

 protected:
  virtual ~Deadline() = default;

 private:
  friend class Deadlines;
  virtual void on_deadline(DeadlineKind kind) = 0;

  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
  Time due_{};
  DeadlineKind kind_ = DeadlineKind::none;
};

class Deadlines {
 public:
  explicit Deadlines(transport::Loop& loop);

  // How far ahead deadlines of this kind lie; zero: they are never set.
  void set_duration(DeadlineKind kind, Duration duration);

  // In place of the one set before.
  void set(Deadline& deadline, DeadlineKind kind);
  void clear(Deadline& deadline);

 private:
  struct List {
    Deadline* first = nullptr;
    Deadline* last = nullptr;
    Duration duration{};
  };

  List& list_of(DeadlineKind kind) { return lists_[static_cast<std::size_t>(kind)]; }
  void on_timer();
  void arm();
  void arm_for(Time time);

  transport::Loop& loop_;
  std::unique_ptr<transport::Timer> timer_;
  Time armed_for_ = Time::max();
  bool has_waited_ = false;  // for the network, being late
  std::array<List, deadline_kinds> lists_;
};

}  // namespace simws::endpoint
