#include "base/buffer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace simws {
namespace {

TEST(Buffer, Grows) {
  Buffer buffer;
  EXPECT_TRUE(buffer.empty());
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    buffer.append("some bytes " + std::to_string(i));
    expected += "some bytes " + std::to_string(i);
  }
  EXPECT_EQ(buffer.text(), expected);
  EXPECT_EQ(buffer.size(), expected.size());
}

TEST(Buffer, TakesAsMuchMemoryAsIsAskedFor) {
  Buffer buffer;
  buffer.reserve(100);
  EXPECT_EQ(buffer.capacity(), 100u);
  buffer.append(std::string(100, 'a'));
  EXPECT_EQ(buffer.capacity(), 100u);
  buffer.reserve(50);
  EXPECT_EQ(buffer.capacity(), 100u);
}

TEST(Buffer, IsExtendedInPlace) {
  Buffer buffer("ab");
  buffer.extend(1)[0] = std::byte{'c'};
  EXPECT_EQ(buffer.text(), "abc");
}

TEST(Buffer, LosesBytesAtBothEnds) {
  Buffer buffer("abcdef");
  buffer.truncate(5);
  buffer.erase_front(2);
  EXPECT_EQ(buffer.text(), "cde");
  buffer.erase_front(3);
  EXPECT_TRUE(buffer.empty());
}

TEST(Buffer, KeepsItsMemoryWhenItIsCleared) {
  Buffer buffer("some bytes");
  const std::size_t capacity = buffer.capacity();
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.capacity(), capacity);
  buffer.release();
  EXPECT_EQ(buffer.capacity(), 0u);
}

TEST(Buffer, Moves) {
  Buffer from("bytes");
  Buffer to(std::move(from));
  EXPECT_EQ(to.text(), "bytes");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
  from = std::move(to);
  EXPECT_EQ(from.text(), "bytes");
}

TEST(Buffer, AppendsNothing) {
  Buffer buffer;
  buffer.append(std::string_view{});
  EXPECT_EQ(buffer.text(), "");
  EXPECT_EQ(buffer.capacity(), 0u);
}

}  // namespace
}  // namespace simws
