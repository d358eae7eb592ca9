// What the network in memory does beyond what both do.
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {
namespace {

using std::chrono::milliseconds;

class Recorder final : public StreamHandler {
 public:
  void on_data(MutableBytes data) override {
    trace += '<';
    trace += as_text(data);
    trace += '>';
    const auto now = then;  // a copy: it may be set anew by what it does
    now();
  }
  void on_end(bool lost, std::string) override { trace += lost ? "lost" : "end"; }
  void on_writable() override { trace += "room"; }

  std::string trace;
  std::function<void()> then = [] {};
};

class AMemoryLoop : public testing::Test {
 protected:
  AMemoryLoop() {
    listener_ = loop_
                    ->listen("127.0.0.1", 80,
                             [this](auto stream) {
                               stream_ = std::move(stream);
                               stream_->set_handler(&recorder_);
                             })
                    .value();
    peer_ = loop_->connect(80);
  }
  std::size_t write(std::string_view text) {
    const Bytes piece = as_bytes(text);
    return stream_->write({&piece, 1});
  }

  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
  Recorder recorder_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<MemoryPeer> peer_;
};

TEST_F(AMemoryLoop, AcceptsAtOnceFromTheAddressGiven) {
  EXPECT_EQ(stream_->remote_address().to_string(), "127.0.0.1:50000");
  const auto other = loop_->connect(80, {{10, 0, 0, 7}, 1234, false});
  EXPECT_EQ(stream_->remote_address().to_string(), "10.0.0.7:1234");
  EXPECT_EQ(loop_->connect(81), nullptr);
}

TEST_F(AMemoryLoop, ConnectsToTheNewestListenerOfAPort) {
  bool is_newest = false;
  const auto newest = loop_->listen("::1", 80, [&](auto) { is_newest = true; });
  ASSERT_TRUE(newest.ok());
  loop_->connect(80);
  EXPECT_TRUE(is_newest);
}

TEST_F(AMemoryLoop, LetsConnectionsWaitDuringAShortage) {
  std::vector<Shortage> told;
  listener_->set_shortage_handler([&](Shortage shortage) { told.push_back(shortage); });
  stream_.reset();
  loop_->set_shortage(Shortage::memory);
  loop_->run_until_idle();
  EXPECT_TRUE(told.empty());
  const auto one = loop_->connect(80), other = loop_->connect(80);
  loop_->run_until_idle();
  EXPECT_EQ(told, (std::vector{Shortage::memory}));
  EXPECT_EQ(stream_, nullptr);
  loop_->set_shortage(Shortage::none);
  loop_->run_until_idle();
  EXPECT_EQ(told, (std::vector{Shortage::memory, Shortage::none}));
  EXPECT_NE(stream_, nullptr);
  loop_->set_shortage(Shortage::descriptors);
  const auto third = loop_->connect(80);
  listener_.reset();
  EXPECT_TRUE(third->saw_reset());
}

TEST_F(AMemoryLoop, DeliversAtOnceInOnePieceAndEndsTheTurn) {
  loop_->add_end_of_turn([&] { recorder_.trace += ';'; });
  stream_->start_reading();
  peer_->send("a");
  peer_->send("bc");
  peer_->finish();
  EXPECT_EQ(recorder_.trace, "<a>;<bc>;end;");
}

TEST_F(AMemoryLoop, KeepsWhatIsNotReadForTheNextTurns) {
  EXPECT_FALSE(peer_->is_read());
  peer_->send("a");
  peer_->send("b");
  peer_->finish();
  stream_->start_reading();
  EXPECT_TRUE(peer_->is_read());
  EXPECT_EQ(recorder_.trace, "");
  loop_->run_until_idle();
  EXPECT_EQ(recorder_.trace, "<ab>end");
}

TEST_F(AMemoryLoop, DeliversWhatACallbackCausesInALaterTurn) {
  recorder_.then = [&] {
    recorder_.then = [] {};
    peer_->send("b");
    recorder_.trace += ',';
  };
  stream_->start_reading();
  peer_->send("a");
  EXPECT_EQ(recorder_.trace, "<a>,");
  loop_->run_until_idle();
  EXPECT_EQ(recorder_.trace, "<a>,<b>");
}

TEST_F(AMemoryLoop, TakesNoMoreThanTheWindowUntilThereIsRoom) {
  peer_->set_window(3);
  EXPECT_EQ(write("hello"), 3U);
  EXPECT_EQ(write("lo"), 0U);
  EXPECT_EQ(stream_->pending_bytes(), 0U);
  EXPECT_EQ(peer_->take(), "hel");
  EXPECT_EQ(recorder_.trace, "room");
  EXPECT_EQ(write("lo"), 2U);
  peer_->set_window(0);
  EXPECT_EQ(write("!"), 0U);
  peer_->set_window(10);
  EXPECT_EQ(recorder_.trace, "roomroom");
  EXPECT_EQ(peer_->take(), "lo");
}

TEST_F(AMemoryLoop, ShowsWhatTheOtherEndDid) {
  EXPECT_FALSE(peer_->saw_end() || peer_->saw_reset());
  stream_->finish_writing();
  EXPECT_TRUE(peer_->saw_end());
  stream_->reset();
  EXPECT_TRUE(peer_->saw_reset());
  EXPECT_FALSE(peer_->is_read());
}

TEST_F(AMemoryLoop, LetsTimePassOnlyByAdvance) {
  const Time start = loop_->now();
  std::string times;
  std::unique_ptr<Timer> every;
  every = loop_->make_timer([&] {
    times += std::to_string((loop_->now() - start) / milliseconds(1)) + ' ';
    every->start(loop_->now() + milliseconds(10));
  });
  every->start(start + milliseconds(10));
  loop_->poll(milliseconds(50));
  loop_->run_until_idle();
  EXPECT_EQ(loop_->now(), start);
  loop_->advance(milliseconds(9));
  EXPECT_EQ(times, "");
  EXPECT_EQ(loop_->next_timeout(), milliseconds(1));
  loop_->advance(milliseconds(26));
  EXPECT_EQ(times, "10 20 30 ");
  EXPECT_EQ(loop_->now() - start, milliseconds(35));
}

TEST_F(AMemoryLoop, FiresTimersOfOneTimeInTheOrderOfTheirStarts) {
  std::string trace;
  const auto a = loop_->make_timer([&] { trace += 'a'; });
  const auto b = loop_->make_timer([&] { trace += 'b'; });
  b->start(loop_->now() + milliseconds(1));
  a->start(loop_->now() + milliseconds(1));
  loop_->advance(milliseconds(1));
  EXPECT_EQ(trace, "ba");
}

TEST_F(AMemoryLoop, CountsOperations) {
  EXPECT_EQ(loop_->operations(), 1U);  // the listen
  write("a");
  EXPECT_EQ(loop_->operations(), 2U);
  stream_->start_reading();
  peer_->send("a");
  EXPECT_EQ(loop_->operations(), 3U);
  const auto timer = loop_->make_timer([] {});
  timer->start(loop_->now());
  EXPECT_EQ(loop_->operations(), 4U);
}

TEST_F(AMemoryLoop, FailsAWriteAsALossToldLater) {
  loop_->fail_operation(2);
  EXPECT_EQ(write("a"), 1U);
  EXPECT_EQ(write("b"), 0U);
  EXPECT_EQ(recorder_.trace, "");
  loop_->run_until_idle();
  EXPECT_EQ(recorder_.trace, "lost");
  EXPECT_EQ(write("c"), 0U);
  EXPECT_EQ(peer_->take(), "a");
}

TEST_F(AMemoryLoop, FailsAReadAsALossInPlaceOfTheData) {
  stream_->start_reading();
  loop_->fail_operation(2);
  peer_->send("a");
  peer_->send("b");
  peer_->send("c");
  EXPECT_EQ(recorder_.trace, "<a>lost");
}

TEST_F(AMemoryLoop, FailsAListen) {
  loop_->fail_operation(1);
  const auto refused = loop_->listen("127.0.0.1", 0, [](auto) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(loop_->listen("127.0.0.1", 0, [](auto) {}).ok());
}

class AConnectInMemory : public AMemoryLoop {
 protected:
  std::unique_ptr<Connecting> connect(int port = 80) {
    return loop_->connect({{127, 0, 0, 1}, static_cast<std::uint16_t>(port), false},
                          [this](auto result) { told_ = std::move(result); });
  }

  std::optional<Result<std::unique_ptr<Stream>>> told_;
};

TEST_F(AConnectInMemory, FailsWhenItIsSetTo) {
  const auto connecting = connect();
  loop_->fail_operation(1);
  loop_->run_until_idle();
  ASSERT_TRUE(told_ && !*told_);
  EXPECT_EQ(told_->error().message, "Connection refused");
  const auto again = connect();
  loop_->run_until_idle();
  EXPECT_TRUE(told_->ok());
}

TEST_F(AConnectInMemory, StaysUnderWayWhereNobodyAnswers) {
  loop_->set_reach(listener_->address(), Reach::never);
  const auto connecting = connect();
  loop_->advance(std::chrono::hours(1));
  EXPECT_FALSE(told_);
  loop_->set_reach(listener_->address(), Reach::normal);
  const auto again = connect();
  loop_->run_until_idle();
  EXPECT_TRUE(told_);
}

TEST_F(AConnectInMemory, FindsAListenerOnAllAddresses) {
  std::unique_ptr<Stream> accepted;
  const auto listener = loop_->listen("0.0.0.0", 81, [&](auto s) { accepted = std::move(s); });
  const auto connecting = connect(81);
  loop_->run_until_idle();
  EXPECT_TRUE(told_ && *told_);
  EXPECT_NE(accepted, nullptr);
}

TEST_F(AConnectInMemory, IsResetWhenItsListenerGoesBeforeItIsTaken) {
  loop_->set_shortage(Shortage::descriptors);
  const auto connecting = connect();
  loop_->run_until_idle();
  ASSERT_TRUE(told_ && *told_) << "the system connects, and lets it wait";
  (**told_)->set_handler(&recorder_);
  (**told_)->start_reading();
  listener_.reset();
  loop_->run_until_idle();
  EXPECT_EQ(recorder_.trace, "lost");
}

TEST_F(AMemoryLoop, LooksUpWhatTheTestHasSet) {
  std::string trace;
  const auto note = [&](const Result<std::vector<Address>>& answer) {
    trace += answer ? answer->front().to_string() : answer.error().message;
    trace += ';';
  };
  loop_->set_name("robot", {{Address{{10, 0, 0, 1}, 0, false}}});
  loop_->set_name("lost", Error{ErrorCode::io, "try again"});
  loop_->set_slow_name("slow");
  std::vector<std::unique_ptr<Lookup>> lookups;
  for (const char* name : {"robot", "lost", "slow", "other"}) {
    lookups.push_back(loop_->look_up(name, 80, note));
  }
  loop_->run_until_idle();
  EXPECT_EQ(trace, "10.0.0.1:80;try again;Name or service not known;");
  loop_->fail_operation(1);
  lookups.push_back(loop_->look_up("robot", 80, note));
  loop_->run_until_idle();
  EXPECT_TRUE(trace.ends_with(";the look-up was set to fail;"));
}

TEST_F(AMemoryLoop, LeavesTheFailureOfATimerToTheNextOperation) {
  loop_->fail_operation(1);
  bool fired = false;
  const auto timer = loop_->make_timer([&] { fired = true; });
  timer->start(loop_->now());
  loop_->run_until_idle();
  EXPECT_TRUE(fired);
  EXPECT_EQ(write("a"), 0U);
}

TEST_F(AMemoryLoop, FailsNothingWhenTheFailureIsTakenBack) {
  loop_->fail_operation(1);
  loop_->fail_operation(0);
  EXPECT_EQ(write("a"), 1U);
}

}  // namespace
}  // namespace simws::transport
