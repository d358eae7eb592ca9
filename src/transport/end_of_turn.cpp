#include "transport/end_of_turn.h"

#include "transport/task_queue.h"

#include <utility>

namespace simws::transport {

int EndOfTurn::add(Task work) {
  entries_.push_back({++last_key_, false, std::move(work)});
  return last_key_;
}

void EndOfTurn::remove(int key) {
  for (Entry& entry : entries_) {
    if (entry.key == key) entry.removed = has_removed_ = true;
  }
  if (!running_ && has_removed_) {
    entries_.remove_if([](const Entry& entry) { return entry.removed; });
    has_removed_ = false;
  }
}

void EndOfTurn::run() {
  if (running_) return;
  running_ = true;
  do {
    is_wanted_ = false;
    for (Entry& entry : entries_) {
      if (!entry.removed) run_task(entry.work);
    }
  } while (is_wanted_);
  running_ = false;
  remove(0);
}

}  // namespace simws::transport
