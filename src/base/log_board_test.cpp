#include "base/log_board.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace simws {
namespace {

TEST(LogBoard, HasTheLatestLines) {
  LogBoard board;
  EXPECT_TRUE(board.lines_after(0, 10).empty());
  board.add(LogLevel::debug, "a");
  board.add(LogLevel::error, "b");
  const auto lines = board.lines_after(0, 10);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].number, 1u);
  EXPECT_EQ(lines[0].text, "a");
  EXPECT_GT(lines[0].time, 1e12);
  EXPECT_EQ(lines[1].number, 2u);
  EXPECT_EQ(lines[1].level, LogLevel::error);
  EXPECT_TRUE(board.lines_after(2, 10).empty());
}

TEST(LogBoard, IsBounded) {
  LogBoard board;
  for (int i = 1; i <= 1000; ++i) board.add(LogLevel::info, std::to_string(i));
  const auto lines = board.lines_after(0, 1000);
  ASSERT_EQ(lines.size(), LogBoard::most_lines);
  EXPECT_EQ(lines.front().text, "801");
  EXPECT_EQ(lines.back().number, 1000u);
  const auto some = board.lines_after(900, 3);
  ASSERT_EQ(some.size(), 3u);
  EXPECT_EQ(some.front().number, 901u);

  board.add(LogLevel::info, std::string(1 << 20, 'x'));
  EXPECT_EQ(board.lines_after(1000, 1).front().text.size(), LogBoard::longest_line);
}

TEST(LogBoard, TakesLinesOfAllThreads) {
  LogBoard board;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&board] {
      for (int line = 0; line < 100; ++line) board.add(LogLevel::info, "line");
      board.set_least(LogLevel::debug);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(board.least(), LogLevel::debug);
  EXPECT_EQ(board.lines_after(0, 1000).back().number, 300u);
}

}  // namespace
}  // namespace simws
