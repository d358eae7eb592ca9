// Times at which somebody is woken, each in his own time, by one timer of the loop: setting and
// clearing an alarm needs no memory, and so can't fail. (Deadlines are cheaper, where all of a kind
// lie equally far ahead.)
#pragma once

#include "base/clock.h"
#include "transport/loop.h"

#include <memory>

namespace simws::endpoint {

class Alarms;

// Somebody with one alarm at most.
class Alarm {
 public:
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 protected:
  explicit Alarm(Alarms& alarms) : alarms_(alarms) {}
  virtual ~Alarm() { clear_alarm(); }

  // In place of the one set before.
  void set_alarm(Time at) noexcept;
  // For the loop's next turn, without the wait of a timer, which lasts a millisecond at least.
  void set_alarm_for_next_turn() noexcept;
  void clear_alarm() noexcept;

 private:
  friend class Alarms;
  // May set it anew, and destroy whom it likes.
  virtual void on_alarm() = 0;

  Alarms& alarms_;
  Time at_{};
  // Its place among those that are set.
  Alarm** place_ = nullptr;  // what points to it; null: it isn't set
  Alarm* left_ = nullptr;
  Alarm* right_ = nullptr;
};

// Of one loop, whose thread it belongs to, and which runs no more when it goes.
class Alarms {
 public:
  explicit Alarms(transport::Loop& loop);

 private:
  friend class Alarm;

  void add(Alarm& alarm) noexcept;
  void add_for_next_turn(Alarm& alarm) noexcept;
  void remove(Alarm& alarm) noexcept;
  static void merge(Alarm*& place, Alarm* one, Alarm* other) noexcept;
  void on_timer();
  void on_next_turn();
  void wake_due();
  void arm();

  transport::Loop& loop_;
  const std::unique_ptr<transport::Timer> timer_;
  Time armed_for_ = Time::max();
  // A skew heap (Sleator and Tarjan, 1986): nobody is woken before his parent.
  Alarm* first_ = nullptr;
  Alarm* next_turn_ = nullptr;  // another, of those that come to it then
  bool is_posted_ = false;      // what takes them there
  Duration::rep asked_ = 0;     // how often the next turn was asked for
};

}  // namespace simws::endpoint
