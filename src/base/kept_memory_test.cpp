#include "base/kept_memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

namespace simws {
namespace {

class KeptMemory : public ::testing::Test {
 protected:
  KeptMemory() { forget(); }
  ~KeptMemory() override { forget(); }

  // The first time counts what nobody needs from then on.
  static void forget() {
    trim_kept_memory();
    trim_kept_memory();
  }
};

TEST_F(KeptMemory, IsGivenOutAgain) {
  const Memory first = take_memory(100'000);
  EXPECT_GE(first.size, 100'000u);
  std::memset(first.data, 1, first.size);
  give_back_memory(first);
  EXPECT_EQ(kept_memory(), first.size);
  const Memory second = take_memory(first.size - 1);
  EXPECT_EQ(second.data, first.data);
  std::memset(second.data, 2, second.size);
  EXPECT_EQ(kept_memory(), 0u);
  give_back_memory(second);
}

TEST_F(KeptMemory, IsAtMostAQuarterMoreThanWasAskedFor) {
  for (std::size_t least = smallest_kept; least < most_kept / 2; least += least / 7) {
    const Memory memory = take_memory(least);
    EXPECT_GE(memory.size, least);
    EXPECT_LE(memory.size, least + least / 4 + 4) << least;
    give_back_memory(memory);
    EXPECT_TRUE(is_memory_kept(least)) << least;
    forget();
  }
}

TEST_F(KeptMemory, OfEachPowerOfTwoIsThatOrAThousandthMore) {
  for (std::size_t size = smallest_kept; size <= most_kept / 4; size *= 2) {
    const Memory memory = take_memory(size);
    EXPECT_EQ(memory.size, size < 256 << 10 ? size : size + size / 1024);
    give_back_memory(memory);
  }
}

TEST_F(KeptMemory, OfALargeMessageWillDoForItsFrameToo) {
  constexpr std::size_t most_before = 64;
  for (std::size_t size = 256 << 10; size <= most_kept; size += size / 4) {
    const Memory message = take_memory(size);
    give_back_memory(message);
    const Memory frame = take_memory(size + most_before);
    EXPECT_EQ(frame.data, message.data) << size;
    give_back_memory(frame);
    EXPECT_TRUE(is_memory_kept(size)) << size;
    forget();
  }
}

TEST_F(KeptMemory, SmallPiecesAreTheAllocators) {
  give_back_memory(take_memory(smallest_kept - 1));
  give_back_memory(Memory{});
  EXPECT_EQ(kept_memory(), 0u);
}

TEST_F(KeptMemory, IsBounded) {
  constexpr std::size_t size = std::size_t{32} << 20;
  std::vector<Memory> taken;
  for (std::size_t i = 0; i < most_kept / size + 2; ++i) taken.push_back(take_memory(size));
  for (const Memory& memory : taken) give_back_memory(memory);
  EXPECT_EQ(kept_memory(), most_kept / size * taken.front().size);
}

TEST_F(KeptMemory, WhatNobodyNeedsGoesBack) {
  const Memory needed = take_memory(100'000);
  const Memory idle = take_memory(100'000);
  give_back_memory(idle);
  give_back_memory(needed);
  trim_kept_memory();
  give_back_memory(take_memory(100'000));
  trim_kept_memory();
  EXPECT_EQ(kept_memory(), needed.size) << "one of the two was";
  trim_kept_memory();
  EXPECT_EQ(kept_memory(), 0u);
}

TEST_F(KeptMemory, ReleasedMemoryIsNotKept) {
  release_memory(take_memory(100'000));
  EXPECT_EQ(kept_memory(), 0u);
}

TEST_F(KeptMemory, ThreadsShareIt) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (std::size_t round = 0; round < 2000; ++round) {
        const Memory memory = take_memory(smallest_kept << (round % 4));
        std::memset(memory.data, i, 64);
        EXPECT_EQ(memory.data[63], static_cast<std::byte>(i));
        give_back_memory(memory);
        if (round % 100 == 0) trim_kept_memory();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace simws
