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
  if (descriptor_ != -1) ::close(descriptor_);
}

bool ExactTimer::open() {
  const int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (descriptor == -1) return false;
  void* const data = handle_.data;
  if (uv_poll_init(&loop_, &handle_, descriptor) != 0) {
    ::close(descriptor);
    return false;
  }
  handle_.data = data;
  descriptor_ = descriptor;
  return true;
}

// Setting it also forgets that it was due.
bool ExactTimer::start(Duration after, uv_poll_cb on_due) {
  if (descriptor_ == -1) return false;
  const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(after);
  if (!set(descriptor_, std::max(wait, std::chrono::nanoseconds(1)))) return false;
  return uv_is_active(reinterpret_cast<uv_handle_t*>(&handle_)) != 0 ||
         uv_poll_start(&handle_, UV_READABLE, on_due) == 0;
}

void ExactTimer::stop() {
  if (descriptor_ != -1) set(descriptor_, std::chrono::nanoseconds(0));
}

#else

ExactTimer::~ExactTimer() = default;

bool ExactTimer::open() {
  return false;
}
bool ExactTimer::start(Duration, uv_poll_cb) {
  return false;
}
void ExactTimer::stop() {}

#endif

}  // namespace simws::transport
