#include "host/signals.h"

#include <atomic>
#include <chrono>
#include <csignal>

namespace simws::host {

namespace {

constexpr std::chrono::milliseconds grace{500};

// A signal handler can reach nothing else.
std::atomic<script::Api*> signalled_api{nullptr};
std::atomic<Script*> signalled_script{nullptr};
std::atomic<bool> end_requested{false};

// A SIGTERM is often sent twice, to the process and to its group: only Ctrl-C asks again.
void on_signal(int) {
  std::signal(SIGINT, SIG_DFL);
  if (end_requested.exchange(true)) return;
  if (Script* const script = signalled_script) script->interrupt_after(grace);
  if (script::Api* const api = signalled_api) api->interrupt();
}

}  // namespace

Signals::Signals(script::Api& api, Script& script) : script_(script) {
  end_requested = false;
  signalled_api = &api;
  signalled_script = &script;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
#ifdef SIGHUP
  hears_hangup_ = std::signal(SIGHUP, on_signal) != SIG_IGN;
  if (!hears_hangup_) std::signal(SIGHUP, SIG_IGN);  // as nohup wants it
#endif
}

Signals::~Signals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
#ifdef SIGHUP
  if (hears_hangup_) std::signal(SIGHUP, SIG_DFL);
#endif
  signalled_api = nullptr;
  signalled_script = nullptr;
}

bool Signals::is_end_requested() {
  return end_requested;
}

void Signals::let_script_finish() {
  signalled_script = nullptr;
  script_.cancel_interrupt();
}

}  // namespace simws::host
