#include "host/commands/edge/counted_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::host {
namespace {

TEST(CountedLine, TellsAtOnceAndThenHowOftenItHappened) {
  EventLoop loop;
  std::vector<std::string> lines;
  CountedLine line(
      loop,
      [&](std::size_t count, const std::string& latest) {
        lines.push_back(std::to_string(count) + " " + latest);
      },
      Seconds{0.001});
  line.note(0, "nothing");
  EXPECT_TRUE(lines.empty());
  line.note(1, "a");
  EXPECT_EQ(lines, std::vector<std::string>{"1 a"});
  line.note(1, "b");
  line.note(2, "c");
  EXPECT_EQ(lines.size(), 1U);
  while (lines.size() < 2) loop.poll(Seconds{1});
  EXPECT_EQ(lines[1], "3 c");
}

TEST(CountedLine, MayEndBeforeItsPauseDoes) {
  EventLoop loop;
  int told = 0;
  {
    CountedLine line(
        loop, [&](std::size_t, const std::string&) { ++told; }, Seconds{0.001});
    line.note(1, "a");
    line.note(1, "b");
  }
  while (told < 2) loop.poll(Seconds{1});
}

}  // namespace
}  // namespace simws::host
