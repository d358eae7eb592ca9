#include "bindings/lua/interrupt.h"

#include <atomic>
#include <csignal>

namespace simws::lua {

namespace {

using Handler = void (*)(int);

// A signal handler can reach nothing else.
std::atomic<script::Api*> waiting_api{nullptr};
std::atomic<int> caught_signal{0};
std::atomic<Handler> previous_interrupt{SIG_DFL};
std::atomic<Handler> previous_terminate{SIG_DFL};
static_assert(std::atomic<script::Api*>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free && std::atomic<Handler>::is_always_lock_free);

void restore() {
  std::signal(SIGINT, previous_interrupt);
  std::signal(SIGTERM, previous_terminate);
}

void on_signal(int number) {
  restore();
  caught_signal = number;
  if (script::Api* const api = waiting_api) api->interrupt();
}

void install(int number, std::atomic<Handler>& previous) {
  previous = std::signal(number, on_signal);
  if (previous == SIG_IGN) std::signal(number, SIG_IGN);
}

}  // namespace

InterruptGuard::InterruptGuard(script::Api& api) {
  caught_signal = 0;
  waiting_api = &api;
  install(SIGINT, previous_interrupt);
  install(SIGTERM, previous_terminate);
}

InterruptGuard::~InterruptGuard() {
  restore();
  waiting_api = nullptr;
}

int InterruptGuard::signal() const {
  return caught_signal;
}

}  // namespace simws::lua
