#include "dispatch/inbox.h"

#include <string>
#include <utility>

namespace simws::dispatch {

namespace {

// Sorting costs little beside a callback, but may not eat up a pass when very many have come.
constexpr int sorted_per_take = 64;

// Of a payload whose memory is used again.
constexpr std::size_t most_kept_bytes = 1024;

}  // namespace

QueuedEventPtr Inbox::make() {
  auto handled = handled_.take();
  return handled ? std::move(*handled) : std::make_unique<QueuedEvent>();
}

void Inbox::give_back(QueuedEventPtr event) {
  if (event->data.capacity() > most_kept_bytes) return;
  std::string memory = std::move(event->data);
  memory.clear();
  *event = {};
  event->data = std::move(memory);
  handled_.give_back(std::move(event));
}

void Inbox::push(QueuedEventPtr event) {
  arrived_.push(std::move(event));
  pushed_.store(pushed_.load(std::memory_order_relaxed) + 1);
  if (armed_.load() && armed_.exchange(false)) waker_.post([] {});
}

bool Inbox::sort_one() {
  auto event = arrived_.take();
  if (!event) return false;
  RecordPtr record = std::move((*event)->record);
  EventQueue& waiting = record->waiting;
  if (waiting.empty()) ring_.push_back(std::move(record));
  waiting.push(std::move(*event));
  return true;
}

QueuedEventPtr Inbox::pop_of(RecordPtr record) {
  taken_.store(taken_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  QueuedEventPtr event = record->waiting.pop();
  event->record = std::move(record);
  return event;
}

QueuedEventPtr Inbox::take() {
  for (int i = 0; i < sorted_per_take && sort_one(); ++i) {
  }
  if (ring_.empty()) return nullptr;
  RecordPtr record = std::move(ring_.front());
  ring_.pop_front();
  QueuedEventPtr event = pop_of(std::move(record));
  if (!event->record->waiting.empty()) ring_.push_back(event->record);
  return event;
}

std::vector<QueuedEventPtr> Inbox::take_all_of(ServerId server) {
  while (sort_one()) {
  }
  std::vector<QueuedEventPtr> taken;
  std::deque<RecordPtr> others;
  for (RecordPtr& record : ring_) {
    if (record->server != server) {
      others.push_back(std::move(record));
      continue;
    }
    while (!record->waiting.empty()) taken.push_back(pop_of(record));
  }
  ring_ = std::move(others);
  return taken;
}

// Armed first, looked at second: an event that comes between the two wakes.
void Inbox::arm() {
  waker_.poll();
  armed_.store(true);
  if (has_events() && armed_.exchange(false)) waker_.post([] {});
}

void Inbox::wait(Seconds timeout) {
  if (has_events()) return;
  armed_.store(true);
  if (!has_events()) waker_.poll(timeout);
  armed_.store(false);
}

}  // namespace simws::dispatch
