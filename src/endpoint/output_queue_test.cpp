#include "endpoint/output_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

namespace simws::endpoint {
namespace {

using protocol::FrameOpcode;

SharedFrame shared_frame(std::size_t size) {
  auto frame = std::make_shared<std::string>();
  protocol::append_frame(*frame, FrameOpcode::binary, true, as_bytes(std::string(size, 's')));
  return frame;
}

std::string take_all(OutputQueue& queue, std::size_t at_a_time) {
  std::string all;
  std::array<Bytes, 64> pieces;
  while (!queue.empty()) {
    const std::size_t count = queue.gather(pieces);
    std::size_t room = at_a_time;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < count && room > 0; ++i) {
      const Bytes part = pieces[i].first(std::min(room, pieces[i].size()));
      all += as_text(part);
      taken += part.size();
      room -= part.size();
    }
    queue.consume(taken);
  }
  return all;
}

TEST(OutputQueue, KeepsOrderHoweverItIsTaken) {
  for (const std::size_t at_a_time : {1u, 2u, 7u, 1000u, 1'000'000u}) {
    OutputQueue queue;
    std::string expected;
    for (const std::size_t size : {0u, 1u, 125u, 126u, 5000u, 70'000u, 3u, 511u, 512u, 513u}) {
      const SharedFrame shared = shared_frame(size);
      queue.append_shared(shared);
      queue.append_frame(FrameOpcode::text, true, as_bytes(std::string(size, 'o')));
      queue.append_raw("raw");
      expected += *shared;
      protocol::append_frame(expected, FrameOpcode::text, true, as_bytes(std::string(size, 'o')));
      expected += "raw";
    }
    EXPECT_EQ(queue.size(), expected.size());
    EXPECT_TRUE(take_all(queue, at_a_time) == expected) << at_a_time;
    EXPECT_EQ(queue.size(), 0u);
  }
}

// What a slow peer is owed is bounded in bytes, so a small frame may not cost many times its size.
TEST(OutputQueue, ManySmallSharedFramesLieInFewPieces) {
  OutputQueue queue;
  for (int i = 0; i < 10'000; ++i) queue.append_shared(shared_frame(3));
  EXPECT_EQ(queue.size(), 50'000u);
  std::array<Bytes, 64> pieces;
  EXPECT_LE(queue.gather(pieces), 2u);
}

TEST(OutputQueue, DropsWholeFramesAndKeepsTheOneUnderWay) {
  for (std::size_t sent = 0; sent < 40; ++sent) {
    SCOPED_TRACE(sent);
    OutputQueue queue;
    std::string all;
    queue.append_raw("HTTP/1.1 101");
    for (int i = 0; i < 10; ++i) queue.append_frame(FrameOpcode::text, true, as_bytes("ab"));
    std::array<Bytes, 64> pieces;
    const std::size_t count = queue.gather(pieces);
    for (std::size_t i = 0; i < count; ++i) all += as_text(pieces[i]);
    queue.consume(sent);
    // Raw bytes, and frames of four bytes; the one that has begun stays.
    const std::size_t frames_gone = sent < 12 ? 0 : (sent - 12 + 3) / 4;
    EXPECT_EQ(queue.drop_unbegun(), 10 - frames_gone);
    EXPECT_EQ(take_all(queue, 100), all.substr(sent, 12 + 4 * frames_gone - sent));
  }
}

TEST(OutputQueue, NeverDropsBytesThatAreNoFrames) {
  OutputQueue queue;
  queue.append_raw("answer");
  queue.append_shared(shared_frame(1000));
  queue.append_raw("another");
  EXPECT_EQ(queue.drop_unbegun(), 1u);
  EXPECT_EQ(queue.size(), 13u);
  EXPECT_EQ(take_all(queue, 100), "answeranother");
}

}  // namespace
}  // namespace simws::endpoint
