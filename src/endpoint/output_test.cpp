#include "endpoint/output_test_fixture.h"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace simws::endpoint {
namespace {

TEST_F(OutputTest, KeepsOrderHoweverItIsTaken) {
  for (const std::size_t at_a_time : {1u, 2u, 7u, 1000u, 1'000'000u}) {
    std::string expected;
    for (const std::size_t size : {0u, 1u, 125u, 126u, 5000u, 70'000u, 3u, 511u, 512u, 513u}) {
      if (at_a_time < 7 && size > 1000) continue;
      const auto shared = shared_message(size);
      append_shared(shared);
      append_frame(std::string(size, 'f'));
      append_own(std::string(size, 'o'));
      append_raw("raw");
      expected += whole(*shared);
      expected += text(std::string(size, 'f')) + text(std::string(size, 'o')) + "raw";
    }
    EXPECT_EQ(output.size(), expected.size());
    EXPECT_EQ(gauges.connection.used(), expected.size());
    EXPECT_TRUE(take_all(at_a_time) == expected) << at_a_time;
    EXPECT_EQ(output.size(), 0u);
    expect_nothing_charged();
  }
}

TEST_F(OutputTest, ASharedMessageCostsMemoryOnceWhileAnybodyHoldsIt) {
  auto shared = shared_message(10'000);
  const std::size_t size = shared->view().frame().size();
  append_shared(shared);
  append_shared(shared);
  EXPECT_EQ(gauges.connection.used(), 2 * size);
  EXPECT_EQ(memory->used(), size + 2 * protocol::Outlet::reference_cost);
  shared = nullptr;
  output.consume(size);
  EXPECT_EQ(memory->used(), size + protocol::Outlet::reference_cost);
  output.consume(size);
  expect_nothing_charged();
}

// Those that lie together in memory are one piece and one reference.
class SharedOutputTest : public OutputTest {
 protected:
  SharedOutputTest() {
    for (std::size_t i = 0; i < messages.size(); ++i) {
      messages[i] = shared_messages.make(memory, std::string(1000, static_cast<char>('a' + i)),
                                         Opcode::binary);
    }
  }
  std::string frame_of(std::size_t index) const {
    return std::string(as_text(messages[index]->view().frame()));
  }
  std::size_t piece_count() const {
    std::array<Bytes, 8> pieces;
    return output.gather(pieces);
  }

  std::array<protocol::SharedMessagePtr, 3> messages;
  const std::size_t size = protocol::Message::frame_size(1000);
};

TEST_F(SharedOutputTest, SharedMessagesThatLieTogetherLeaveAsOnePiece) {
  const std::size_t before = memory->used();
  for (const auto& message : messages) append_shared(message);
  EXPECT_EQ(piece_count(), 1u);
  EXPECT_EQ(memory->used() - before, protocol::Outlet::reference_cost);
  EXPECT_EQ(gauges.connection.used(), 3 * size);
  EXPECT_TRUE(take_all(700) == frame_of(0) + frame_of(1) + frame_of(2));
  messages = {};
  expect_nothing_charged();
}

TEST_F(SharedOutputTest, AMessageBetweenKeepsThemApart) {
  append_shared(messages[1]);
  append_own("between");
  append_shared(messages[2]);
  EXPECT_EQ(piece_count(), 3u);
  EXPECT_TRUE(take_all(700) == frame_of(1) + text("between") + frame_of(2));
}

TEST_F(SharedOutputTest, OneThatFollowsWhileThePieceIsUnderWayIsPartOfIt) {
  append_shared(messages[1]);
  output.consume(10);
  append_shared(messages[2]);
  EXPECT_EQ(piece_count(), 1u);
  EXPECT_TRUE(take_all(700) == frame_of(1).substr(10) + frame_of(2));
  messages = {};
  expect_nothing_charged();
}

TEST_F(SharedOutputTest, WhatIsDroppedBeginsBehindTheFrameUnderWay) {
  append_shared(messages[1]);
  append_shared(messages[2]);
  output.consume(10);
  EXPECT_EQ(output.drop_unbegun(), 1u);
  EXPECT_EQ(output.size(), size - 10);
  EXPECT_EQ(gauges.connection.used(), size - 10);
  append_shared(messages[2]);
  EXPECT_TRUE(take_all(700) == frame_of(1).substr(10) + frame_of(2));
  messages = {};
  expect_nothing_charged();
}

TEST_F(SharedOutputTest, TheFrameUnderWayDoesNotKeepTheMemoryOfThoseDropped) {
  for (const auto& message : messages) append_shared(message);
  output.consume(10);
  messages = {};
  EXPECT_EQ(output.drop_unbegun(), 2u);
  EXPECT_EQ(memory->used(), size - 10);
}

TEST_F(SharedOutputTest, AllOfAPieceIsDroppedWhenNoneOfItIsUnderWay) {
  append_shared(messages[1]);
  append_shared(messages[2]);
  output.consume(size);
  EXPECT_EQ(output.drop_unbegun(), 1u);
  EXPECT_TRUE(output.empty());
  messages = {};
  expect_nothing_charged();
}

// What a slow peer is owed is bounded in bytes, so a small frame may not cost many times its size.
TEST_F(OutputTest, ManySmallFramesLieInFewPieces) {
  for (int i = 0; i < 5'000; ++i) {
    append_shared(shared_message(3));
    append_own("own");
  }
  EXPECT_EQ(output.size(), 50'000u);
  EXPECT_EQ(memory->used(), 50'000u);
  std::array<Bytes, 64> pieces;
  EXPECT_LE(output.gather(pieces), 2u);
}

TEST_F(OutputTest, ASmallMessageThatIsCopiedKeepsItsMemory) {
  protocol::OutgoingMessage message{protocol::Message("small", Opcode::text, true), {}, {}};
  message.charge = charge(7);
  output.append_message(message);
  EXPECT_GE(std::move(message.own).take_memory().capacity(), 7u);
}

TEST_F(OutputTest, ControlFramesOvertakeAllButWhatIsUnderWay) {
  append_frame(std::string(60'000, 'a'));
  append_frame(std::string(60'000, 'b'));
  append_shared(shared_message(100'000));
  output.consume(10);
  append_ping("1");
  append_ping("2");
  output.consume(60'000 - 6);
  append_ping("3");
  EXPECT_TRUE(all().starts_with(ping("1") + ping("2") + ping("3"))) << "in their order";
  take_all(1'000'000);
  expect_nothing_charged();
}

TEST_F(OutputTest, ControlFramesOvertakeABigMessageThatHasNotBegun) {
  append_frame(std::string(100'000, 'a'));
  append_ping("1");
  append_ping("2");
  EXPECT_TRUE(all().starts_with(ping("1") + ping("2")));
}

TEST_F(OutputTest, ControlFramesAndSmallOnesLeaveInTheOrderTheyCame) {
  append_frame("a");
  append_ping("1");
  append_frame("b");
  append_ping("2");
  EXPECT_EQ(all(), text("a") + ping("1") + text("b") + ping("2"));
}

TEST_F(OutputTest, DropsWholeFramesAndKeepsTheOneUnderWay) {
  for (std::size_t sent = 0; sent < 40; ++sent) {
    SCOPED_TRACE(sent);
    append_raw("HTTP/1.1 101");
    for (int i = 0; i < 10; ++i) append_frame("ab");
    const std::string before = all();
    output.consume(sent);
    // Raw bytes, and frames of four bytes; the one that has begun stays.
    const std::size_t frames_gone = sent < 12 ? 0 : (sent - 12 + 3) / 4;
    EXPECT_EQ(output.drop_unbegun(), 10 - frames_gone);
    EXPECT_EQ(output.size(), gauges.connection.used());
    EXPECT_EQ(take_all(100), before.substr(sent, 12 + 4 * frames_gone - sent));
    expect_nothing_charged();
  }
}

TEST_F(OutputTest, NeverDropsBytesThatAreNoFrames) {
  append_raw("answer");
  append_shared(shared_message(1000));
  append_raw("another");
  EXPECT_EQ(output.drop_unbegun(), 1u);
  EXPECT_EQ(output.size(), 13u);
  EXPECT_EQ(take_all(100), "answeranother");
  expect_nothing_charged();
}

class Counting final : public OutputSource {
 public:
  explicit Counting(std::function<bool(Output&, int)> produce) : produce_(std::move(produce)) {}
  bool produce(Output& output) override { return produce_(output, ++asked); }
  int asked = 0;

 private:
  std::function<bool(Output&, int)> produce_;
};

TEST_F(OutputTest, AsksSourcesOnlyWhileLittleWaits) {
  Counting source([&](Output&, int asked) {
    append_raw(std::string(30'000, 's'));
    return asked < 5;
  });
  output.add_source(source);
  output.ask_sources();
  EXPECT_EQ(source.asked, 3) << "64 KiB wait";
  output.ask_sources();
  EXPECT_EQ(source.asked, 3);
  output.consume(60'000);
  output.ask_sources();
  EXPECT_EQ(source.asked, 5) << "that was its last";
  take_all(1'000'000);
  output.ask_sources();
  EXPECT_EQ(source.asked, 5);
}

TEST_F(OutputTest, SourcesGoOnWhenAllHasLeft) {
  Counting source([&](Output&, int asked) {
    append_raw("s");
    return asked < 3;
  });
  output.add_source(source);
  append_raw(std::string(70'000, 'r'));
  output.consume(70'000);
  EXPECT_TRUE(output.has_sources());
  output.ask_sources();
  EXPECT_EQ(take_all(100), "sss");
}

TEST_F(OutputTest, AsksOnWhenAllHasGone) {
  Counting source([&](Output&, int asked) {
    output.append_raw(std::string(Output::low_mark, 'x'));
    return asked < 3;
  });
  output.add_source(source);
  for (int asked = 1; asked <= 3; ++asked) {
    output.ask_sources();
    EXPECT_EQ(source.asked, asked);
    output.consume(output.size());
  }
  output.ask_sources();
  EXPECT_EQ(source.asked, 3);
}

TEST_F(OutputTest, SourcesAreForgottenWithWhatHasNotBegun) {
  Counting source([&](Output&, int) { return true; });
  output.add_source(source);
  output.drop_unbegun();
  output.ask_sources();
  EXPECT_EQ(source.asked, 0);
}

// What waits to be compressed lies behind what is there, and nothing of it leaves.
TEST_F(OutputTest, MessagesWaitBehindWhatLeaves) {
  append_frame("first");
  protocol::OutgoingMessage own{protocol::Message("own", Opcode::text, true), {}, {}};
  own.charge = charge(own.own.frame().size());
  output.append_waiting(own, true);
  protocol::OutgoingMessage shared{{}, shared_message(1000), {}};
  output.append_waiting(shared, false);
  output.waiting().set_last_frame(Buffer(test::server_frame(FrameOpcode::close, "")));
  append_ping("ahead");
  EXPECT_EQ(all(), text("first") + ping("ahead"));
  EXPECT_EQ(gauges.connection.used(), output.size());
  output.consume(all().size());
  EXPECT_FALSE(output.empty());
  EXPECT_EQ(all(), "");

  const WaitingMessage first = output.take_waiting();
  EXPECT_EQ(as_text(first.message.view().payload()), "own");
  append_frame("OWN");
  WaitingMessage second = output.take_waiting();
  output.append_message(second.message);
  output.end_waiting();
  EXPECT_FALSE(output.has_waiting());
  EXPECT_EQ(take_all(100), text("OWN") +
                               test::server_frame(FrameOpcode::binary, std::string(1000, 's')) +
                               test::server_frame(FrameOpcode::close, ""));
}

TEST_F(OutputTest, DropsWhatWaits) {
  append_frame("first");
  for (const bool fin : {true, false}) {
    protocol::OutgoingMessage own{protocol::Message("own", Opcode::text, fin), {}, {}};
    output.append_waiting(own, true);
  }
  protocol::OutgoingMessage shared{{}, shared_message(1000), {}};
  output.append_waiting(shared, true);
  shared.shared = nullptr;
  EXPECT_EQ(output.drop_unbegun(), 3u);
  EXPECT_TRUE(output.empty());
  EXPECT_FALSE(output.has_waiting());
  expect_nothing_charged();
}

}  // namespace
}  // namespace simws::endpoint
