#include "protocol/send_check.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <limits>
#include <string>

namespace simws::protocol {
namespace {

constexpr std::size_t limit = 1000;

TEST(SendCheck, TakesWholeMessages) {
  SendCheck check;
  EXPECT_TRUE(check.check("text", Opcode::text, true, limit));
  EXPECT_TRUE(check.check("\xFF", Opcode::binary, true, limit));
  EXPECT_TRUE(check.check("", Opcode::text, true, limit));
  EXPECT_FALSE(check.in_message());
}

TEST(SendCheck, NamesTheOffsetWhereTextIsNotUtf8) {
  SendCheck check;
  const auto refused = check.check("ab\xFFz", Opcode::text, true, limit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(refused.error().message.find("byte offset 2;"), std::string::npos);
  EXPECT_NE(refused.error().message.find("opcode.binary"), std::string::npos);
}

TEST(SendCheck, LetsFragmentsSplitACharacter) {
  SendCheck check;
  EXPECT_TRUE(check.check("\xE2\x82", Opcode::text, false, limit));
  EXPECT_TRUE(check.in_message());
  EXPECT_TRUE(check.check("\xAC", Opcode::continuation, true, limit));
  EXPECT_FALSE(check.in_message());
}

TEST(SendCheck, RefusesAMessageThatEndsInsideACharacterAndForgetsNothing) {
  SendCheck check;
  EXPECT_TRUE(check.check("\xE2\x82", Opcode::text, false, limit));
  EXPECT_FALSE(check.check("", Opcode::continuation, true, limit));
  EXPECT_FALSE(check.check("a", Opcode::continuation, true, limit));
  EXPECT_TRUE(check.in_message());
  EXPECT_TRUE(check.check("\xAC", Opcode::continuation, true, limit));
}

TEST(SendCheck, KeepsFragmentsInOrder) {
  SendCheck check;
  EXPECT_EQ(check.check("a", Opcode::continuation, true, limit).error().code,
            ErrorCode::invalid_state);
  EXPECT_TRUE(check.check("\xFF", Opcode::binary, false, limit));
  EXPECT_EQ(check.check("a", Opcode::text, true, limit).error().code, ErrorCode::invalid_state);
  EXPECT_EQ(check.check("a", Opcode::binary, true, limit).error().code, ErrorCode::invalid_state);
  EXPECT_TRUE(check.check("\xFE", Opcode::continuation, true, limit));
  EXPECT_TRUE(check.check("a", Opcode::text, true, limit));
}

TEST(SendCheck, RefusesWhatCanNeverBeQueued) {
  SendCheck check;
  EXPECT_TRUE(check.check(std::string(limit, 'x'), Opcode::binary, true, limit));
  const auto refused = check.check(std::string(limit + 1, 'x'), Opcode::binary, true, limit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
  EXPECT_NE(refused.error().message.find("maxQueuedBytes (1000)"), std::string::npos);
}

// Memory that nobody reads, as no byte of such a message is looked at.
TEST(SendCheck, RefusesMoreThanTwoGiBWhateverTheLimit) {
  constexpr std::size_t size = (std::size_t{1} << 31) + 1;
  void* const memory = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const std::string_view data(static_cast<const char*>(memory), size);
  SendCheck check;
  const auto refused =
      check.check(data, Opcode::text, true, std::numeric_limits<std::size_t>::max());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
  EXPECT_NE(refused.error().message.find("2147483649 bytes is over 2^31"), std::string::npos);
  EXPECT_FALSE(check.in_message());
  munmap(memory, size);
}

}  // namespace
}  // namespace simws::protocol
