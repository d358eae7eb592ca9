#include "host/commands/end_signals.h"

#include <atomic>
#include <csignal>

namespace simws::host {

namespace {

// A signal handler can reach nothing else.
std::atomic<EventLoop*> signalled_loop{nullptr};

void on_signal(int) {
  std::signal(SIGINT, SIG_DFL);
  if (EventLoop* const loop = signalled_loop.exchange(nullptr)) loop->stop();
}

}  // namespace

EndSignals::EndSignals(EventLoop& loop) {
  signalled_loop = &loop;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  // As nohup wants it.
  if (std::signal(SIGHUP, on_signal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

EndSignals::~EndSignals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, SIG_DFL);
  signalled_loop = nullptr;
}

}  // namespace simws::host
