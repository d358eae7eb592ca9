#include "host/commands/end_flag.h"

#include <array>
#include <csignal>

namespace simws::host {

namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing else.
std::atomic<bool> is_ended{false};

void on_signal(int) {
  std::signal(SIGINT, SIG_DFL);
  is_ended = true;
}

}  // namespace

EndFlag::EndFlag() {
  is_ended = false;
  for (const int number : handled) {
    struct sigaction before {};
    struct sigaction action {};
    action.sa_handler = on_signal;  // without SA_RESTART: reads end too
    sigaction(number, &action, &before);
    // As nohup wants it.
    if (before.sa_handler == SIG_IGN) sigaction(number, &before, nullptr);
  }
}

EndFlag::~EndFlag() {
  for (const int number : handled) std::signal(number, SIG_DFL);
}

const std::atomic<bool>& EndFlag::flag() const {
  return is_ended;
}

}  // namespace simws::host
