#include "protocol/masking_keys.h"

#include "protocol/scripted_random_test.h"

#include <gtest/gtest.h>

#include <set>

namespace simws::protocol {
namespace {

using namespace test;

constexpr std::size_t many = 10 * RandomMaskingKeys::keys_at_once;

TEST(RandomMaskingKeys, AreTheSourcesBytesInTurn) {
  CountingRandom random;
  RandomMaskingKeys keys(random);
  EXPECT_EQ(random.calls, 0u) << "a client that never sends asks for none";
  for (std::size_t i = 0; i < many; ++i) {
    const MaskingKey key = keys.next_key();
    for (std::size_t k = 0; k < key.size(); ++k)
      EXPECT_EQ(key[k], static_cast<std::byte>(4 * i + k));
  }
}

TEST(RandomMaskingKeys, AskTheSourceForManyAtOnce) {
  CountingRandom random;
  RandomMaskingKeys keys(random);
  for (std::size_t i = 0; i < many; ++i) keys.next_key();
  EXPECT_EQ(random.calls, 10u);
  keys.next_key();
  EXPECT_EQ(random.calls, 11u);
}

TEST(RandomMaskingKeys, OfTheSystemDiffer) {
  SystemRandom random;
  RandomMaskingKeys keys(random);
  std::set<MaskingKey> seen;
  for (std::size_t i = 0; i < many; ++i) seen.insert(keys.next_key());
  // 640 of 2^32: two pairs that are the same come once in 10^9 runs.
  EXPECT_GE(seen.size(), many - 1);
}

}  // namespace
}  // namespace simws::protocol
