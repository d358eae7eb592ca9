#include "protocol/topics/retained_messages.h"

#include "protocol/topics/topics_test_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using test::data_of;

class RetainedTest : public testing::Test {
 protected:
  void keep(const std::string& key, const std::string& data) {
    retained_.keep(test::publication(key, data, "topic", true), ++order_);
  }
  std::vector<std::string> after(std::uint64_t from, std::uint64_t last) const {
    std::vector<std::string> all;
    for (auto next = retained_.next(from, last); next.first;
         next = retained_.next(next.second, last)) {
      all.push_back(data_of(*next.first));
    }
    return all;
  }

  RetainedMessages retained_;
  std::uint64_t order_ = 0;
};

TEST_F(RetainedTest, KeepsTheLastOfEachKeyInTheOrderOfTheirLastPublication) {
  keep("x", "1");
  keep("y", "2");
  keep("", "3");
  keep("x", "4");
  EXPECT_EQ(after(0, order_), (std::vector<std::string>{"2", "3", "4"}));
  EXPECT_EQ(retained_.keys(), 3U);
  EXPECT_EQ(retained_.bytes(), 5U);
}

TEST_F(RetainedTest, EmptyDataForgetsTheKey) {
  keep("x", "1");
  keep("y", "2");
  keep("x", "");
  keep("unknown", "");
  EXPECT_EQ(after(0, order_), std::vector<std::string>{"2"});
  EXPECT_EQ(retained_.bytes(), 2U);
  keep("y", "");
  EXPECT_TRUE(retained_.empty());
  EXPECT_EQ(retained_.bytes(), 0U);
}

TEST_F(RetainedTest, WhoCatchesUpGetsNothingOfWhatCameAfterHim) {
  keep("x", "1");
  keep("y", "2");
  const std::uint64_t begun = order_;
  keep("x", "3");
  EXPECT_EQ(after(0, begun), std::vector<std::string>{"2"});
}

}  // namespace
}  // namespace simws::protocol
