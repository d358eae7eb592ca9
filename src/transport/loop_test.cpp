// What a loop does, over both networks.
#include "transport/loop.h"

#include "base/kept_memory.h"
#include "transport/test_network.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace simws::transport {
namespace {

using std::chrono::milliseconds;

class ALoop : public OverBothNetworks {
 protected:
  // What tests before have left in memory would have the loop wake up to give it back.
  ALoop() {
    while (kept_memory() > 0) trim_kept_memory();
  }
  // A stream that the loop made, and its peer.
  void open_stream() {
    listener_ = loop().listen("127.0.0.1", 0, [this](auto s) { stream_ = std::move(s); }).value();
    peer_ = network_->connect(listener_->address());
    ASSERT_TRUE(until([this] { return stream_ != nullptr; }));
  }

  std::string trace_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<TestPeer> peer_;
};

TEST_P(ALoop, RunsPostedTasksInOrderAndThoseTheyPostAfterThem) {
  loop().post([&] {
    trace_ += 'a';
    loop().post([&] { trace_ += 'c'; });
  });
  loop().post([&] { trace_ += 'b'; });
  EXPECT_EQ(trace_, "");
  EXPECT_TRUE(until([&] { return trace_ == "abc"; }));
}

TEST_P(ALoop, RunsUntilItIsStopped) {
  loop().post([&] {
    trace_ += 'a';
    loop().post([&] {
      trace_ += 'b';
      loop().stop();
    });
  });
  loop().run();
  EXPECT_EQ(trace_, "ab");
}

TEST_P(ALoop, EndsTheNextRunOrPollWhenItIsStoppedBefore) {
  loop().post([&] { trace_ += 'a'; });
  loop().stop();
  loop().run();
  EXPECT_EQ(trace_, "");
  loop().stop();
  loop().poll(milliseconds(-1));
  EXPECT_EQ(trace_, "");
  loop().poll(milliseconds(-1));
  EXPECT_EQ(trace_, "a");
}

TEST_P(ALoop, MayBeStoppedByAnotherThread) {
  std::thread other([&] {
    loop().post([&] { trace_ += 'a'; });
    loop().stop();
  });
  loop().run();
  other.join();
  loop().poll(milliseconds(0));
  EXPECT_EQ(trace_, "a");
}

TEST_P(ALoop, MayBeRunByOneThreadAfterAnother) {
  for (int i = 0; i < 3; ++i) {
    std::thread runner([&] {
      loop().post([&] {
        trace_ += 'a';
        loop().stop();
      });
      loop().run();
    });
    runner.join();
  }
  EXPECT_EQ(trace_, "aaa");
}

TEST_P(ALoop, KeepsTheOrderOfEachPostingThread) {
  constexpr int threads = 4, tasks = 10'000;
  std::vector<std::vector<int>> ran(threads);
  int left = threads * tasks;
  std::vector<std::thread> posters;
  for (int t = 0; t < threads; ++t) {
    posters.emplace_back([&, t] {
      for (int i = 0; i < tasks; ++i) {
        loop().post([&, t, i] {
          ran[static_cast<std::size_t>(t)].push_back(i);
          if (--left == 0) loop().stop();
        });
      }
    });
  }
  loop().run();
  for (std::thread& poster : posters) poster.join();
  for (const auto& of_thread : ran) {
    ASSERT_EQ(of_thread.size(), static_cast<std::size_t>(tasks));
    for (int i = 0; i < tasks; ++i) ASSERT_EQ(of_thread[static_cast<std::size_t>(i)], i);
  }
}

TEST_P(ALoop, DropsTasksThatHaveNotRunWithWhatTheyOwn) {
  open_stream();
  auto owned = std::make_shared<std::unique_ptr<Stream>>(std::move(stream_));
  const std::weak_ptr<void> watched = owned;
  loop().post([this, owned = std::move(owned)] { trace_ += 'a'; });
  network_->destroy_loop();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(trace_, "");
}

TEST_P(ALoop, FiresTimersInTheOrderOfTheirTimesAndNeverEarly) {
  const Time start = loop().now();
  std::vector<std::unique_ptr<Timer>> timers;
  for (const int after : {9, 3, 6, 0}) {
    const Time at = start + milliseconds(after);
    timers.push_back(loop().make_timer([this, after, at] {
      EXPECT_GE(loop().now(), at);
      trace_ += std::to_string(after);
    }));
    timers.back()->start(at);
  }
  EXPECT_EQ(trace_, "");
  EXPECT_TRUE(until([&] { return trace_ == "0369"; }));
}

TEST_P(ALoop, FiresATimerOnceAtTheTimeSetLast) {
  const auto timer = loop().make_timer([&] { trace_ += 'a'; });
  const auto witness = loop().make_timer([&] { trace_ += 'w'; });
  timer->start(loop().now() + milliseconds(1));
  timer->start(loop().now() + milliseconds(6));
  witness->start(loop().now() + milliseconds(3));
  EXPECT_TRUE(until([&] { return trace_ == "wa"; }));
  settle();
  EXPECT_EQ(trace_, "wa");
}

TEST_P(ALoop, FiresNoTimerThatWasStoppedOrDestroyed) {
  const auto stopped = loop().make_timer([&] { trace_ += 's'; });
  auto destroyed = loop().make_timer([&] { trace_ += 'd'; });
  const auto witness = loop().make_timer([&] { trace_ += 'w'; });
  stopped->start(loop().now() + milliseconds(1));
  destroyed->start(loop().now() + milliseconds(1));
  witness->start(loop().now() + milliseconds(3));
  stopped->stop();
  destroyed.reset();
  EXPECT_TRUE(until([&] { return trace_ == "w"; }));
}

TEST_P(ALoop, LetsATimerStartItselfAnew) {
  std::unique_ptr<Timer> timer;
  timer = loop().make_timer([&] {
    trace_ += 'a';
    if (trace_.size() < 3) timer->start(loop().now());
  });
  timer->start(loop().now());
  EXPECT_TRUE(until([&] { return trace_ == "aaa"; }));
}

TEST_P(ALoop, LetsATimerDestroyItself) {
  std::unique_ptr<Timer> timer;
  const std::string owned(100, 'x');
  timer = loop().make_timer([&, owned] {
    timer.reset();
    trace_ += owned.substr(0, 1);
  });
  timer->start(loop().now());
  EXPECT_TRUE(until([&] { return trace_ == "x"; }));
}

TEST_P(ALoop, TellsWhenTheNextTimerIsDue) {
  loop().poll(milliseconds(0));
  EXPECT_FALSE(loop().next_timeout().has_value());
  const auto timer = loop().make_timer([] {});
  timer->start(loop().now() + std::chrono::hours(1));
  ASSERT_TRUE(loop().next_timeout().has_value());
  EXPECT_GT(*loop().next_timeout(), std::chrono::minutes(59));
  EXPECT_LE(*loop().next_timeout(), std::chrono::hours(1) + milliseconds(1));
  timer->stop();
  EXPECT_FALSE(loop().next_timeout().has_value());
}

TEST_P(ALoop, ReturnsFromAPollInWhichNothingHappens) {
  loop().poll(milliseconds(0));
  loop().poll(milliseconds(1));
  EXPECT_EQ(trace_, "");
}

TEST_P(ALoop, DoesEndOfTurnWorkAfterTasksTimersAndWhatTheNetworkHas) {
  open_stream();
  const int key = loop().add_end_of_turn([&] {
    if (!trace_.empty() && trace_.back() != 'e') trace_ += 'e';
  });
  loop().post([&] { trace_ += 't'; });
  ASSERT_TRUE(until([&] { return trace_ == "te"; }));
  const auto timer = loop().make_timer([&] { trace_ += 'd'; });
  timer->start(loop().now());
  ASSERT_TRUE(until([&] { return trace_.ends_with("d") || trace_.ends_with("de"); }));
  EXPECT_EQ(trace_, "tede");  // done when the poll has returned
  listener_ = loop().listen("127.0.0.1", 0, [this](auto) { trace_ += 'n'; }).value();
  const auto peer = network_->connect(listener_->address());
  ASSERT_TRUE(until([&] { return trace_.size() > 4; }));
  EXPECT_EQ(trace_, "tedene");
  loop().remove_end_of_turn(key);
  loop().post([&] { trace_ += 't'; });
  settle();
  EXPECT_EQ(trace_, "tedenet");
}

TEST_P(ALoop, LetsEndOfTurnWorkAddAndRemoveWork) {
  int first = 0, second = 0, third = 0;
  first = loop().add_end_of_turn([&, owned = std::string(100, '1')] {
    loop().remove_end_of_turn(first);
    loop().remove_end_of_turn(second);
    third = loop().add_end_of_turn([&] {
      trace_ += '3';
      loop().remove_end_of_turn(third);
    });
    trace_ += owned[0];
  });
  second = loop().add_end_of_turn([&] { trace_ += '2'; });
  settle();
  EXPECT_EQ(trace_, "13");
}

TEST_P(ALoop, DoesEndOfTurnWorkOnceMoreWhenTheWorkItselfWantsIt) {
  bool is_asked = false;
  loop().add_end_of_turn([&] {
    if (std::exchange(is_asked, false)) trace_ += '1';
  });
  loop().add_end_of_turn([&] {
    if (trace_ != "t") return;
    trace_ += '2';
    is_asked = true;
    loop().want_end_of_turn();
  });
  loop().post([&] { trace_ += 't'; });
  ASSERT_TRUE(until([&] { return trace_.size() > 1; }));
  EXPECT_EQ(trace_, "t21");
}

TEST_P(ALoop, DoesNotWaitWhileEndOfTurnWorkIsWanted) {
  loop().poll(milliseconds(0));
  ASSERT_FALSE(loop().next_timeout().has_value());
  loop().want_end_of_turn();
  EXPECT_EQ(loop().next_timeout(), Duration::zero());
  loop().poll(milliseconds(0));
  EXPECT_FALSE(loop().next_timeout().has_value());
}

TEST_P(ALoop, LetsWhatIsWrittenInATaskLeaveAtTheEndOfTheTurn) {
  open_stream();
  bool is_asked = false;
  loop().add_end_of_turn([&] {
    const Bytes text = as_bytes("hello");
    if (std::exchange(is_asked, false)) stream_->write({&text, 1});
  });
  loop().post([&] { is_asked = true; });
  std::string taken;
  EXPECT_TRUE(until([&] {
    taken += peer_->take();
    return taken == "hello";
  }));
}

TEST_P(ALoop, EndsWhatIsLeftWhenItIsDestroyed) {
  open_stream();
  stream_->start_reading();
  const auto timer = loop().make_timer([&] { trace_ += 'a'; });
  timer->start(loop().now());
  network_->destroy_loop();
  timer->stop();
  timer->start(Time{});
  listener_.reset();
  stream_.reset();
  peer_->take();
  EXPECT_TRUE(peer_->saw_end());
  EXPECT_EQ(trace_, "");
}

INSTANTIATE_TEST_SUITE_P(Over, ALoop, both_networks(), network_name);

}  // namespace
}  // namespace simws::transport
