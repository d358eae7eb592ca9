#include "protocol/outlet.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::protocol {
namespace {

constexpr std::size_t most_queued = 1000;
constexpr std::size_t most_in_all = 2500;

class OutletTest : public testing::Test {
 protected:
  OutletTest() { outlet.open(); }

  Verdict verdict_on(std::size_t size) {
    Charge charge;
    const auto verdict = outlet.admit(std::string(size, 'x'), Opcode::binary, true, charge);
    EXPECT_TRUE(verdict);
    return *verdict;
  }
  Charge admit(std::size_t size) {
    Charge charge;
    const auto verdict = outlet.admit(std::string(size, 'x'), Opcode::binary, true, charge);
    EXPECT_TRUE(verdict);
    EXPECT_EQ(*verdict, Verdict::admitted);
    return charge;
  }
  Verdict fragment(std::string_view data, Opcode opcode, bool fin) {
    Charge charge;
    const auto verdict = outlet.admit(data, opcode, fin, charge);
    EXPECT_TRUE(verdict) << (verdict ? "" : verdict.error().message);
    return *verdict;
  }
  ErrorCode error_of(std::string_view data, Opcode opcode, bool fin = true) {
    Charge charge;
    const auto verdict = outlet.admit(data, opcode, fin, charge);
    EXPECT_FALSE(verdict);
    return verdict.error().code;
  }
  Verdict verdict_on(const SharedMessagePtr& shared) {
    Charge charge;
    return outlet.admit(*shared, charge);
  }
  SharedMessagePtr share(std::size_t size) {
    return SharedMessages().make(memory, std::string(size, 's'), Opcode::binary);
  }
  void expect_charged(std::size_t connection, std::size_t server) {
    EXPECT_EQ(outlet.queued_bytes(), connection);
    EXPECT_EQ(memory->used(), server);
  }

  const std::shared_ptr<OutputBudget> memory =
      std::make_shared<OutputBudget>(most_queued, most_in_all);
  Outlet outlet{memory};
};

TEST_F(OutletTest, ChargesFramesAndGetsBackWhatDies) {
  std::optional<Charge> first = admit(100), second = admit(200);
  expect_charged(304 + 2, 304 + 2);
  first.reset();
  expect_charged(204, 204);
  Charge moved = std::move(*second);
  second.reset();
  expect_charged(204, 204);
  moved = Charge();
  expect_charged(0, 0);
}

TEST_F(OutletTest, WhatArrivesCountsWhereItArrives) {
  Charge charge = admit(100);
  expect_charged(102, 102);
  charge.arrive();
  expect_charged(0, 0);
  charge = Charge();
  expect_charged(0, 0);
}

// Whoever sends from another thread looks at the network's numbers now and then only.
TEST_F(OutletTest, TheSenderSeesWhatTheNetworkHasTakenWhenItMatters) {
  for (int i = 0; i < 1000; ++i) {
    Charge charge = admit(600);
    EXPECT_EQ(verdict_on(600), Verdict::over_max_queued);
    charge.arrive();
  }
  outlet.gauges().connection.queue(900);
  EXPECT_EQ(*outlet.admit(std::string(600, 'x'), Opcode::binary, true), Verdict::over_max_queued)
      << "the network's thread sees its own at once";
  outlet.gauges().connection.unqueue(900);
  expect_charged(0, 0);
}

TEST_F(OutletTest, NothingIsAdmittedUntilItOpensAndOnceItHasClosed) {
  Outlet unopened(memory);
  Charge none;
  EXPECT_EQ(*unopened.admit("x", Opcode::text, true, none), Verdict::closed);
  outlet.close();
  EXPECT_EQ(verdict_on(10), Verdict::closed);
  EXPECT_EQ(verdict_on(share(10)), Verdict::closed);
  EXPECT_EQ(fragment("goes nowhere", Opcode::continuation, true), Verdict::closed);
  EXPECT_EQ(error_of("\xFF", Opcode::text), ErrorCode::invalid_argument) << "wrong all the same";
  EXPECT_EQ(error_of(std::string(most_queued + 1, 'x'), Opcode::text), ErrorCode::too_large);
  expect_charged(0, 0);
}

TEST_F(OutletTest, AdmitsUpToItsLimitWhateverTheHeader) {
  const Charge all = admit(most_queued);
  EXPECT_EQ(verdict_on(0), Verdict::over_max_queued);
  expect_charged(Message::frame_size(most_queued), Message::frame_size(most_queued));
}

TEST_F(OutletTest, WhatIsRefusedChangesNothing) {
  EXPECT_EQ(error_of(std::string(most_queued + 1, 'x'), Opcode::binary), ErrorCode::too_large);
  EXPECT_EQ(error_of("\xFF", Opcode::text), ErrorCode::invalid_argument);
  EXPECT_EQ(error_of("none begun", Opcode::continuation), ErrorCode::invalid_state);
  expect_charged(0, 0);
  std::optional<Charge> most = admit(most_queued - 10);
  EXPECT_EQ(fragment("over the limit", Opcode::text, false), Verdict::over_max_queued);
  most.reset();
  EXPECT_EQ(error_of("none begun", Opcode::continuation), ErrorCode::invalid_state);
  EXPECT_EQ(verdict_on(1), Verdict::admitted) << "no message is begun";
  expect_charged(0, 0);
}

TEST_F(OutletTest, FragmentsMaySplitACharacterAndARefusedOneMayBeSentAgain) {
  EXPECT_EQ(fragment("\xE2\x82", Opcode::text, false), Verdict::admitted);
  EXPECT_EQ(error_of("another", Opcode::text), ErrorCode::invalid_state);
  EXPECT_EQ(error_of("no rest", Opcode::continuation), ErrorCode::invalid_argument);
  memory->share(most_in_all);
  EXPECT_EQ(fragment("\xAC", Opcode::continuation, true), Verdict::over_total_queued);
  memory->unshare(most_in_all);
  EXPECT_EQ(fragment("\xAC", Opcode::continuation, true), Verdict::admitted);
  EXPECT_EQ(fragment("another", Opcode::text, true), Verdict::admitted);
}

TEST_F(OutletTest, TheServersMemoryIsOneForAllConnections) {
  Outlet others[2] = {Outlet(memory), Outlet(memory)};
  const std::string data(most_queued, 'x');
  std::vector<Charge> charges;
  for (Outlet& other : others) {
    other.open();
    EXPECT_TRUE(other.admit(data, Opcode::binary, true, charges.emplace_back()));
  }
  EXPECT_EQ(verdict_on(600), Verdict::over_total_queued);
  EXPECT_EQ(verdict_on(400), Verdict::admitted);
  charges.clear();
  EXPECT_EQ(verdict_on(600), Verdict::admitted);
}

TEST_F(OutletTest, ASharedMessageCostsAConnectionItsBytesAndItsServerAReference) {
  auto shared = share(700);
  const std::size_t frame = Message::frame_size(700);
  Charge charge;
  EXPECT_EQ(outlet.admit(*shared, charge), Verdict::admitted);
  expect_charged(frame, frame + Outlet::reference_cost);
  EXPECT_EQ(verdict_on(shared), Verdict::over_max_queued);
  expect_charged(frame, frame + Outlet::reference_cost);
  charge = Charge();
  expect_charged(0, frame);
  shared = nullptr;
  expect_charged(0, 0);
}

TEST_F(OutletTest, SharedMessagesKeepOutOfAFragmentedOne) {
  EXPECT_EQ(fragment("begun", Opcode::text, false), Verdict::admitted);
  EXPECT_EQ(verdict_on(share(10)), Verdict::in_message);
  EXPECT_EQ(fragment("ended", Opcode::continuation, true), Verdict::admitted);
  EXPECT_EQ(verdict_on(share(10)), Verdict::admitted);
}

TEST_F(OutletTest, ASharedMessagesReferenceNeedsRoomToo) {
  const auto shared = share(10);
  const std::size_t room = most_in_all - memory->used();
  memory->share(room - Outlet::reference_cost + 1);
  EXPECT_EQ(verdict_on(shared), Verdict::over_total_queued);
  memory->unshare(1);
  EXPECT_EQ(verdict_on(shared), Verdict::admitted);
  memory->unshare(room - Outlet::reference_cost);
}

TEST_F(OutletTest, AnswersAreBoundByTheServersMemoryOnly) {
  std::optional<Charge> answer = outlet.admit_answer(most_in_all);
  ASSERT_TRUE(answer);
  expect_charged(most_in_all, most_in_all);
  EXPECT_FALSE(outlet.admit_answer(1));
  answer.reset();
  EXPECT_FALSE(outlet.admit_answer(most_in_all + 1));
  expect_charged(0, 0);
}

TEST(CheckWholeMessage, LeavesNoMessageBegun) {
  EXPECT_TRUE(check_whole_message("whole", Opcode::text, most_queued));
  EXPECT_EQ(check_whole_message("\xE2\x82", Opcode::text, most_queued).error().code,
            ErrorCode::invalid_argument);
  EXPECT_FALSE(check_whole_message("none begun", Opcode::continuation, most_queued));
}

}  // namespace
}  // namespace simws::protocol
