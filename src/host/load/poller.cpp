#include "host/load/poller.h"

#include "host/load/failure.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <ctime>

namespace simws::load {
namespace {

constexpr double longest_wait = 3600;  // whatever is asked for, which may be endless

}  // namespace

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) give_up("can't watch connections", errno);
}

Poller::~Poller() {
  close(epoll_);
}

void Poller::add(int descriptor, void* who) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = who;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    give_up("can't watch a connection", errno);
  }
}

void Poller::watch_sending(int descriptor, void* who, bool is_wanted) {
  epoll_event event{};
  event.events = EPOLLIN | (is_wanted ? EPOLLOUT : 0u);
  event.data.ptr = who;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

std::span<epoll_event> Poller::wait(double seconds) {
  int count = count_in(seconds);
  if (count < 0 && errno == ENOSYS && has_exact_wait_) {
    has_exact_wait_ = false;  // before Linux 5.11
    count = count_in(seconds);
  }
  if (count < 0 && errno != EINTR) give_up("can't wait", errno);
  return std::span(events_).first(static_cast<std::size_t>(std::max(count, 0)));
}

int Poller::count_in(double seconds) {
  const auto room = static_cast<int>(events_.size());
  const double time = std::clamp(seconds, 0.0, longest_wait);
  if (!has_exact_wait_) {
    return epoll_wait(epoll_, events_.data(), room, static_cast<int>(std::ceil(time * 1000)));
  }
  const double whole = std::floor(time);
  const timespec timeout{static_cast<time_t>(whole), static_cast<long>((time - whole) * 1e9)};
  return epoll_pwait2(epoll_, events_.data(), room, &timeout, nullptr);
}

}  // namespace simws::load
