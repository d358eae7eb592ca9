#include "recording/fragments.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::recording {
namespace {

class FragmentsTest : public testing::Test {
 protected:
  // The message that has ended, or "" and how much is lost.
  std::string add(std::uint64_t connection, std::string_view data, Opcode opcode, bool fin) {
    std::optional<Fragments::Whole> whole;
    const std::size_t lost = fragments.add(connection, data, opcode, fin, whole);
    if (lost > 0) return "lost " + std::to_string(lost);
    if (!whole) return "";
    return (whole->opcode == Opcode::text ? "text " : "binary ") + std::string(whole->data);
  }

  Fragments fragments{10};
};

TEST_F(FragmentsTest, WholeMessagesPass) {
  EXPECT_EQ(add(1, "longer than what is kept", Opcode::text, true),
            "text longer than what is kept");
  EXPECT_EQ(add(1, "", Opcode::binary, true), "binary ");
}

TEST_F(FragmentsTest, FragmentsBecomeOneMessageOfTheirConnection) {
  EXPECT_EQ(add(1, "a", Opcode::text, false), "");
  EXPECT_EQ(add(2, "x", Opcode::binary, false), "");
  EXPECT_EQ(add(1, "b", Opcode::continuation, false), "");
  EXPECT_EQ(add(2, "y", Opcode::continuation, true), "binary xy");
  EXPECT_EQ(add(1, "", Opcode::continuation, true), "text ab");
}

TEST_F(FragmentsTest, WithoutItsBeginItIsLost) {
  EXPECT_EQ(add(1, "ab", Opcode::continuation, false), "");
  EXPECT_EQ(add(1, "cd", Opcode::continuation, true), "lost 4");
  EXPECT_EQ(add(1, "next", Opcode::text, true), "text next");
}

TEST_F(FragmentsTest, WhatHasNoRoomIsLostAndMakesRoom) {
  EXPECT_EQ(add(1, "12345678", Opcode::text, false), "");
  EXPECT_EQ(add(2, "123", Opcode::text, false), "");
  EXPECT_EQ(add(2, "4", Opcode::continuation, true), "lost 4");
  EXPECT_EQ(add(1, "90", Opcode::continuation, false), "");
  EXPECT_EQ(add(1, "!", Opcode::continuation, false), "");
  EXPECT_EQ(add(2, "1234567890", Opcode::text, false), "");
  EXPECT_EQ(add(1, "", Opcode::continuation, true), "lost 11");
  EXPECT_EQ(add(2, "", Opcode::continuation, true), "text 1234567890");
}

TEST_F(FragmentsTest, WhoHasClosedTakesNoRoom) {
  EXPECT_EQ(add(1, "1234567890", Opcode::text, false), "");
  fragments.forget(1);
  fragments.forget(3);
  EXPECT_EQ(add(2, "1234567890", Opcode::text, false), "");
  EXPECT_EQ(add(2, "", Opcode::continuation, true), "text 1234567890");
}

}  // namespace
}  // namespace simws::recording
