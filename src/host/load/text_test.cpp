#include "host/load/text.h"

#include <gtest/gtest.h>

namespace simws::load {
namespace {

TEST(Text, QuotesWhatNoTerminalShouldGet) {
  EXPECT_EQ(quoted_bytes("hello"), "'hello'");
  EXPECT_EQ(quoted_bytes(std::string_view("\x1b[31m\0\xff", 7)), "'\\x1b[31m\\x00\\xff'");
  EXPECT_EQ(quoted_bytes(std::string(41, 'x')), "'" + std::string(40, 'x') + "...'");
}

}  // namespace
}  // namespace simws::load
