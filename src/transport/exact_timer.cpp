#include "transport/exact_timer.h"

#include <algorithm>
#include <chrono>

#ifdef __linux__
#include <sys/timerfd.h>
#include <unistd.h>
#endif

namespace simws::transport {

#ifdef __linux__

namespace {

bool set(int descriptor, std::chrono::nanoseconds after) {
  itimerspec time{};
  time.it_value.tv_sec = static_cast<time_t>(after.count() / 1'000'000'000);
  time.it_value.tv_nsec = static_cast<long>(after.count() % 1'000'000'000);
  return timerfd_settime(descriptor, 0, &time, nullptr) == 0;
}

}  // namespace

ExactTimer::~ExactTimer() {
  if (descriptor_ != no_descriptor) ::close(descriptor_);
}

bool ExactTimer::open(Watches& watches) {
  descriptor_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (descriptor_ == no_descriptor || !watches.add(descriptor_, *this, readable)) return false;
  watches_ = &watches;
  return true;
}

// Setting it also forgets that it was due.
bool ExactTimer::start(Duration after) {
  const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(after);
  return watches_ && set(descriptor_, std::max(wait, std::chrono::nanoseconds(1)));
}

void ExactTimer::stop() {
  if (watches_) set(descriptor_, std::chrono::nanoseconds(0));
}

#else

ExactTimer::~ExactTimer() = default;

bool ExactTimer::open(Watches&) {
  return false;
}

bool ExactTimer::start(Duration) {
  return false;
}

void ExactTimer::stop() {}

#endif

void ExactTimer::on_ready(Events) {
  stop();
  on_due_();
}

void ExactTimer::loop_ends() {
  watches_->remove(descriptor_);
  watches_ = nullptr;
}

}  // namespace simws::transport
