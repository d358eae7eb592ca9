#include "bindings/python/module/signal_watch.h"

#include "bindings/python/exceptions.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <utility>

namespace simws::python {

namespace {

// A signal handler can reach nothing else.
std::atomic<int> terminator{-1};  // the descriptor that is told of SIGTERM
std::atomic<bool> terminated{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_terminate(int number) {
  const int error = errno;
  terminated = true;
  const auto byte = static_cast<unsigned char>(number);
  static_cast<void>(!::write(terminator, &byte, 1));
  errno = error;
}

}  // namespace

SignalWatch::SignalWatch(Object set_wakeup_fd)
    : set_wakeup_fd_(std::move(set_wakeup_fd)), process_(::getpid()) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  read_end_ = ends[0];
  write_end_ = ends[1];
  ::fcntl(write_end_, F_SETFL, O_NONBLOCK);
  thread_ = std::thread([this] { run(); });
}

SignalWatch::~SignalWatch() {
  if (write_end_ < 0) return;
  ::close(write_end_);
  if (::getpid() == process_) {
    thread_.join();
  } else {
    thread_.detach();
  }
  ::close(read_end_);
}

// Calls no code of Python's, in which a signal's handler could run and raise something.
int SignalWatch::set_wakeup_descriptor(int descriptor) const {
  const Object number = Object::take(PyLong_FromLong(descriptor));
  const Object before = Object::take(
      number ? PyObject_CallFunctionObjArgs(set_wakeup_fd_.get(), number.get(), nullptr) : nullptr);
  const long result = before ? PyLong_AsLong(before.get()) : -1;
  forget_exception();
  return static_cast<int>(result);
}

// Until the other end is closed. Signals are the program's own threads' to take.
void SignalWatch::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  std::array<char, 64> bytes;
  for (;;) {
    const ssize_t count = ::read(read_end_, bytes.data(), bytes.size());
    if (count <= 0) return;
    const std::lock_guard lock(mutex_);
    if (api_) api_->interrupt();
    if (told_before_ < 0) continue;
    static_cast<void>(!::write(told_before_, bytes.data(), static_cast<std::size_t>(count)));
  }
}

void SignalWatch::begin(script::Api& api) {
  if (write_end_ < 0) return;
  const int before = set_wakeup_descriptor(write_end_);
  {
    const std::lock_guard lock(mutex_);
    api_ = &api;
    told_before_ = before;
  }
  watch_termination();
}

void SignalWatch::end() {
  if (write_end_ < 0) return;
  unwatch_termination();
  int before = -1;
  {
    const std::lock_guard lock(mutex_);
    api_ = nullptr;
    before = std::exchange(told_before_, -1);
  }
  // The program may have set another one meanwhile.
  const int current = set_wakeup_descriptor(before);
  if (current != write_end_) set_wakeup_descriptor(current);
}

bool SignalWatch::is_terminated() const {
  return has_terminator_ && terminated;
}

void SignalWatch::watch_termination() {
  struct sigaction action {};
  const bool is_known = ::sigaction(SIGTERM, nullptr, &action) == 0;
  const bool is_plain = is_known && (action.sa_flags & SA_SIGINFO) == 0;
  has_terminator_ = is_plain && (action.sa_handler == SIG_DFL || action.sa_handler == on_terminate);
  if (!has_terminator_) return;
  outer_terminator_ = terminator.exchange(write_end_);
  if (action.sa_handler == on_terminate) return;
  terminated = false;
  action.sa_handler = on_terminate;
  ::sigaction(SIGTERM, &action, nullptr);
}

void SignalWatch::unwatch_termination() {
  if (!std::exchange(has_terminator_, false)) return;
  terminator = outer_terminator_;
  struct sigaction action {};
  if (outer_terminator_ >= 0 || ::sigaction(SIGTERM, nullptr, &action) != 0) return;
  if (action.sa_handler != on_terminate) return;  // the program has set its own
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace simws::python
