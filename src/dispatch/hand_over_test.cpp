#include "dispatch/hand_over.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace simws::dispatch {
namespace {

TEST(HandOver, GivesNothingWhenEmpty) {
  HandOver<int> queue;
  EXPECT_FALSE(queue.take());
  queue.push(1);
  EXPECT_EQ(queue.take(), 1);
  EXPECT_FALSE(queue.take());
}

TEST(HandOver, KeepsTheOrderOverManyBlocks) {
  HandOver<int> queue;
  int pushed = 0;
  int taken = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i < 7; ++i) queue.push(pushed++);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(queue.take(), taken++);
  }
  while (const auto item = queue.take()) EXPECT_EQ(*item, taken++);
  EXPECT_EQ(taken, pushed);
}

TEST(HandOver, DestroysWhatIsLeftAndKeepsNothingThatWasTaken) {
  const auto item = std::make_shared<int>(1);
  {
    HandOver<std::shared_ptr<int>> queue;
    for (int i = 0; i < 200; ++i) queue.push(item);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(queue.take(), item);
    EXPECT_EQ(item.use_count(), 101);
  }
  EXPECT_EQ(item.use_count(), 1);
}

TEST(HandOver, ServesTwoThreads) {
  constexpr int many = 100'000;
  HandOver<std::unique_ptr<int>> queue;
  std::thread other([&] {
    for (int i = 0; i < many; ++i) queue.push(std::make_unique<int>(i));
  });
  for (int expected = 0; expected < many;) {
    const auto item = queue.take();
    if (!item) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(**item, expected++);
  }
  other.join();
  EXPECT_FALSE(queue.take());
}

}  // namespace
}  // namespace simws::dispatch
