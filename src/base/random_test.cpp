#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace simws {
namespace {

TEST(SystemRandom, FillsWhateverLengthIsAsked) {
  SystemRandom random;
  for (const std::size_t size : {0U, 1U, 3U, 255U, 256U, 257U, 1000U}) {
    // Each byte is other than zero in one of 64 runs, but for one time in 2^512.
    std::vector<std::byte> seen(size + 1), bytes(size + 1);
    for (int run = 0; run < 64; ++run) {
      random.fill(MutableBytes(bytes).first(size));
      for (std::size_t i = 0; i < size; ++i) seen[i] |= bytes[i];
    }
    EXPECT_EQ(std::ranges::count(seen, std::byte{0}), 1) << size << ": all but the byte beyond";
  }
}

TEST(SystemRandom, GivesNothingTwice) {
  SystemRandom random;
  std::set<std::array<std::byte, 16>> seen;
  for (int i = 0; i < 1000; ++i) {
    std::array<std::byte, 16> bytes{};
    random.fill(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

}  // namespace
}  // namespace simws
