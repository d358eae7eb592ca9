#include "protocol/shared_message.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace simws::protocol {
namespace {

class SharedMessagesTest : public testing::Test {
 protected:
  SharedMessagePtr make(const std::string& payload) {
    return messages.make(memory, payload, Opcode::text);
  }
  // The second lies behind the first.
  static bool are_together(const SharedMessagePtr& first, const SharedMessagePtr& second) {
    const Bytes frame = first->view().frame();
    return first->frames() == second->frames() &&
           frame.data() + frame.size() == second->view().frame().data();
  }

  const std::shared_ptr<OutputBudget> memory = std::make_shared<OutputBudget>(1u << 30, 1u << 30);
  SharedMessages messages;
};

TEST_F(SharedMessagesTest, AreFramesAsServersSendThem) {
  const SharedMessagePtr message = make("shared");
  EXPECT_EQ(as_text(message->view().frame()), "\x81\x06shared");
  EXPECT_EQ(as_text(message->view().payload()), "shared");
  EXPECT_EQ(message->view().opcode(), FrameOpcode::text);
  EXPECT_TRUE(message->view().ends_message());
}

TEST_F(SharedMessagesTest, CountOnceWhileAnybodyHoldsThem) {
  SharedMessagePtr first = make("shared");
  SharedMessagePtr second = first;
  EXPECT_EQ(memory->used(), Message::frame_size(6));
  first = nullptr;
  EXPECT_EQ(memory->used(), Message::frame_size(6));
  second = nullptr;
  EXPECT_EQ(memory->used(), 0u);
}

TEST_F(SharedMessagesTest, LieTogetherWhileOneOfThemWaits) {
  const SharedMessagePtr first = make("first");
  const SharedMessagePtr second = make("second");
  SharedMessagePtr third = make("third");
  EXPECT_TRUE(are_together(first, second));
  EXPECT_TRUE(are_together(second, third));
  EXPECT_EQ(as_text(second->view().payload()), "second");
  EXPECT_EQ(as_text(third->view().payload()), "third");
  const std::size_t all = memory->used();
  third = nullptr;
  EXPECT_EQ(memory->used(), all);  // its memory is that of the second
}

TEST_F(SharedMessagesTest, OfWhichNoneWaitsAnyMoreHaveGone) {
  make("first");
  make("second");
  EXPECT_EQ(memory->used(), 0u);
}

TEST_F(SharedMessagesTest, ThatAreLargeLieAlone) {
  const std::string large(32u << 10, 'l');
  const std::array held = {make(large), make(large)};
  EXPECT_NE(held[0]->frames(), held[1]->frames());
}

TEST_F(SharedMessagesTest, GoOnElsewhereWhenTheirPlaceIsFull) {
  const std::string payload(1000, 'p');
  std::vector<SharedMessagePtr> held;
  for (int i = 0; i < 200; ++i) held.push_back(make(payload));
  std::size_t places = 1;
  for (std::size_t i = 1; i < held.size(); ++i) {
    if (!are_together(held[i - 1], held[i])) ++places;
  }
  EXPECT_EQ(places, (200 + 64) / 65);  // 65 of 1,004 bytes have room in 64 KiB
  for (const auto& message : held) EXPECT_EQ(as_text(message->view().payload()), payload);
}

}  // namespace
}  // namespace simws::protocol
