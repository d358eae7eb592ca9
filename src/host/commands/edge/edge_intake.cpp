#include "host/commands/edge/edge_intake.h"

#include <utility>

namespace simws::host {

namespace {

// With what it takes to keep it.
std::size_t cost_of(const broker::EdgeMessage& message) {
  return sizeof message + message.data.size() + message.topic.size() + message.key.size();
}

}  // namespace

EdgeIntake::EdgeIntake(std::size_t most_bytes, std::function<void()> wake)
    : most_bytes_(most_bytes), wake_(std::move(wake)) {}

void EdgeIntake::put(broker::EdgeMessage message) {
  const std::size_t cost = cost_of(message);
  add(std::move(message), cost);
}

void EdgeIntake::put(CaughtUp caught_up) {
  add(caught_up, 0);
}

void EdgeIntake::put(broker::EdgeStatus status) {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    const bool was_connected = std::exchange(is_connected_, status.is_connected);
    if (is_connected_ && !was_connected) places_.push_back({Reading(), 0});
    status_ = std::move(status);
    if (!needs_wake()) return;
  }
  wake_();
}

void EdgeIntake::add(Item item, std::size_t cost) {
  {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock,
                   [&] { return is_closed_ || places_.empty() || bytes_ + cost <= most_bytes_; });
    if (is_closed_) return;
    places_.push_back({std::move(item), cost});
    bytes_ += cost;
    if (!needs_wake()) return;
  }
  wake_();
}

bool EdgeIntake::needs_wake() {
  return !std::exchange(is_woken_, true);
}

EdgeIntake::Batch EdgeIntake::take(std::size_t bytes) {
  Batch batch;
  const std::lock_guard lock(mutex_);
  batch.status = std::exchange(status_, std::nullopt);
  for (std::size_t taken = 0; !places_.empty() && taken < bytes;) {
    taken += places_.front().cost;
    bytes_ -= places_.front().cost;
    batch.items.push_back(std::move(places_.front().item));
    places_.pop_front();
  }
  batch.has_more = is_woken_ = !places_.empty();
  has_room_.notify_all();
  return batch;
}

void EdgeIntake::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  places_.clear();
  has_room_.notify_all();
}

}  // namespace simws::host
