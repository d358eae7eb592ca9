#include "script/script_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace simws::script {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ScriptLogTest : public ::testing::Test {
 protected:
  std::vector<std::string> taken() {
    std::vector<std::string> lines;
    while (auto line = log_.take()) lines.push_back(std::move(line->text));
    return lines;
  }

  std::vector<std::string> host_, errors_;
  int woken_ = 0;
  ScriptLog log_{[this](LogLevel, std::string_view line) { host_.emplace_back(line); },
                 [this](LogLevel, std::string_view line) { errors_.emplace_back(line); },
                 std::make_shared<LogBoard>(), [this] { ++woken_; }};
};

TEST_F(ScriptLogTest, LinesGoToTheHostUntilTheyAreKept) {
  log_.write(LogLevel::info, "a");
  log_.write_error("b");
  log_.keep_lines(true);
  log_.write(LogLevel::info, "c");
  log_.write_error("d");
  EXPECT_THAT(host_, ElementsAre("a"));
  EXPECT_THAT(errors_, ElementsAre("b"));
  EXPECT_THAT(taken(), ElementsAre("c", "d"));
}

TEST_F(ScriptLogTest, TheFirstLineThatWaitsWakes) {
  log_.keep_lines(true);
  EXPECT_FALSE(log_.has_waiting());
  log_.write(LogLevel::info, "a");
  log_.write(LogLevel::info, "b");
  EXPECT_EQ(woken_, 1);
  EXPECT_TRUE(log_.has_waiting());
  taken();
  EXPECT_FALSE(log_.has_waiting());
  log_.write(LogLevel::info, "c");
  EXPECT_EQ(woken_, 2);
}

TEST_F(ScriptLogTest, LinesBelowTheLeastLevelAreNotKept) {
  log_.keep_lines(true);
  log_.write(LogLevel::debug, "a");
  log_.set_least(LogLevel::debug);
  log_.write(LogLevel::debug, "b");
  EXPECT_THAT(taken(), ElementsAre("b"));
}

TEST_F(ScriptLogTest, TheBoardHasEachLineOnce) {
  log_.write(LogLevel::debug, "a");
  log_.keep_lines(true);
  log_.write(LogLevel::info, "b");
  log_.write_error("c");
  log_.keep_lines(false);
  std::vector<std::string> lines;
  for (const auto& line : log_.board()->lines_after(0, 100)) lines.push_back(line.text);
  EXPECT_THAT(lines, ElementsAre("a", "b", "c"));
}

TEST_F(ScriptLogTest, WhatDoesNotFitIsCountedInItsPlace) {
  log_.keep_lines(true);
  for (std::size_t i = 0; i < ScriptLog::most_waiting; ++i) log_.write(LogLevel::info, "a");
  log_.write(LogLevel::info, "left out");
  log_.write(LogLevel::info, "left out");
  EXPECT_EQ(log_.take()->text, "a");
  log_.write(LogLevel::info, "b");
  auto lines = taken();
  ASSERT_EQ(lines.size(), ScriptLog::most_waiting + 1);
  lines.erase(lines.begin(), lines.end() - 2);
  EXPECT_THAT(lines,
              ElementsAre("2 lines are left out here: more than 1000 waited for the script", "b"));
}

TEST_F(ScriptLogTest, TheScriptsOwnErrorsAreNeverLeftOut) {
  log_.keep_lines(true);
  for (std::size_t i = 0; i < ScriptLog::most_waiting; ++i) log_.write(LogLevel::info, "a");
  log_.write_error("b");
  EXPECT_EQ(taken().back(), "b");
}

TEST_F(ScriptLogTest, WhatWaitsGoesToTheHostWhenNobodyTakesItAnyMore) {
  log_.keep_lines(true);
  log_.write(LogLevel::info, "a");
  log_.keep_lines(false);
  EXPECT_THAT(host_, ElementsAre("a"));
  EXPECT_THAT(taken(), IsEmpty());
}

TEST_F(ScriptLogTest, AfterTheEndNobodyIsWoken) {
  log_.keep_lines(true);
  log_.end();
  log_.keep_lines(true);
  log_.write(LogLevel::info, "a");
  EXPECT_EQ(woken_, 0);
}

TEST_F(ScriptLogTest, WhatTheThreadLogsThatHandlesALineGoesToTheHost) {
  log_.keep_lines(true);
  {
    const ScriptLog::Handling handling(log_);
    log_.write(LogLevel::info, "own");
    log_.write_error("own error");
    std::thread([this] { log_.write(LogLevel::info, "another's"); }).join();
  }
  log_.write(LogLevel::info, "later");
  EXPECT_THAT(host_, ElementsAre("own"));
  EXPECT_THAT(errors_, ElementsAre("own error"));
  EXPECT_THAT(taken(), ElementsAre("another's", "later"));
}

}  // namespace
}  // namespace simws::script
