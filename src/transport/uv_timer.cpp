#include "transport/uv_timer.h"

#include "transport/task_queue.h"
#include "transport/uv_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace simws::transport {

UvTimer::UvTimer(UvLoop& loop, Task on_due)
    : loop_(loop), on_due_(std::move(on_due)), handle_(new uv_timer_t{}) {
  uv_timer_init(loop.uv(), handle_.get());
  handle_->data = static_cast<HandleOwner*>(this);
}

void UvTimer::start(Time at) {
  if (!handle_) return;
  at_ = at;
  arm();
}

void UvTimer::stop() {
  if (handle_) uv_timer_stop(handle_.get());
}

// At least 1 ms: libuv would run a timer that starts itself anew with 0 for ever in one turn.
void UvTimer::arm() {
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(at_ - loop_.now()).count();
  uv_timer_start(handle_.get(), fire, static_cast<std::uint64_t>(std::max<long long>(wait, 1)), 0);
}

void UvTimer::fire(uv_timer_t* handle) {
  UvTimer& self = *static_cast<UvTimer*>(static_cast<HandleOwner*>(handle->data));
  const Time now = Clock::now();
  self.loop_.set_now(now);
  // libuv counts from its own time, in whole milliseconds and read at the turn's start.
  if (now < self.at_) return self.arm();
  self.loop_.note_event();
  Task on_due = std::move(self.on_due_);
  run_task(on_due);
  const bool is_destroyed = handle->data == nullptr;
  if (!is_destroyed) self.on_due_ = std::move(on_due);
}

}  // namespace simws::transport
