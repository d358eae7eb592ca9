// Programs that run beside this process.
#include "transport/process.h"

#include "transport/loop.h"
#include "transport/memory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace simws::transport {
namespace {

class Listening final : public StreamHandler {
 public:
  void on_data(MutableBytes data) override { text += as_text(data); }
  void on_end(bool, std::string) override { has_ended = true; }
  void on_writable() override {}

  std::string text;
  bool has_ended = false;
};

// A shell, which does what it's told on its standard input.
class AProgram : public testing::Test {
 protected:
  void start() {
    auto started = loop_->start_process("/bin/sh");
    ASSERT_TRUE(started.ok()) << started.error().message;
    program_ = std::move(started).value();
    program_->stream().set_handler(&heard_);
    program_->stream().start_reading();
  }
  void say(std::string_view line) {
    const Bytes piece = as_bytes(line);
    EXPECT_EQ(program_->stream().write({&piece, 1}), line.size());
  }
  // What it answers with a line.
  std::string ask(std::string_view line) {
    heard_.text.clear();
    say(line);
    while (!heard_.text.ends_with('\n') && !heard_.has_ended) loop_->poll(Duration(-1));
    return heard_.text.substr(0, heard_.text.find('\n'));
  }
  void run_until_end() {
    while (!heard_.has_ended) loop_->poll(Duration(-1));
  }
  // It isn't even a zombie any more.
  static bool is_gone(int process) { return ::kill(process, 0) != 0 && errno == ESRCH; }
  static void wait_until_gone(int process) {
    while (!is_gone(process)) std::this_thread::yield();
  }

  const std::unique_ptr<Loop> loop_ = make_loop();
  Listening heard_;
  std::unique_ptr<HelperProcess> program_;
};

TEST_F(AProgram, HearsAndSpeaksOnItsStandardInput) {
  start();
  EXPECT_EQ(ask("echo it is here >&0\n"), "it is here");
  EXPECT_EQ(ask("echo $0 $# >&0\n"), "/bin/sh 0");
}

TEST_F(AProgram, TellsItsEnd) {
  start();
  const int process = std::stoi(ask("echo $$ >&0\n"));
  say("exit 3\n");
  run_until_end();
  EXPECT_FALSE(is_gone(process)) << "nobody but its owner waits for it";
  program_.reset();
  wait_until_gone(process);  // whose end of the stream closes a moment before it's over
}

TEST_F(AProgram, EndsWithItsOwner) {
  start();
  const int process = std::stoi(ask("echo $$ >&0\n"));
  program_.reset();
  wait_until_gone(process);
}

TEST_F(AProgram, MayOutliveTheLoopForAMoment) {
  start();
  const int process = std::stoi(ask("echo $$ >&0\n"));
  auto loop = make_loop();
  auto other = std::move(loop->start_process("/bin/sh")).value();
  loop.reset();
  other.reset();
  program_.reset();
  wait_until_gone(process);
}

TEST_F(AProgram, InheritsNothingButTheStandardStreams) {
  const int opened = ::fcntl(2, F_DUPFD, 200);
  ASSERT_GE(opened, 200);
  start();
  const std::string descriptors = ask("echo /proc/$$/fd/* >&0\n");
  EXPECT_NE(descriptors.find("/fd/2"), std::string::npos) << descriptors;
  EXPECT_EQ(descriptors.find("/fd/" + std::to_string(opened)), std::string::npos) << descriptors;
  ::close(opened);
}

TEST_F(AProgram, HasAGroupAndSignalsOfItsOwn) {
  std::signal(SIGPIPE, SIG_IGN);
  start();
  std::signal(SIGPIPE, SIG_DFL);
  const int process = std::stoi(ask("echo $$ >&0\n"));
  EXPECT_EQ(::getpgid(process), process);
  EXPECT_EQ(ask("sh -c 'kill -PIPE $$'; echo $? >&0\n"), "141") << "the signal isn't ignored";
}

TEST_F(AProgram, ThatIsNotThereIsAnError) {
  for (const std::string program : {"/nowhere/at-all", "/etc/passwd", "/"}) {
    const auto started = loop_->start_process(program);
    ASSERT_FALSE(started.ok()) << program;
    EXPECT_TRUE(started.error().message.starts_with(program + " can't be started: "))
        << started.error().message;
  }
}

TEST(FindProgram, OnThePath) {
  EXPECT_EQ(find_program("simws-is-not-a-program"), "");
  EXPECT_TRUE(find_program("sh").ends_with("/sh"));
}

TEST(FindProgram, BesideThisOne) {
  const std::string found = find_program("simws_transport_test");
  EXPECT_TRUE(found.ends_with("/simws_transport_test")) << found;
}

TEST(MemoryProcess, IsAStreamWhoseOtherEndIsTheTests) {
  const auto loop = MemoryLoop::make();
  EXPECT_FALSE(loop->take_process());
  Listening heard;
  auto program = std::move(loop->start_process("a")).value();
  program->stream().set_handler(&heard);
  program->stream().start_reading();
  const auto peer = loop->take_process();
  ASSERT_TRUE(peer);
  peer->send("hello");
  EXPECT_EQ(heard.text, "hello");
  program.reset();
  EXPECT_TRUE(peer->saw_end());
}

TEST(MemoryProcess, MayFailToStart) {
  const auto loop = MemoryLoop::make();
  loop->fail_operation(1);
  EXPECT_EQ(loop->start_process("a").error().message,
            "a can't be started: the start was set to fail");
  EXPECT_FALSE(loop->take_process());
}

}  // namespace
}  // namespace simws::transport
