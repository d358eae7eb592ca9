#include "bindings/python/module/interrupt.h"

#include <signal.h>

#include <array>
#include <atomic>

namespace simws::python {

namespace {

using Handler = void (*)(int);

constexpr int last_signal = 31;

// A signal handler can reach nothing else.
std::atomic<script::Api*> waiting_api{nullptr};
std::atomic<bool> terminated{false};
std::array<std::atomic<Handler>, last_signal + 1> previous_handlers{};
static_assert(std::atomic<script::Api*>::is_always_lock_free &&
              std::atomic<Handler>::is_always_lock_free);

// These say that the program itself is broken, or can't be handled.
constexpr bool is_left_alone(int number) {
  return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL ||
         number == SIGABRT || number == SIGTRAP || number == SIGKILL || number == SIGSTOP;
}

void on_signal(int number) {
  const Handler previous = previous_handlers[static_cast<std::size_t>(number)];
  if (previous == SIG_DFL) {
    terminated = true;
  } else {
    previous(number);
  }
  if (script::Api* const api = waiting_api) api->interrupt();
}

// Python's own handlers are plain functions. False: the signal is left as it is.
bool watch(int number) {
  struct sigaction action {};
  if (is_left_alone(number) || sigaction(number, nullptr, &action) != 0) return false;
  const bool is_plain = (action.sa_flags & SA_SIGINFO) == 0;
  const bool is_handled = is_plain && action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
  const bool is_end = number == SIGTERM && is_plain && action.sa_handler == SIG_DFL;
  if (!is_handled && !is_end) return false;
  previous_handlers[static_cast<std::size_t>(number)] = action.sa_handler;
  action.sa_handler = on_signal;
  return sigaction(number, &action, nullptr) == 0;
}

void restore(int number) {
  struct sigaction action {};
  if (sigaction(number, nullptr, &action) != 0 || action.sa_handler != on_signal) return;
  action.sa_handler = previous_handlers[static_cast<std::size_t>(number)];
  sigaction(number, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(script::Api& api) {
  terminated = false;
  waiting_api = &api;
  for (int number = 1; number <= last_signal; ++number) {
    if (watch(number)) watched_.push_back(number);
  }
}

InterruptGuard::~InterruptGuard() {
  for (const int number : watched_) restore(number);
  waiting_api = nullptr;
}

bool InterruptGuard::is_terminated() const {
  return terminated;
}

}  // namespace simws::python
