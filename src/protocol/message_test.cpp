#include "protocol/message.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace simws::protocol {
namespace {

TEST(Message, IsTheFrameThatServersSend) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65'535u, 65'536u}) {
    const std::string payload(size, 'p');
    const Message message(payload, Opcode::binary, true);
    Buffer frame;
    append_frame(frame, FrameOpcode::binary, true, as_bytes(payload));
    EXPECT_TRUE(as_text(message.frame()) == frame.text()) << size;
    EXPECT_TRUE(as_text(message.view().payload()) == payload) << size;
    EXPECT_EQ(Message::frame_size(size), frame.size());
    EXPECT_EQ(message.view().opcode(), FrameOpcode::binary);
  }
}

TEST(Message, OfAFragmentTellsWhetherItEndsTheMessage) {
  const Message first("a", Opcode::text, false), last("b", Opcode::continuation, true);
  EXPECT_FALSE(first.view().ends_message());
  EXPECT_EQ(first.view().opcode(), FrameOpcode::text);
  EXPECT_TRUE(last.view().ends_message());
  EXPECT_EQ(last.view().opcode(), FrameOpcode::continuation);
  EXPECT_EQ(as_text(first.frame()), std::string("\x01\x01") + "a");
}

TEST(Message, UsesItsMemoryAgain) {
  Message message(std::string(1000, 'b'), Opcode::text, false);
  const std::byte* const memory = message.frame().data();
  message.assign("small", Opcode::binary, true);
  EXPECT_EQ(message.frame().data(), memory);
  EXPECT_EQ(as_text(message.view().payload()), "small");
  EXPECT_EQ(message.view().opcode(), FrameOpcode::binary);
  EXPECT_TRUE(message.view().ends_message());
}

}  // namespace
}  // namespace simws::protocol
