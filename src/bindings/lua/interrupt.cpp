#include "bindings/lua/interrupt.h"

#include <atomic>
#include <csignal>

namespace simws::lua {

namespace {

// A signal handler can reach nothing else.
std::atomic<script::Api*> waiting_api{nullptr};
std::atomic<int> caught_signal{0};
static_assert(std::atomic<script::Api*>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free);

void on_signal(int number) {
  caught_signal = number;
  if (script::Api* const api = waiting_api) api->interrupt();
}

void (*install(int number))(int) {
  const auto previous = std::signal(number, on_signal);
  if (previous == SIG_IGN) std::signal(number, SIG_IGN);
  return previous;
}

}  // namespace

InterruptGuard::InterruptGuard(script::Api& api) {
  caught_signal = 0;
  waiting_api = &api;
  previous_interrupt_ = install(SIGINT);
  previous_terminate_ = install(SIGTERM);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, previous_interrupt_);
  std::signal(SIGTERM, previous_terminate_);
  waiting_api = nullptr;
}

int InterruptGuard::signal() const {
  return caught_signal;
}

}  // namespace simws::lua
