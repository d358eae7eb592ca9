#include "base/log_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace simws {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t no_end = std::numeric_limits<std::size_t>::max();
constexpr std::chrono::minutes long_enough{1};

// Takes as many bytes as it's given room for.
class FakeOutput final : public LogOutput {
 public:
  std::size_t write_at_once(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    return take(text);
  }
  std::size_t write(std::string_view text, milliseconds longest) override {
    std::unique_lock lock(mutex_);
    is_waited_for_ = true;
    changed_.notify_all();
    if (blocks_) {
      changed_.wait(lock, [this] { return !blocks_; });
    } else {
      changed_.wait_for(lock, longest, [this] { return room_ > 0; });
    }
    return take(text);
  }
  bool is_forked() const override { return is_forked_; }

  void make_room(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    room_ = bytes;
    changed_.notify_all();
  }
  // A write waits for good, as where a system has no other.
  void set_blocking(bool blocks) {
    const std::lock_guard lock(mutex_);
    blocks_ = blocks;
    changed_.notify_all();
  }
  void wait_for_writer() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_waited_for_; });
  }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  // Once it's so long.
  std::string text_of(std::size_t size) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, long_enough, [&] { return text_.size() >= size; });
    return text_;
  }

  bool is_forked_ = false;

 private:
  std::size_t take(std::string_view text) {
    const std::size_t count = std::min(room_, text.size());
    if (room_ != no_end) room_ -= count;
    text_.append(text.substr(0, count));
    changed_.notify_all();
    return count;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::size_t room_ = no_end;
  bool blocks_ = false;
  bool is_waited_for_ = false;
};

class LogWriterTest : public testing::Test {
 protected:
  void write(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) writer_.write("line\n");
  }

  FakeOutput* output_ = new FakeOutput;
  LogWriter writer_{std::unique_ptr<LogOutput>(output_)};
};

std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "line\n";
  return text;
}

TEST_F(LogWriterTest, WritesLinesAtOnceWhereNothingIsToBeWaitedFor) {
  write(3);
  EXPECT_EQ(output_->text(), lines(3));
}

TEST_F(LogWriterTest, WhatIsNotTakenIsWrittenLaterInOrder) {
  output_->make_room(7);
  write(3);
  writer_.write("last\n");
  EXPECT_EQ(output_->text(), "line\nli");
  output_->make_room(no_end);
  const std::string all = lines(3) + "last\n";
  EXPECT_EQ(output_->text_of(all.size()), all);
}

TEST_F(LogWriterTest, SoManyLinesWaitAndTheRestIsCounted) {
  output_->make_room(0);
  write(LogWriter::most_lines + 234);
  output_->make_room(no_end);
  const std::string all = lines(LogWriter::most_lines) +
                          "simWS: warning: 234 lines were left out: nobody reads the log fast "
                          "enough\n";
  EXPECT_EQ(output_->text_of(all.size()), all);
}

TEST_F(LogWriterTest, OnceLinesWereLeftOutTheNextComesAfterThoseThatWait) {
  output_->make_room(0);
  write(LogWriter::most_lines + 1);
  output_->make_room(10);
  EXPECT_EQ(output_->text_of(10), lines(2));
  write(1);
  output_->make_room(no_end);
  const std::string all = lines(LogWriter::most_lines) + "simWS: warning: 2 lines were left out";
  EXPECT_THAT(output_->text_of(all.size()), testing::StartsWith(all));
}

TEST_F(LogWriterTest, SoManyBytesWait) {
  output_->make_room(0);
  const std::string half(LogWriter::most_bytes / 2, 'x');
  for (int i = 0; i < 3; ++i) writer_.write(half);
  output_->make_room(no_end);
  const std::string all = half + half + "simWS: warning: 1 line was left out";
  EXPECT_THAT(output_->text_of(all.size()), testing::StartsWith(all));
}

TEST_F(LogWriterTest, LinesOfManyThreadsStayWhole) {
  output_->make_room(100);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([this] { write(200); });
  for (std::thread& thread : threads) thread.join();
  output_->make_room(no_end);
  EXPECT_EQ(output_->text_of(lines(800).size()), lines(800));
}

TEST_F(LogWriterTest, WhoWaitsGoesOnWhenTheLineIsWrittenHoweverManyWait) {
  output_->make_room(0);
  write(LogWriter::most_lines + 5);
  std::thread reader([this] {
    output_->wait_for_writer();
    output_->make_room(no_end);
  });
  writer_.write_and_wait("mine\n", [] { return false; });
  EXPECT_THAT(output_->text(), testing::HasSubstr("mine\n"));
  reader.join();
}

TEST_F(LogWriterTest, WhoWaitsCanGiveUpAndTheLineStillComes) {
  output_->make_room(0);
  writer_.write_and_wait("mine\n", [] { return true; });
  EXPECT_EQ(output_->text(), "");
  output_->make_room(no_end);
  EXPECT_EQ(output_->text_of(5), "mine\n");
}

TEST_F(LogWriterTest, FinishWritesWhatWaits) {
  output_->make_room(0);
  write(500);
  output_->wait_for_writer();
  output_->make_room(no_end);
  writer_.finish(long_enough);
  EXPECT_EQ(output_->text(), lines(500));
}

TEST_F(LogWriterTest, FinishGivesUpInTimeAndLaterLinesAreWrittenAtOnceOrNotAtAll) {
  output_->make_room(0);
  write(2);
  writer_.finish(milliseconds(1));
  EXPECT_EQ(output_->text(), "");
  output_->make_room(3);
  write(2);
  writer_.write_and_wait("mine\n", [] { return false; });
}

TEST_F(LogWriterTest, AForkedProcessWritesOnlyWhatIsTakenAtOnce) {
  output_->is_forked_ = true;
  output_->make_room(5);
  write(2);
  writer_.write_and_wait("mine\n", [] { return false; });
  EXPECT_EQ(output_->text(), lines(1));
}

// The thread that is left behind owns what it works on, so that this is of its own.
TEST(LogWriter, AWriteThatDoesNotEndIsLeftBehind) {
  auto* const output = new FakeOutput;
  output->make_room(0);
  output->set_blocking(true);
  {
    LogWriter writer{std::unique_ptr<LogOutput>(output)};
    writer.write("line\n");
    output->wait_for_writer();
    writer.finish(milliseconds(1));
  }
  output->set_blocking(false);
}

}  // namespace
}  // namespace simws
