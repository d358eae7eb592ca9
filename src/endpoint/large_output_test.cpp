#include "endpoint/output_test_fixture.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

namespace simws::endpoint {
namespace {

// However a large message is sent.
struct LargeMessage {
  const char* name;
  void (*append)(OutputTest& test, std::string_view payload);
};
void PrintTo(const LargeMessage& way, std::ostream* out) {
  *out << way.name;
}

class LargeOutputTest : public OutputTest, public testing::WithParamInterface<LargeMessage> {
 protected:
  static constexpr std::size_t frame = protocol::Fragments::most + 10;
  const std::string payload = std::string(200'000, 's');
  const std::string expected = text(payload);

  void append_large() { GetParam().append(*this, payload); }
};

constexpr LargeMessage large_messages[] = {
    {"Shared",
     [](OutputTest& test, std::string_view payload) {
       test.append_shared(test.shared_messages.make(test.memory, payload, Opcode::text));
     }},
    {"Own", [](OutputTest& test, std::string_view payload) { test.append_own(payload); }},
    {"Encoded", [](OutputTest& test, std::string_view payload) { test.append_frame(payload); }},
    {"Borrowed",
     [](OutputTest& test, std::string_view payload) {
       std::string lent(payload);
       {
         Output::Borrowed borrowed(test.output, lent.size());
         borrowed.append({.opcode = FrameOpcode::text}, as_bytes(lent));
       }
       lent.assign(lent.size(), '?');
     }},
};
INSTANTIATE_TEST_SUITE_P(, LargeOutputTest, testing::ValuesIn(large_messages),
                         [](const auto& way) { return way.param.name; });

TEST_P(LargeOutputTest, LeavesInFragmentsHoweverItIsTaken) {
  for (const std::size_t at_a_time : {1000u, 65'545u, 65'546u, 65'547u, 1'000'000u}) {
    append_large();
    EXPECT_EQ(output.size(), expected.size());
    EXPECT_EQ(gauges.connection.used(), expected.size());
    EXPECT_TRUE(take_all(at_a_time) == expected) << at_a_time;
    expect_nothing_charged();
  }
}

TEST_P(LargeOutputTest, AControlFrameGoesBetweenItsFragments) {
  for (const std::size_t sent : {1u, 9u, 10u, 11u, 1000u, 65'545u}) {
    append_large();
    output.consume(sent);
    append_ping("now");
    EXPECT_TRUE(take_all(1'000'000) ==
                expected.substr(sent, frame - sent) + ping("now") + expected.substr(frame))
        << sent;
    expect_nothing_charged();
  }
}

TEST_P(LargeOutputTest, DroppingEndsItWithTheFragmentUnderWay) {
  for (const std::size_t sent : {0u, 1u, 9u, 10u, 1000u, 65'546u, 65'547u, 199'999u}) {
    append_large();
    output.consume(sent);
    EXPECT_EQ(output.drop_unbegun(), sent > 3 * frame ? 0u : 1u) << sent;
    const std::size_t end = std::min((sent + frame - 1) / frame * frame, expected.size());
    EXPECT_TRUE(take_all(1'000'000) == expected.substr(sent, end - sent)) << sent;
    expect_nothing_charged();
  }
}

TEST_F(OutputTest, WhatHasGoneOfABorrowedMessageTakesNoMemory) {
  const std::string payload(200'000, 's');
  const std::string expected = text(payload);
  {
    Output::Borrowed borrowed(output, payload.size());
    borrowed.append({.opcode = FrameOpcode::text}, as_bytes(payload));
    output.consume(150'000);
  }
  EXPECT_EQ(memory->used(),
            200'000u - 2 * protocol::Fragments::most + 2 * protocol::Outlet::reference_cost);
  EXPECT_TRUE(take_all(1'000'000) == expected.substr(150'000));
  expect_nothing_charged();
}

}  // namespace
}  // namespace simws::endpoint
