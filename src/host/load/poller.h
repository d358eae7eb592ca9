// Waits until connections can be read or written.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <span>

namespace simws::load {

class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // What can be read is told from now on, as an event whose data.ptr is `who`. It ends with the
  // descriptor.
  void add(int descriptor, void* who);
  // Whether it's also told when it can be written (EPOLLOUT).
  void watch_sending(int descriptor, void* who, bool is_wanted);

  // Until something is there, for `seconds` at the most. Valid until the next call; empty: time is
  // up, or a signal came.
  std::span<epoll_event> wait(double seconds);

 private:
  int count_in(double seconds);

  int epoll_;
  bool has_exact_wait_ = true;
  std::array<epoll_event, 256> events_{};
};

}  // namespace simws::load
