#include "endpoint/alarms.h"

#include "transport/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace simws::endpoint {
namespace {

using std::chrono::milliseconds;

class Sleeper final : public Alarm {
 public:
  Sleeper(Alarms& alarms, std::function<void()> on_due)
      : Alarm(alarms), on_due_(std::move(on_due)) {}
  using Alarm::clear_alarm;
  using Alarm::set_alarm;
  using Alarm::set_alarm_for_next_turn;

 private:
  void on_alarm() override { on_due_(); }
  std::function<void()> on_due_;
};

class AlarmsTest : public testing::Test {
 protected:
  Time in(int ms) const { return loop->now() + milliseconds(ms); }
  void advance(int ms) { loop->advance(milliseconds(ms)); }
  std::unique_ptr<Sleeper> make(int number) {
    return std::make_unique<Sleeper>(alarms, [this, number] { woken.push_back(number); });
  }

  std::unique_ptr<transport::MemoryLoop> loop = transport::MemoryLoop::make();
  Alarms alarms{*loop};
  std::vector<int> woken;
};

TEST_F(AlarmsTest, EachIsWokenOnceInItsOwnTime) {
  const auto late = make(2), early = make(1);
  late->set_alarm(in(20));
  early->set_alarm(in(10));
  advance(9);
  EXPECT_EQ(woken, std::vector<int>{});
  advance(1);
  EXPECT_EQ(woken, std::vector<int>{1});
  advance(1000);
  EXPECT_EQ(woken, (std::vector<int>{1, 2}));
}

TEST_F(AlarmsTest, SetAnewItIsWokenThenOnly) {
  const auto one = make(1);
  one->set_alarm(in(10));
  one->set_alarm(in(30));
  advance(20);
  EXPECT_EQ(woken, std::vector<int>{});
  one->set_alarm(in(5));
  advance(5);
  EXPECT_EQ(woken, std::vector<int>{1});
}

TEST_F(AlarmsTest, TheNextTurnWakesWithoutATimer) {
  const auto one = make(1), two = make(2), three = make(3);
  auto gone = make(4), cleared = make(5);
  for (Sleeper* const each : {two.get(), gone.get(), one.get(), cleared.get(), three.get()}) {
    each->set_alarm_for_next_turn();
  }
  gone.reset();
  cleared->clear_alarm();
  EXPECT_EQ(woken, std::vector<int>{});
  loop->turn();
  EXPECT_EQ(woken, (std::vector<int>{2, 1, 3})) << "in the order they asked";
  EXPECT_EQ(loop->next_timeout(), std::nullopt);
}

TEST_F(AlarmsTest, WhoIsSetAnewForTheNextTurnWaitsForIt) {
  std::unique_ptr<Sleeper> restless;
  int times = 0;
  restless = std::make_unique<Sleeper>(alarms, [&] {
    ++times;
    restless->set_alarm_for_next_turn();
  });
  restless->set_alarm_for_next_turn();
  for (int turn = 1; turn <= 3; ++turn) {
    loop->turn();
    EXPECT_EQ(times, turn);
  }
  restless->set_alarm(in(10));
  loop->turn();
  EXPECT_EQ(times, 3) << "in place of the one before";
  restless->set_alarm_for_next_turn();
  loop->turn();
  EXPECT_EQ(times, 4);
}

TEST_F(AlarmsTest, WhoIsClearedOrGoneIsNotWoken) {
  auto cleared = make(1), gone = make(2);
  cleared->set_alarm(in(10));
  gone->set_alarm(in(10));
  cleared->clear_alarm();
  cleared->clear_alarm();
  gone.reset();
  advance(20);
  EXPECT_EQ(woken, std::vector<int>{});
}

TEST_F(AlarmsTest, OneThatIsWokenMaySetClearAndDestroyOthers) {
  auto gone = make(1), cleared = make(2), late = make(3);
  int again = 0;
  std::unique_ptr<Sleeper> first;
  first = std::make_unique<Sleeper>(alarms, [&] {
    gone.reset();
    cleared->clear_alarm();
    late->set_alarm(in(50));
    if (++again < 3) first->set_alarm(in(0));
  });
  for (auto* one : {gone.get(), cleared.get(), late.get()}) one->set_alarm(in(10));
  first->set_alarm(in(5));
  advance(10);
  EXPECT_EQ(again, 3);
  EXPECT_EQ(woken, std::vector<int>{});
  advance(60);
  EXPECT_EQ(woken, std::vector<int>{3});
}

TEST_F(AlarmsTest, ManyComeInTheirOrder) {
  constexpr int count = 2000;
  std::mt19937 random{1};
  std::vector<std::unique_ptr<Sleeper>> all;
  std::vector<Time> due(count), seen;
  std::vector<int> expected;
  for (int i = 0; i < count; ++i) {
    all.push_back(std::make_unique<Sleeper>(alarms, [&, i] {
      woken.push_back(i);
      seen.push_back(due[static_cast<std::size_t>(i)]);
    }));
  }
  for (int round = 0; round < 3 * count; ++round) {
    const std::size_t which = random() % count;
    due[which] = in(static_cast<int>(random() % 5000));
    all[which]->set_alarm(due[which]);
    if (random() % 4 == 0) all[random() % count]->clear_alarm();
  }
  for (int i = 0; i < count; i += 2) all[static_cast<std::size_t>(i)].reset();
  advance(6000);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_GT(woken.size(), 300u);
  EXPECT_TRUE(std::ranges::none_of(woken, [](int i) { return i % 2 == 0; }));
}

}  // namespace
}  // namespace simws::endpoint
