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

void Inbox::give_back(QueuedEventPtr event) noexcept {
  if (event->data.capacity() > most_kept_bytes) return;
  Buffer memory = std::move(event->data);
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
  if (waiting.empty()) ring_.push(std::move(record));
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
  QueuedEventPtr event = pop_of(ring_.pop());
  if (!event->record->waiting.empty()) ring_.push(event->record);
  return event;
}

void Inbox::put_back(QueuedEventPtr event) noexcept {
  taken_.store(taken_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  RecordPtr record = std::move(event->record);
  const bool is_in_ring = !record->waiting.empty();
  record->waiting.push_front(std::move(event));
  if (!is_in_ring) ring_.push_front(std::move(record));
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
