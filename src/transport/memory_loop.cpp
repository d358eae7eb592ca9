#include "transport/memory_loop.h"

#include "transport/address.h"
#include "transport/awaited.h"
#include "transport/memory_parts.h"
#include "transport/memory_stream.h"

#include <algorithm>
#include <cassert>
#include <system_error>

namespace simws::transport {
namespace {

// How much a connection between two streams holds in each direction, as on a system.
constexpr std::size_t system_window = 256 * 1024;

Error failure(std::errc code) {
  return {ErrorCode::io, std::make_error_code(code).message()};
}

}  // namespace

std::unique_ptr<MemoryLoop> MemoryLoop::make() {
  return std::make_unique<MemoryLoopImpl>();
}

MemoryLoopImpl::~MemoryLoopImpl() {
  tasks_.clear();
  for (MemoryPart* part : parts_) part->loop_ends();
}

void MemoryLoopImpl::run() {
  in_turn([] {});
  while (!take_stop()) {
    if (run_once()) continue;
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return is_woken_ || is_stopped_; });
    is_woken_ = false;
  }
}

void MemoryLoopImpl::poll(Duration) {
  if (take_stop()) return;
  run_until_idle();
  take_stop();
}

void MemoryLoopImpl::stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  wake_.notify_one();
}

bool MemoryLoopImpl::take_stop() {
  const std::lock_guard lock(mutex_);
  return std::exchange(is_stopped_, false);
}

void MemoryLoopImpl::post(Task task) {
  tasks_.push(std::move(task));
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  wake_.notify_one();
}

std::optional<Duration> MemoryLoopImpl::next_timeout() const {
  if (!tasks_.empty() || !waiting_.empty() || end_of_turn_.is_wanted()) return Duration::zero();
  if (timers_.empty()) return std::nullopt;
  return std::max(timers_.front()->at() - now_, Duration::zero());
}

std::unique_ptr<Timer> MemoryLoopImpl::make_timer(Task on_due) {
  return std::make_unique<MemoryTimer>(*this, std::move(on_due));
}

void MemoryLoopImpl::set(MemoryTimer& timer) {
  const auto is_later = [&](const MemoryTimer* other) { return other->at() > timer.at(); };
  timers_.insert(std::find_if(timers_.begin(), timers_.end(), is_later), &timer);
}

Result<std::unique_ptr<Listener>> MemoryLoopImpl::listen(const std::string& ip, int port,
                                                         AcceptHandler on_accept) {
  std::optional<Address> address = parse_address(ip, port);
  if (!address) return bad_address(ip, port);
  if (count_operation()) return Error{ErrorCode::unavailable, "the listen was set to fail"};
  if (port == 0) address->port = static_cast<std::uint16_t>(pick_port());
  if (!is_free(*address)) return Error{ErrorCode::address_in_use, "Address already in use"};
  return std::unique_ptr<Listener>(
      std::make_unique<MemoryListener>(*this, *address, std::move(on_accept)));
}

bool MemoryLoopImpl::is_free(const Address& address) const {
  return std::none_of(listeners_.begin(), listeners_.end(),
                      [&](const auto* listener) { return listener->address() == address; });
}

// The next of the ports that systems pick from (RFC 6335, section 6).
int MemoryLoopImpl::pick_port() {
  const auto is_used = [this](const MemoryListener* listener) {
    return listener->address().port == last_port_;
  };
  do {
    last_port_ = last_port_ == 65535 ? 49152 : last_port_ + 1;
  } while (std::any_of(listeners_.begin(), listeners_.end(), is_used));
  return last_port_;
}

Result<std::unique_ptr<HelperProcess>> MemoryLoopImpl::start_process(const std::string& program) {
  if (count_operation())
    return Error{ErrorCode::io, program + " can't be started: the start was set to fail"};
  const MemoryEnd end = MemoryEnd::make();
  auto process = std::make_unique<MemoryProcess>(*this, end);
  processes_.push_back(std::make_unique<MemoryPeerImpl>(end.other()));
  return std::unique_ptr<HelperProcess>(std::move(process));
}

std::unique_ptr<MemoryPeer> MemoryLoopImpl::take_process() {
  if (processes_.empty()) return nullptr;
  std::unique_ptr<MemoryPeer> taken = std::move(processes_.front());
  processes_.pop_front();
  return taken;
}

std::unique_ptr<MemoryPeer> MemoryLoopImpl::connect(int port, Address from) {
  const auto newest =
      std::find_if(listeners_.rbegin(), listeners_.rend(),
                   [port](const auto* listener) { return listener->address().port == port; });
  if (newest == listeners_.rend()) return nullptr;
  const MemoryEnd end = MemoryEnd::make();
  MemoryListener& listener = **newest;
  listener.add({end, from});
  in_turn([&] { listener.tell(); });
  return std::make_unique<MemoryPeerImpl>(end.other());
}

std::unique_ptr<Connecting> MemoryLoopImpl::connect(const Address& to, ConnectHandler on_done) {
  auto connecting = std::make_unique<AwaitedConnecting>(std::move(on_done));
  if (names_.reach(to) == Reach::never) return connecting;
  post([this, to, handler = connecting->handler()] {
    if (!handler.expired()) transport::tell(handler, connect_now(to));
  });
  return connecting;
}

Result<std::unique_ptr<Stream>> MemoryLoopImpl::connect_now(const Address& to) {
  const auto newest = std::find_if(listeners_.rbegin(), listeners_.rend(),
                                   [&](const auto* listener) { return listener->takes(to); });
  if (names_.reach(to) == Reach::no_route) return failure(std::errc::network_unreachable);
  if (count_operation() || newest == listeners_.rend()) {
    return failure(std::errc::connection_refused);
  }
  const MemoryEnd end = MemoryEnd::make();
  end.in->window = end.out->window = system_window;
  Address from = to;
  from.port = static_cast<std::uint16_t>(pick_port());
  (*newest)->add({end.other(), from});
  return std::unique_ptr<Stream>(std::make_unique<MemoryStream>(*this, end, to));
}

std::unique_ptr<Lookup> MemoryLoopImpl::look_up(const std::string& host, int port,
                                                LookupHandler on_done) {
  auto lookup = std::make_unique<AwaitedLookup>(std::move(on_done));
  post([this, host, port, handler = lookup->handler()] {
    if (handler.expired()) return;
    if (count_operation()) {
      transport::tell(handler, Error{ErrorCode::io, "the look-up was set to fail"});
    } else if (auto answer = names_.find(host, port)) {
      transport::tell(handler, std::move(*answer));
    }
  });
  return lookup;
}

std::unique_ptr<Workers> MemoryLoopImpl::make_workers(std::size_t) {
  return std::make_unique<MemoryWorkers>(*this);
}

void MemoryLoopImpl::add_work(Task work, Task told) {
  if (holds_work_) {
    held_work_.emplace_back(std::move(work), std::move(told));
    return;
  }
  post([this, work = std::move(work), told = std::move(told)] {
    work();
    if (told) post(told);
  });
}

void MemoryLoopImpl::hold_work(bool held) {
  holds_work_ = held;
  if (held) return;
  for (auto& [work, told] : std::exchange(held_work_, {})) {
    add_work(std::move(work), std::move(told));
  }
}

bool MemoryLoopImpl::count_operation() {
  ++operations_;
  if (fail_at_ == 0 || operations_ < fail_at_) return false;
  fail_at_ = 0;
  return true;
}

void MemoryLoopImpl::count_safe_operation() {
  ++operations_;
}

void MemoryLoopImpl::tell(MemoryStream& stream) {
  if (in_turn_) return tell_later(stream);
  forget(stream);
  in_turn([&] { stream.tell(); });
}

void MemoryLoopImpl::tell_later(MemoryStream& stream) {
  forget(stream);
  waiting_.push_back(&stream);
}

// What a stream has to tell may have changed since it was put down here.
bool MemoryLoopImpl::tell_next() {
  if (waiting_.empty()) return false;
  MemoryStream& stream = *waiting_.front();
  waiting_.pop_front();
  in_turn([&] { stream.tell(); });
  return true;
}

bool MemoryLoopImpl::tell_next_listener() {
  const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                  [](const auto* listener) { return listener->has_news(); });
  if (found == listeners_.end()) return false;
  in_turn([listener = *found] { listener->tell(); });
  return true;
}

bool MemoryLoopImpl::fire_due(Time until) {
  if (timers_.empty() || timers_.front()->at() > until) return false;
  MemoryTimer& timer = *timers_.front();
  timers_.pop_front();
  now_ = std::max(now_, timer.at());
  in_turn([&] { timer.fire(); });
  return true;
}

bool MemoryLoopImpl::run_once() {
  if (fire_due(now_)) return true;
  if (!tasks_.empty()) {
    in_turn([this] { tasks_.run(); });
    return true;
  }
  return tell_next() || tell_next_listener();
}

bool MemoryLoopImpl::turn() {
  assert(!in_turn_);
  if (run_once()) return true;
  if (!end_of_turn_.is_wanted()) return false;
  in_turn([] {});
  return true;
}

// Within a turn, `work` is part of it.
void MemoryLoopImpl::in_turn(const Task& work) {
  const bool is_outer = !std::exchange(in_turn_, true);
  work();
  if (!is_outer) return;
  end_of_turn_.run();
  in_turn_ = false;
}

void MemoryLoopImpl::run_until_idle() {
  assert(!in_turn_);
  in_turn([] {});
  while (run_once()) {
  }
}

void MemoryLoopImpl::advance(Duration duration) {
  const Time end = now_ + duration;
  do {
    run_until_idle();
  } while (fire_due(end));
  now_ = end;
}

}  // namespace simws::transport
