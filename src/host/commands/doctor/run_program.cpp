#include "host/commands/doctor/this_machine.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <vector>

extern char** environ;

namespace simws::host {

namespace {

constexpr std::chrono::seconds longest{5};
constexpr std::size_t most_output = 4096;

using Clock = std::chrono::steady_clock;

// False: time is up.
bool await(int descriptor, Clock::time_point end) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd waited{descriptor, POLLIN, 0};
    const int ready = poll(&waited, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

// What comes until the other side ends, or time is up, or it's enough.
std::string read_all(int descriptor, Clock::time_point end) {
  std::string text;
  while (text.size() < most_output && await(descriptor, end)) {
    std::array<char, 1024> bytes;
    const ssize_t size = ::read(descriptor, bytes.data(), bytes.size());
    if (size <= 0) break;
    text.append(bytes.data(), static_cast<std::size_t>(size));
  }
  return text;
}

// One that doesn't end in time is ended.
void see_to_its_end(pid_t process, Clock::time_point end) {
#ifdef SYS_pidfd_open
  const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  if (descriptor < 0) return;
  if (!await(descriptor, end)) kill(process, SIGKILL);
  close(descriptor);
#else
  if (Clock::now() >= end) kill(process, SIGKILL);
#endif
}

// Starts it with nothing to read, its errors unseen, and its output in the pipe; 0: it can't be.
pid_t spawn(const std::vector<std::string>& command, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t process = 0;
  const int error =
      posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : 0;
}

}  // namespace

Machine::Ran ThisMachine::run(const std::vector<std::string>& command) const {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const auto end = Clock::now() + longest;
  const pid_t process = spawn(command, ends[1]);
  close(ends[1]);
  Ran ran;
  if (process != 0) {
    ran.output = read_all(ends[0], end);
    see_to_its_end(process, end);
    int status = 0;
    waitpid(process, &status, 0);
    ran.is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  close(ends[0]);
  return ran;
}

}  // namespace simws::host
