#include "base/log.h"
#include "base/log_output.h"

#ifndef _WIN32

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <optional>

namespace simws {

namespace {

// While it lives, a pipe whose reader is gone is no reason to end the program.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    was_pending_ = is_pending();
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    int taken = 0;
    if (!was_pending_ && is_pending()) sigwait(&pipe_, &taken);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  static bool is_pending() {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
  }

  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

std::size_t taken_of(ssize_t written, std::string_view text) {
  if (written >= 0) return static_cast<std::size_t>(written);
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : text.size();
}

#ifdef __linux__

// Standard error's own flags are shared with other processes, so that it can't be made non-blocking
// itself; a second opening of the same pipe or terminal can. It may be another's, or descriptors
// run out.
std::optional<std::size_t> write_reopened(std::string_view text) {
  const int opened = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (opened < 0) return std::nullopt;
  const std::size_t taken = taken_of(::write(opened, text.data(), text.size()), text);
  close(opened);
  return taken;
}

// Older systems know the flag, but not for pipes.
std::optional<std::size_t> write_stream(std::string_view text) {
  const iovec piece{const_cast<char*>(text.data()), text.size()};
  const ssize_t written = pwritev2(STDERR_FILENO, &piece, 1, -1, RWF_NOWAIT);
  const bool is_unknown =
      written < 0 && (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL);
  return is_unknown ? write_reopened(text) : taken_of(written, text);
}

#else

std::optional<std::size_t> write_stream(std::string_view) {
  return std::nullopt;
}

#endif

// Nothing: that can't be done without waiting.
std::optional<std::size_t> try_write(std::string_view text) {
  struct stat status {};
  fstat(STDERR_FILENO, &status);
  if (S_ISREG(status.st_mode)) {
    return taken_of(::write(STDERR_FILENO, text.data(), text.size()), text);
  }
  if (S_ISSOCK(status.st_mode)) {
    return taken_of(send(STDERR_FILENO, text.data(), text.size(), MSG_DONTWAIT), text);
  }
  return write_stream(text);
}

class StderrOutput final : public LogOutput {
 public:
  std::size_t write_at_once(std::string_view text) override {
    const NoPipeSignal no_signal;
    return try_write(text).value_or(0);
  }

  std::size_t write(std::string_view text, std::chrono::milliseconds longest) override {
    pollfd room{STDERR_FILENO, POLLOUT, 0};
    if (poll(&room, 1, static_cast<int>(longest.count())) <= 0) return 0;
    const NoPipeSignal no_signal;
    if (const auto taken = try_write(text)) return *taken;
    // There's room for so much, if nobody else is quicker.
    text = text.substr(0, PIPE_BUF);
    return taken_of(::write(STDERR_FILENO, text.data(), text.size()), text);
  }

  bool is_forked() const override { return getpid() != made_by_; }

 private:
  const pid_t made_by_ = getpid();
};

}  // namespace

bool is_stderr_terminal() {
  return ::isatty(STDERR_FILENO) != 0;
}

std::unique_ptr<LogOutput> make_stderr_output() {
  return std::make_unique<StderrOutput>();
}

}  // namespace simws

#endif
