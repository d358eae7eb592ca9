#ifdef __linux__

#include "transport/watches.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace simws::transport {
namespace {

constexpr int nobody = -1;

// Without any it's told once of an end or a failure, and not as long as these last.
std::uint32_t asked(Events events) {
  if (events == 0) return EPOLLET;
  return ((events & readable) != 0 ? static_cast<std::uint32_t>(EPOLLIN) : 0U) |
         ((events & writable) != 0 ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
}

Events told(std::uint32_t events) {
  if ((events & EPOLLERR) != 0) return readable | writable | failed;
  if ((events & EPOLLHUP) != 0) return readable | writable;
  return ((events & EPOLLIN) != 0 ? readable : 0U) | ((events & EPOLLOUT) != 0 ? writable : 0U);
}

class EpollWatches final : public Watches {
 public:
  EpollWatches(uv_loop_t& loop, WaitHooks& hooks, int epoll)
      : loop_(loop), hooks_(hooks), epoll_(epoll) {}
  ~EpollWatches() override { ::close(epoll_); }
  EpollWatches(const EpollWatches&) = delete;
  EpollWatches& operator=(const EpollWatches&) = delete;

  bool embed_libuv();

  Result<void> add(Descriptor descriptor, Watched& watched, Events events) override;
  void change(Descriptor descriptor, Events events) noexcept override;
  void remove(Descriptor descriptor) noexcept override;
  void end() override;
  void turn(bool waits) override;
  bool has_more() const override { return was_full_; }
  int descriptor() const override { return epoll_; }

 private:
  // So few that what is touched of their connections fits the processor's caches.
  static constexpr std::size_t most_at_once = 64;

  bool control(int operation, int descriptor, std::uint32_t events) const;
  void wait(int timeout);
  int next_timeout() const;
  void run_libuv() { uv_run(&loop_, UV_RUN_NOWAIT); }

  uv_loop_t& loop_;
  WaitHooks& hooks_;
  const int epoll_;
  std::vector<Watched*> watched_;  // by descriptor; null: it isn't
  std::array<epoll_event, most_at_once> batch_;
  std::span<epoll_event> rest_;  // of the batch, not told yet
  bool was_full_ = false;        // the batch
};

bool EpollWatches::control(int operation, int descriptor, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  return ::epoll_ctl(epoll_, operation, descriptor, &event) == 0;
}

// libuv tells the system of its own descriptors when it looks at them.
bool EpollWatches::embed_libuv() {
  run_libuv();
  return control(EPOLL_CTL_ADD, uv_backend_fd(&loop_), EPOLLIN);
}

Result<void> EpollWatches::add(Descriptor descriptor, Watched& watched, Events events) {
  const auto place = static_cast<std::size_t>(descriptor);
  if (place >= watched_.size()) watched_.resize(std::max(place + 1, watched_.size() * 2));
  if (!control(EPOLL_CTL_ADD, descriptor, asked(events))) {
    return Error{ErrorCode::unavailable, words(errno)};
  }
  watched_[place] = &watched;
  return {};
}

void EpollWatches::change(Descriptor descriptor, Events events) noexcept {
  control(EPOLL_CTL_MOD, descriptor, asked(events));
}

// The system would forget it by itself when it's closed, but for a copy of it that a forked process
// may have. Another one may get its number in the same turn.
void EpollWatches::remove(Descriptor descriptor) noexcept {
  control(EPOLL_CTL_DEL, descriptor, 0);
  watched_[static_cast<std::size_t>(descriptor)] = nullptr;
  for (epoll_event& event : rest_) {
    if (event.data.fd == descriptor) event.data.fd = nobody;
  }
}

void EpollWatches::end() {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (watched_[i]) watched_[i]->loop_ends();
  }
}

// Timers that are due come first, then what the network has.
void EpollWatches::turn(bool waits) {
  const bool has_to_wait = hooks_.before_wait() && waits;
  wait(has_to_wait ? next_timeout() : 0);
  const int libuv = uv_backend_fd(&loop_);
  const bool wakes_libuv =
      std::ranges::any_of(rest_, [libuv](const auto& event) { return event.data.fd == libuv; });
  if (wakes_libuv || next_timeout() == 0) run_libuv();
  while (!rest_.empty()) {
    const epoll_event event = rest_.front();
    rest_ = rest_.subspan(1);
    if (event.data.fd == nobody || event.data.fd == libuv) continue;
    watched_[static_cast<std::size_t>(event.data.fd)]->on_ready(told(event.events));
  }
  hooks_.after_wait();
}

// A signal ends it early.
void EpollWatches::wait(int timeout) {
  const int count = ::epoll_wait(epoll_, batch_.data(), static_cast<int>(batch_.size()), timeout);
  rest_ = std::span(batch_).first(static_cast<std::size_t>(std::max(count, 0)));
  was_full_ = rest_.size() == batch_.size();
}

int EpollWatches::next_timeout() const {
  uv_update_time(&loop_);
  return uv_backend_timeout(&loop_);
}

}  // namespace

std::unique_ptr<Watches> watch_by_epoll(uv_loop_t& loop, WaitHooks& hooks) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll == -1) return nullptr;
  auto watches = std::make_unique<EpollWatches>(loop, hooks, epoll);
  if (!watches->embed_libuv()) return nullptr;
  return watches;
}

}  // namespace simws::transport

#endif
