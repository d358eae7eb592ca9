#include "host/commands/plain_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <vector>

namespace simws::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PlainLinesTest : public testing::Test {
 protected:
  ~PlainLinesTest() override {
    close(ends_[0]);
    end();
  }

  void put(std::string_view text) {
    ASSERT_EQ(write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }
  bool read() {
    return lines_.read([this](std::string line) { taken_.push_back(std::move(line)); });
  }

  static std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    return ends;
  }

  std::array<int, 2> ends_ = make_pipe();
  PlainLines lines_{ends_[0], 100};
  std::vector<std::string> taken_;
};

TEST_F(PlainLinesTest, EndWithALineEndOrWithTheInput) {
  put("one\n\ntwo\r\nth");
  EXPECT_TRUE(read());
  EXPECT_THAT(taken_, ElementsAre("one", "", "two\r"));
  put("ree\nfour");
  EXPECT_TRUE(read());
  EXPECT_THAT(taken_, ElementsAre("one", "", "two\r", "three"));
  end();
  EXPECT_FALSE(read());
  EXPECT_THAT(taken_, ElementsAre("one", "", "two\r", "three", "four"));
}

TEST_F(PlainLinesTest, OfNoInputAreNone) {
  end();
  EXPECT_FALSE(read());
  EXPECT_THAT(taken_, IsEmpty());
}

TEST_F(PlainLinesTest, WithoutAnEndAreNotReadForEver) {
  put(std::string(100, 'x'));
  EXPECT_TRUE(read());
  put("x");
  EXPECT_FALSE(read());
  EXPECT_THAT(taken_, ElementsAre(std::string(101, 'x')));
}

}  // namespace
}  // namespace simws::host
