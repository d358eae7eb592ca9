#include "dispatch/inbox.h"

namespace simws::dispatch {

void Inbox::push(const RecordPtr& record, QueuedEvent event) {
  {
    const std::lock_guard lock(mutex_);
    if (record->waiting.empty()) ring_.push_back(record);
    record->waiting.push(std::move(event));
    waiting_.fetch_add(1);
  }
  if (armed_.load() && armed_.exchange(false)) waker_.post([] {});
}

void Inbox::detach(Record& record) {
  const std::lock_guard lock(mutex_);
  record.connection = nullptr;
}

std::optional<std::pair<RecordPtr, QueuedEvent>> Inbox::take() {
  const std::lock_guard lock(mutex_);
  if (ring_.empty()) return std::nullopt;
  RecordPtr record = std::move(ring_.front());
  ring_.pop_front();
  QueuedEvent event = record->waiting.pop();
  waiting_.fetch_sub(1);
  if (!record->waiting.empty()) ring_.push_back(record);
  return std::pair(std::move(record), std::move(event));
}

std::vector<std::pair<RecordPtr, QueuedEvent>> Inbox::take_all_of(ServerId server) {
  std::vector<std::pair<RecordPtr, QueuedEvent>> taken;
  const std::lock_guard lock(mutex_);
  std::deque<RecordPtr> others;
  for (RecordPtr& record : ring_) {
    if (record->server != server) {
      others.push_back(std::move(record));
      continue;
    }
    while (!record->waiting.empty()) taken.emplace_back(record, record->waiting.pop());
  }
  ring_ = std::move(others);
  waiting_.fetch_sub(taken.size());
  return taken;
}

void Inbox::read_gauges(const Record& record, ConnectionInfo& info) {
  const std::lock_guard lock(mutex_);
  info.queued_bytes = record.in_hand_over.load();
  if (!record.connection) return;
  info.queued_bytes += record.connection->queued_bytes();
  info.round_trip_time = record.connection->round_trip_time();
}

// Armed first, looked at second: an event that comes between the two wakes.
void Inbox::arm() {
  waker_.poll();
  armed_.store(true);
  if (waiting_.load() != 0 && armed_.exchange(false)) waker_.post([] {});
}

void Inbox::wait(Seconds timeout) {
  if (has_events()) return;
  armed_.store(true);
  if (waiting_.load() == 0) waker_.poll(timeout);
  armed_.store(false);
}

}  // namespace simws::dispatch
