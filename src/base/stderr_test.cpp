// Standard error of a process, which is a pipe that the test reads from, or doesn't. The processes
// are forked, so by their name these tests come before those that make threads.
#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <string>

namespace simws {
namespace {

constexpr std::size_t pipe_size = 4096;

struct Ends {
  int read = -1;
  int write = -1;
};

Ends make_pipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  fcntl(ends[1], F_SETPIPE_SZ, pipe_size);
  return {ends[0], ends[1]};
}

Ends make_sockets() {
  std::array<int, 2> ends{};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  return {ends[0], ends[1]};
}

// Runs the task in a process of its own, whose standard error is the other end.
pid_t begin(const Ends& ends, const std::function<void()>& task) {
  const pid_t child = fork();
  if (child != 0) {
    close(ends.write);
    return child;
  }
  close(ends.read);
  dup2(ends.write, STDERR_FILENO);
  close(ends.write);
  // What the task leaves to the exit is done before this; the rest is the test program's own.
  std::atexit([] { _exit(0); });
  task();
  std::exit(0);
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(from, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(from);
  return text;
}

int status_of(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

void log_lines(int count) {
  const Logger logger = make_stderr_logger();
  for (int i = 0; i < count; ++i) logger(LogLevel::warning, "line " + std::to_string(i));
}

TEST(StderrLoggerDeathTest, WritesWholeLinesOfTheLeastLevelAndAbove) {
  const Ends ends = make_pipe();
  const pid_t child = begin(ends, [] {
    const Logger logger = make_stderr_logger(LogLevel::info);
    logger(LogLevel::debug, "unseen");
    logger(LogLevel::info, "one");
    logger(LogLevel::warning, "two");
    logger(LogLevel::error, "three");
  });
  EXPECT_EQ(read_all(ends.read), "simWS: info: one\nsimWS: warning: two\nsimWS: error: three\n");
  EXPECT_EQ(status_of(child), 0);
}

TEST(StderrLoggerDeathTest, LinesComeAtOnceBetweenThoseOfOthers) {
  const Ends ends = make_pipe();
  const pid_t child = begin(ends, [] {
    const Logger logger = make_stderr_logger();
    const Logger waiting = make_waiting_stderr_logger(LogLevel::info, [] { return false; });
    logger(LogLevel::info, "one");
    EXPECT_EQ(write(STDERR_FILENO, "two\n", 4), 4);
    waiting(LogLevel::info, "three");
    _exit(0);
  });
  EXPECT_EQ(read_all(ends.read), "simWS: info: one\ntwo\nsimWS: info: three\n");
  EXPECT_EQ(status_of(child), 0);
}

TEST(StderrLoggerDeathTest, NobodyReadsAndTheProgramGoesOnAndEnds) {
  for (const Ends ends : {make_pipe(), make_sockets()}) {
    const pid_t child = begin(ends, [] { log_lines(20'000); });
    EXPECT_EQ(status_of(child), 0);
    EXPECT_THAT(read_all(ends.read), testing::StartsWith("simWS: warning: line 0\n"));
  }
}

TEST(StderrLoggerDeathTest, AllThatFitsIsThereAtTheEnd) {
  const Ends ends = make_pipe();
  const pid_t child = begin(ends, [] { log_lines(1000); });
  const std::string text = read_all(ends.read);
  EXPECT_THAT(text, testing::EndsWith("simWS: warning: line 999\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1000);
  EXPECT_EQ(status_of(child), 0);
}

TEST(StderrLoggerDeathTest, AReaderThatIsGoneDoesNotEndTheProgram) {
  const Ends ends = make_pipe();
  close(ends.read);
  const pid_t child = begin(ends, [] {
    signal(SIGPIPE, SIG_DFL);
    log_lines(10);
  });
  EXPECT_EQ(status_of(child), 0);
}

TEST(StderrLoggerDeathTest, AClosedStandardErrorIsNothingToWaitFor) {
  const Ends ends = make_pipe();
  const pid_t child = begin(ends, [] {
    close(STDERR_FILENO);
    log_lines(10);
    make_waiting_stderr_logger(LogLevel::info, [] { return false; })(LogLevel::info, "mine");
  });
  EXPECT_EQ(status_of(child), 0);
  EXPECT_EQ(read_all(ends.read), "");
}

}  // namespace
}  // namespace simws
