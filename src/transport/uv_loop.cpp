#include "transport/uv_loop.h"

#include "base/descriptors.h"
#include "base/kept_memory.h"
#include "transport/address.h"
#include "transport/uv_connecting.h"
#include "transport/uv_handle.h"
#include "transport/uv_listener.h"
#include "transport/uv_process.h"
#include "transport/uv_timer.h"

#include <cassert>
#include <cstddef>
#include <utility>

namespace simws::transport {
namespace {

template <typename Handle>
uv_handle_t* base(Handle* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);
}

void close_any(uv_handle_t* handle, void* loop) {
  if (uv_is_closing(handle)) return;
  if (handle->data == loop) {
    uv_close(handle, nullptr);
  } else {
    static_cast<HandleOwner*>(handle->data)->loop_ends();
  }
}

}  // namespace

std::unique_ptr<Loop> make_loop() {
  return UvLoop::make();
}

std::unique_ptr<UvLoop> UvLoop::make() {
  std::unique_ptr<UvLoop> loop(new UvLoop);
  if (!loop->open()) return nullptr;
  return loop;
}

bool UvLoop::open() {
  open_standard_descriptors();
  if (uv_loop_init(&loop_) != 0) return false;
  is_open_ = true;
  uv_prepare_init(&loop_, &before_wait_);
  uv_timer_init(&loop_, &poll_end_);
  uv_timer_init(&loop_, &trim_);
  uv_check_init(&loop_, &after_wait_);
  (void)exact_poll_end_.open();
  before_wait_.data = after_wait_.data = poll_end_.data = trim_.data = wake_.data = this;
  const auto on_woken = [](uv_async_t* wake) { static_cast<UvLoop*>(wake->data)->on_woken(); };
  if (uv_async_init(&loop_, &wake_, on_woken) != 0) return false;
  // What timers and tasks wrote leaves before the loop waits.
  uv_prepare_start(&before_wait_, [](uv_prepare_t* handle) {
    UvLoop& self = *static_cast<UvLoop*>(handle->data);
    self.end_of_turn_.run();
    self.now_known_ = false;
    self.trim_later();
    // A timer that fell due at the turn's start has ended the poll: libuv shall not wait.
    if (self.is_polling_ && (self.happened_ || self.poll_ended_)) uv_stop(&self.loop_);
  });
  uv_check_start(&after_wait_,
                 [](uv_check_t* handle) { static_cast<UvLoop*>(handle->data)->reads_.run(); });
  return true;
}

UvLoop::~UvLoop() {
  if (!is_open_) return;
  resolver_.reset();  // its threads post no more
  for (const auto& each : crews_) {
    if (const auto crew = each.lock()) crew->abandon();
  }
  tasks_.clear();
  uv_walk(&loop_, close_any, this);
  while (uv_run(&loop_, UV_RUN_NOWAIT) != 0) {
  }
  [[maybe_unused]] const int result = uv_loop_close(&loop_);
  assert(result == 0);
}

void UvLoop::run() {
  while (!take_stop()) turn(UV_RUN_ONCE);
}

void UvLoop::poll(Duration timeout) {
  is_polling_ = true;
  happened_ = false;
  poll_ended_ = timeout == Duration::zero();
  if (timeout > Duration::zero()) end_poll_after(timeout);
  bool is_over = take_stop();
  while (!is_over) {
    turn(poll_ended_ ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    is_over = take_stop() || happened_ || poll_ended_;
  }
  if (timeout > Duration::zero() && !poll_ended_) stop_poll_end();
  is_polling_ = false;
}

void UvLoop::end_poll_after(Duration timeout) {
  const auto on_due = [](uv_poll_t* handle, int, int) {
    UvLoop& self = *static_cast<UvLoop*>(handle->data);
    self.poll_ended_ = true;
    self.exact_poll_end_.stop();
  };
  if (exact_poll_end_.start(timeout, on_due)) return;
  uv_update_time(&loop_);
  uv_timer_start(
      &poll_end_, [](uv_timer_t* t) { static_cast<UvLoop*>(t->data)->poll_ended_ = true; },
      static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count()), 0);
}

// What is still to come would be seen on the loop's descriptor.
void UvLoop::stop_poll_end() {
  exact_poll_end_.stop();
  uv_timer_stop(&poll_end_);
}

// libuv lets timers fall due after its wait too: so the turn's end comes after it has returned.
void UvLoop::turn(uv_run_mode mode) {
  assert(!in_turn_);
  in_turn_ = true;
  now_known_ = false;
  uv_run(&loop_, mode);
  end_of_turn_.run();
  in_turn_ = false;
}

// While anything is kept, and again then.
void UvLoop::trim_later() {
  constexpr std::uint64_t milliseconds = 1000;
  if (kept_memory() == 0 || uv_is_active(base(&trim_))) return;
  uv_timer_start(
      &trim_, [](uv_timer_t*) { trim_kept_memory(); }, milliseconds, 0);
}

void UvLoop::stop() {
  stop_.store(true);
  uv_async_send(&wake_);
}

bool UvLoop::take_stop() {
  return stop_.load() && stop_.exchange(false);
}

void UvLoop::post(Task task) {
  if (tasks_.push(std::move(task))) uv_async_send(&wake_);
}

void UvLoop::on_woken() {
  if (tasks_.run()) note_event();
}

int UvLoop::descriptor() const {
  return uv_backend_fd(&loop_);
}

std::optional<Duration> UvLoop::next_timeout() const {
  if (end_of_turn_.is_wanted()) return Duration::zero();
  uv_update_time(&loop_);
  const int timeout = uv_backend_timeout(&loop_);
  if (timeout < 0) return std::nullopt;
  return std::chrono::milliseconds(timeout);
}

Time UvLoop::now() const {
  if (!in_turn_) return Clock::now();
  if (!now_known_) {
    now_ = Clock::now();
    now_known_ = true;
  }
  return now_;
}

void UvLoop::set_now(Time now) {
  now_ = now;
  now_known_ = true;
}

std::unique_ptr<Timer> UvLoop::make_timer(Task on_due) {
  return std::make_unique<UvTimer>(*this, std::move(on_due));
}

Result<std::unique_ptr<Listener>> UvLoop::listen(const std::string& ip, int port,
                                                 AcceptHandler on_accept) {
  const std::optional<Address> address = parse_address(ip, port);
  if (!address) return bad_address(ip, port);
  return UvListener::make(*this, *address, std::move(on_accept));
}

std::unique_ptr<Connecting> UvLoop::connect(const Address& to, ConnectHandler on_done) {
  return UvConnecting::make(*this, to, std::move(on_done));
}

std::unique_ptr<Lookup> UvLoop::look_up(const std::string& host, int port, LookupHandler on_done) {
  return resolver_->look_up(host, port, std::move(on_done));
}

Result<std::unique_ptr<HelperProcess>> UvLoop::start_process(const std::string& program) {
  return UvProcess::start(*this, program);
}

std::unique_ptr<Workers> UvLoop::make_workers(std::size_t most) {
  auto workers = std::make_unique<ThreadWorkers>(*this, most);
  std::erase_if(crews_, [](const auto& crew) { return crew.expired(); });
  crews_.push_back(workers->crew());
  return workers;
}

int UvLoop::add_end_of_turn(Task work) {
  return end_of_turn_.add(std::move(work));
}

void UvLoop::remove_end_of_turn(int key) {
  end_of_turn_.remove(key);
}

void UvLoop::want_end_of_turn() {
  end_of_turn_.want();
}

}  // namespace simws::transport
