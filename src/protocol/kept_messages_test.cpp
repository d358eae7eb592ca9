#include "protocol/kept_messages.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::protocol {
namespace {

TEST(KeptMessages, ComeOutInOrder) {
  KeptMessages kept(1000);
  EXPECT_TRUE(kept.add("one", Opcode::text));
  EXPECT_TRUE(kept.add("two", Opcode::binary));
  const auto first = kept.take(), second = kept.take();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->data, "one");
  EXPECT_EQ(first->opcode, Opcode::text);
  EXPECT_EQ(second->data, "two");
  EXPECT_EQ(second->opcode, Opcode::binary);
  EXPECT_FALSE(kept.take());
  EXPECT_EQ(kept.bytes(), 0u);
}

TEST(KeptMessages, HaveABound) {
  KeptMessages kept(2 * KeptMessages::overhead + 10);
  EXPECT_TRUE(kept.add(std::string(5, 'a'), Opcode::text));
  EXPECT_FALSE(kept.add(std::string(6, 'b'), Opcode::text));
  EXPECT_TRUE(kept.add(std::string(5, 'c'), Opcode::text));
  EXPECT_FALSE(kept.add("", Opcode::text)) << "many empty ones take memory too";
  EXPECT_TRUE(kept.take());
  EXPECT_TRUE(kept.add("", Opcode::text));
  EXPECT_EQ(kept.clear(), 2u);
  EXPECT_TRUE(kept.empty());
  EXPECT_EQ(kept.bytes(), 0u);
  EXPECT_EQ(kept.clear(), 0u);
}

}  // namespace
}  // namespace simws::protocol
