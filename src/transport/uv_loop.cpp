#include "transport/uv_loop.h"

#include "base/descriptors.h"
#include "base/kept_memory.h"
#include "transport/address.h"
#include "transport/socket_connecting.h"
#include "transport/socket_listener.h"
#include "transport/socket_process.h"
#include "transport/uv_handle.h"
#include "transport/uv_timer.h"

#include <cassert>
#include <cstddef>
#include <utility>

namespace simws::transport {
namespace {

// Who polls now and then gets all that is ready, unless that has no end.
constexpr int most_turns_of_a_poll = 16;

template <typename Handle>
uv_handle_t* base(Handle* handle) {
  return reinterpret_cast<uv_handle_t*>(handle);
}

std::unique_ptr<Watches> make_watches(Watching watching, uv_loop_t& loop, WaitHooks& hooks) {
#ifdef __linux__
  if (watching == Watching::by_system) return watch_by_epoll(loop, hooks);
#else
  (void)watching;
#endif
  return watch_by_libuv(loop, hooks);
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

std::unique_ptr<Loop> make_loop(Watching watching) {
  return UvLoop::make(watching);
}

std::unique_ptr<UvLoop> UvLoop::make(Watching watching) {
  std::unique_ptr<UvLoop> loop(new UvLoop);
  if (!loop->open(watching)) return nullptr;
  return loop;
}

bool UvLoop::open(Watching watching) {
  open_standard_descriptors();
  if (uv_loop_init(&loop_) != 0) return false;
  is_open_ = true;
  uv_timer_init(&loop_, &poll_end_);
  uv_timer_init(&loop_, &trim_);
  poll_end_.data = trim_.data = wake_.data = this;
  const auto on_woken = [](uv_async_t* wake) { static_cast<UvLoop*>(wake->data)->on_woken(); };
  if (uv_async_init(&loop_, &wake_, on_woken) != 0) return false;
  watches_ = make_watches(watching, loop_, *this);
  if (!watches_) return false;
  (void)exact_poll_end_.open(*watches_);
  return true;
}

UvLoop::~UvLoop() {
  if (!is_open_) return;
  resolver_.reset();  // its threads post no more
  for (const auto& each : crews_) {
    if (const auto crew = each.lock()) crew->abandon();
  }
  tasks_.clear();
  if (watches_) watches_->end();
  watches_.reset();
  uv_walk(&loop_, close_any, this);
  while (uv_run(&loop_, UV_RUN_NOWAIT) != 0) {
  }
  [[maybe_unused]] const int result = uv_loop_close(&loop_);
  assert(result == 0);
}

// What timers and tasks wrote leaves before the loop waits.
bool UvLoop::before_wait() {
  end_of_turn_.run();
  now_known_ = false;
  trim_later();
  // A timer that fell due at the turn's start has ended the poll.
  return !(is_polling_ && (happened_ || poll_ended_));
}

void UvLoop::run() {
  while (!take_stop()) turn(true);
}

void UvLoop::poll(Duration timeout) {
  is_polling_ = true;
  happened_ = false;
  poll_ended_ = timeout == Duration::zero();
  if (timeout > Duration::zero()) end_poll_after(timeout);
  bool is_over = take_stop();
  for (int turns = 1; !is_over; ++turns) {
    turn(!poll_ended_);
    const bool goes_on = watches_->has_more() && turns < most_turns_of_a_poll;
    is_over = take_stop() || ((happened_ || poll_ended_) && !goes_on);
  }
  if (timeout > Duration::zero() && !poll_ended_) stop_poll_end();
  is_polling_ = false;
}

void UvLoop::end_poll_after(Duration timeout) {
  if (exact_poll_end_.start(timeout)) return;
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

// Timers may fall due after the wait too: so the turn's end comes last.
void UvLoop::turn(bool waits) {
  assert(!in_turn_);
  in_turn_ = true;
  now_known_ = false;
  watches_->turn(waits);
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
  return watches_->descriptor();
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
  return SocketListener::make(*this, *address, std::move(on_accept));
}

std::unique_ptr<Connecting> UvLoop::connect(const Address& to, ConnectHandler on_done) {
  return SocketConnecting::make(*this, to, std::move(on_done));
}

std::unique_ptr<Lookup> UvLoop::look_up(const std::string& host, int port, LookupHandler on_done) {
  return resolver_->look_up(host, port, std::move(on_done));
}

Result<std::unique_ptr<HelperProcess>> UvLoop::start_process(const std::string& program) {
  return SocketProcess::start(*this, program);
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
