// The work done at the end of each turn of a loop.
#pragma once

#include "transport/loop.h"

#include <list>

namespace simws::transport {

// Work may add and remove work, itself too. What was removed isn't called again; what was added is
// called in the same round. While it runs, it may want another round, whoever's work that is for.
class EndOfTurn {
 public:
  int add(Task work);
  void remove(int key);
  void want() { is_wanted_ = true; }
  // Since it last ran.
  bool is_wanted() const { return is_wanted_; }
  void run();

 private:
  struct Entry {
    int key;
    bool removed;
    Task work;
  };

  std::list<Entry> entries_;  // a list: an entry stays where it is while it runs
  int last_key_ = 0;
  bool is_wanted_ = false;
  bool running_ = false;
  bool has_removed_ = false;
};

}  // namespace simws::transport
