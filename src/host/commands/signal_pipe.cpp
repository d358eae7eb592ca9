#include "host/commands/signal_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace simws::host {

namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};

// A signal handler can reach nothing else.
std::atomic<int> write_end{-1};

void on_signal(int number) {
  const int error = errno;
  const auto byte = static_cast<char>(number);
  // A pipe that is full has enough of them.
  [[maybe_unused]] const ssize_t written = write(write_end, &byte, 1);
  errno = error;
}

// One that was ignored when the program began stays so, as nohup and shells want it.
void handle(int number) {
  struct sigaction before {};
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(number, &action, &before);
  if (before.sa_handler == SIG_IGN) sigaction(number, &before, nullptr);
}

}  // namespace

SignalPipe::SignalPipe() {
  if (pipe(ends_.data()) != 0) return;
  for (const int end : ends_) {
    fcntl(end, F_SETFD, FD_CLOEXEC);
    fcntl(end, F_SETFL, O_NONBLOCK);
  }
  write_end = ends_[1];
  for (const int number : handled) handle(number);
  std::signal(SIGPIPE, SIG_IGN);
}

SignalPipe::~SignalPipe() {
  for (const int number : handled) std::signal(number, SIG_DFL);
  write_end = -1;
  for (const int end : ends_) {
    if (end >= 0) close(end);
  }
}

int SignalPipe::take() {
  char byte = 0;
  return ends_[0] >= 0 && read(ends_[0], &byte, 1) == 1 ? byte : 0;
}

}  // namespace simws::host
