#include "endpoint/event_loop.h"

#include "base/thread.h"
#include "endpoint/durations.h"
#include "transport/task_queue.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace simws {

namespace {

// Negative: without end.
Duration to_duration(Seconds seconds) {
  if (!(seconds >= Seconds{0})) return Duration{-1};
  return std::chrono::duration_cast<Duration>(std::min(seconds, endpoint::longest_wait));
}

// A task that somebody waits for. It needs no memory: servers are stopped by it.
class Called {
 public:
  explicit Called(const transport::Task& task) : task_(task) {}

  void run() {
    task_();
    const std::lock_guard lock(mutex_);
    done_ = true;
    ended_.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return done_; });
  }

 private:
  const transport::Task& task_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
};

}  // namespace

EventLoop::Impl::Impl(std::unique_ptr<transport::Loop> made) : loop(std::move(made)) {}

endpoint::TurnEnd& EventLoop::Impl::turn_end() {
  if (!turn_end_) turn_end_ = std::make_unique<endpoint::TurnEnd>(*loop);
  return *turn_end_;
}

endpoint::ClientParts& EventLoop::Impl::client_parts() {
  if (!client_parts_) client_parts_ = std::make_unique<endpoint::ClientParts>(turn_end());
  return *client_parts_;
}

// Handlers and tasks may own servers, which come to linger here as they go.
EventLoop::Impl::~Impl() {
  while (!lingering_.empty() || !delayed_.empty()) {
    lingering_.clear();
    const auto dropped = std::exchange(delayed_, {});
  }
}

// An interrupt that comes too late for what it was meant for stops the next one who runs the loop:
// that must not be the end of the thread.
void EventLoop::Impl::start_thread() {
  thread_ends_ = false;
  thread_ = simws::start_thread([this] {
    prefer_short_turns();
    while (!thread_ends_) loop->run();
  });
}

void EventLoop::Impl::join() {
  loop->post([this] {
    thread_ends_ = true;
    loop->stop();
  });
  thread_.join();
}

void EventLoop::Impl::call(const transport::Task& task) {
  Called called(task);
  loop->post([&called] { called.run(); });
  called.wait();
}

void EventLoop::Impl::linger(std::unique_ptr<endpoint::Core> core) noexcept {
  endpoint::Core* const key = &lingering_.push_back(std::move(core));
  key->on_finished([this, key] { loop->post([this, key] { forget(*key); }); });
}

void EventLoop::Impl::forget(endpoint::Core& core) {
  const auto ended = OwningList<endpoint::Core>::remove(core);
}

void EventLoop::Impl::call_after(Duration delay, transport::Task task) {
  std::list<Delayed> added(1);
  const auto key = added.begin();
  key->task = std::move(task);
  key->timer = loop->make_timer([this, key] {
    const transport::Task due = std::move(key->task);
    loop->post([this, key] { delayed_.erase(key); });
    transport::run_task(due);
  });
  delayed_.splice(delayed_.end(), added);
  key->timer->start(loop->now() + delay);
}

EventLoop::EventLoop() : impl_(std::make_unique<Impl>(transport::make_loop())) {}
EventLoop::EventLoop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
EventLoop::~EventLoop() {
  stop_thread();
}

void EventLoop::start_thread() {
  if (impl_->loop) impl_->start_thread();
}

void EventLoop::stop_thread() {
  if (has_thread()) impl_->join();
}

void EventLoop::call(const std::function<void()>& task) {
  impl_->call(task);
}

bool EventLoop::has_thread() const {
  return impl_->has_thread();
}

void EventLoop::run() {
  if (impl_->loop) impl_->loop->run();
}

void EventLoop::poll(Seconds timeout) {
  if (impl_->loop) impl_->loop->poll(to_duration(timeout));
}

void EventLoop::stop() {
  if (impl_->loop) impl_->loop->stop();
}

void EventLoop::post(std::function<void()> task) {
  if (impl_->loop) impl_->loop->post(std::move(task));
}

int EventLoop::fileno() const {
  return impl_->loop ? impl_->loop->descriptor() : -1;
}

void EventLoop::call_after(Seconds delay, std::function<void()> task) {
  if (!impl_->loop) return;
  impl_->call_after(std::max(to_duration(delay), Duration{0}), std::move(task));
}

void EventLoop::drain(Seconds limit) {
  const Time end = Clock::now() + std::max(to_duration(limit), Duration{0});
  for (Time now = Clock::now(); impl_->is_lingering() && now < end; now = Clock::now()) {
    impl_->loop->poll(end - now);
  }
}

Seconds EventLoop::next_timeout() const {
  if (!impl_->loop) return Seconds{-1};
  const auto timeout = impl_->loop->next_timeout();
  return timeout ? Seconds(*timeout) : Seconds{-1};
}

}  // namespace simws
