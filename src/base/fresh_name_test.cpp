#include "base/fresh_name.h"

#include <gtest/gtest.h>

#include <set>

namespace simws {
namespace {

TEST(FreshName, IsTwelveHexadecimalDigitsThatNothingHadBefore) {
  std::set<std::string> names;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = fresh_name();
    EXPECT_EQ(name.size(), 12U);
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

}  // namespace
}  // namespace simws
