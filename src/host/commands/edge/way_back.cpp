#include "host/commands/edge/way_back.h"

#include "base/thread.h"

#include <utility>

namespace simws::host {

namespace {

std::size_t cost_of(const WayBack::Publication& publication) {
  return sizeof publication + publication.viewer.size() + publication.topic.size() +
         publication.data.size();
}

}  // namespace

WayBack::WayBack(FeedLink& feed, std::size_t most_bytes)
    : feed_(feed), most_bytes_(most_bytes), thread_(start_thread([this] { run(); })) {}

WayBack::~WayBack() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  has_news_.notify_one();
  thread_.join();
}

void WayBack::send(Publication publication) {
  const std::size_t cost = cost_of(publication);
  {
    const std::lock_guard lock(mutex_);
    if (!waiting_.empty() && bytes_ + cost > most_bytes_) {
      ++lost_;
      return;
    }
    bytes_ += cost;
    waiting_.push_back(std::move(publication));
  }
  has_news_.notify_one();
}

bool WayBack::is_idle() {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() && !is_sending_;
}

void WayBack::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_news_.wait(lock, [&] { return is_over_ || !waiting_.empty(); });
    if (is_over_) return;
    const Publication next = std::move(waiting_.front());
    bytes_ -= cost_of(next);
    waiting_.pop_front();
    is_sending_ = true;
    lock.unlock();
    if (!feed_.publish_in(next.viewer, next.topic, next.data, next.opcode)) ++lost_;
    lock.lock();
    is_sending_ = false;
  }
}

}  // namespace simws::host
