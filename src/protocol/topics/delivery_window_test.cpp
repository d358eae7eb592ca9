#include "protocol/topics/delivery_window.h"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>

namespace simws::protocol {
namespace {

using namespace std::chrono_literals;
using Seconds = DeliveryWindow::Seconds;
constexpr Seconds usual{0.1};

TEST(DeliveryWindow, TwoMessagesAreAlwaysAllowed) {
  DeliveryWindow window;
  Time now{};
  EXPECT_TRUE(window.has_room(usual, now));
  window.sent(10'000'000, now);
  EXPECT_TRUE(window.has_room(usual, now));
  window.sent(10'000'000, now);
  EXPECT_FALSE(window.has_room(usual, now));
}

TEST(DeliveryWindow, UntilMoreIsKnown16KibibytesAre) {
  DeliveryWindow window;
  const Time now{};
  for (int i = 0; i < 16; ++i) {
    EXPECT_TRUE(window.has_room(usual, now)) << i;
    window.sent(1024, now);
  }
  EXPECT_FALSE(window.has_room(usual, now));
}

TEST(DeliveryWindow, OneMarkIsUnderWayAtATime) {
  DeliveryWindow window;
  const Time now{1s};
  EXPECT_FALSE(window.wants_mark(true, usual, now));  // of nothing
  window.sent(100, now);
  EXPECT_TRUE(window.wants_mark(true, usual, now));
  const auto number = window.mark(now);
  window.sent(100, now);
  EXPECT_FALSE(window.wants_mark(true, usual, now));
  EXPECT_FALSE(window.acknowledge(number + 1, now));
  EXPECT_TRUE(window.acknowledge(number, now + 10ms));
  EXPECT_FALSE(window.acknowledge(number, now + 10ms));
  EXPECT_EQ(window.bytes_under_way(), 100U);
  EXPECT_EQ(window.least_round_trip(), Seconds(0.01));
  EXPECT_TRUE(window.wants_mark(true, usual, now + 10ms));
}

TEST(DeliveryWindow, WhoKeepsUpIsAskedNowAndThen) {
  DeliveryWindow window;
  Time now{1s};
  int marks = 0;
  for (int i = 0; i < 60; ++i, now += 16ms) {
    window.sent(100, now);
    if (!window.wants_mark(false, usual, now)) continue;
    window.acknowledge(window.mark(now), now + 1ms);
    ++marks;
  }
  EXPECT_GE(marks, 20);
  EXPECT_LE(marks, 40);
}

// A road that carries so many bytes a second, with a queue at its begin, and what it does to the
// age of what arrives.
class Road {
 public:
  Road(double bytes_a_second, Duration delay) : speed_(bytes_a_second), delay_(delay) {}

  // A message every `period`, the newest only; returns the age of the oldest that arrived after
  // `settled`.
  Duration worst_age(std::size_t size, Duration period, Duration settled, Duration end) {
    Duration worst{};
    Time made{};
    bool waits = false;
    for (Time now{}; now < Time(end); now += 1ms) {
      if (now.time_since_epoch() % period == Duration::zero()) {
        made = now;
        waits = true;
      }
      arrive(now, settled, worst);
      while (waits && window_.has_room(usual, now)) {
        waits = false;
        send(size, made, now);
      }
    }
    return worst;
  }
  // From then on it's that slow.
  void slow_down(Time at, double bytes_a_second) {
    slows_at_ = at;
    slow_speed_ = bytes_a_second;
  }
  const DeliveryWindow& window() const { return window_; }

 private:
  struct Packet {
    Time arrives;
    Time made;
    std::optional<std::uint32_t> mark;
    Time answered{};
  };

  void send(std::size_t size, Time made, Time now) {
    const double speed = now < slows_at_ ? speed_ : slow_speed_;
    free_ = std::max(free_, now) +
            std::chrono::duration_cast<Duration>(Seconds(static_cast<double>(size) / speed));
    window_.sent(size, now);
    Packet packet{free_ + delay_, made, std::nullopt};
    if (window_.wants_mark(true, usual, now)) packet.mark = window_.mark(now);
    packet.answered = packet.arrives + delay_;
    packets_.push_back(packet);
  }
  void arrive(Time now, Duration settled, Duration& worst) {
    while (!packets_.empty() && packets_.front().arrives <= now) {
      const Packet packet = packets_.front();
      packets_.pop_front();
      if (packet.made > Time(settled)) worst = std::max(worst, packet.arrives - packet.made);
      if (packet.mark) answers_.push_back(packet);
    }
    while (!answers_.empty() && answers_.front().answered <= now) {
      window_.acknowledge(*answers_.front().mark, now);
      answers_.pop_front();
      if (window_.bytes_under_way() > 0 && window_.wants_mark(true, usual, now)) {
        answers_.push_back({now, {}, window_.mark(now), std::max(free_, now) + 2 * delay_});
      }
    }
  }

  const double speed_;
  const Duration delay_;
  Time slows_at_ = Time::max();
  double slow_speed_ = 0;
  DeliveryWindow window_;
  Time free_{};
  std::deque<Packet> packets_;
  std::deque<Packet> answers_;
};

struct RoadCase {
  double speed;
  Duration delay;
  std::size_t size;
};

TEST(DeliveryWindow, WhatArrivesIsNoOlderThanARoundTripTheWindowAndTwoMessages) {
  const RoadCase cases[] = {
      {60e3, 1ms, 4000},   {60e3, 50ms, 4000},  {60e3, 200ms, 4000}, {1e6, 20ms, 4000},
      {20e3, 5ms, 10'000}, {1e7, 40ms, 10'000}, {1e5, 300ms, 1000},
  };
  for (const RoadCase& each : cases) {
    Road road(each.speed, each.delay);
    const Duration worst = road.worst_age(each.size, 10ms, 3s, 60s);
    const Seconds of_two(2 * static_cast<double>(each.size) / each.speed);
    const Seconds most = 2 * Seconds(each.delay) + usual + of_two + Seconds(0.012);
    EXPECT_LE(Seconds(worst).count(), most.count()) << each.speed << " " << each.size;
  }
}

// Each message takes 0.3 s, and 16 KiB would be five hundred of them.
TEST(DeliveryWindow, WhoTakesLongForSmallMessagesIsKnownSoon) {
  Road road(100, 1ms);
  EXPECT_LE(Seconds(road.worst_age(30, 50ms, 0s, 30s)).count(), 5);
  Road settled(100, 1ms);
  EXPECT_LE(Seconds(settled.worst_age(30, 50ms, 8s, 60s)).count(), 1.1);
}

struct SlowingCase {
  double speed;
  double slow_speed;
  Duration delay;
  std::size_t size;
  Duration period;
};

// What is made until that can be known is on the road already.
TEST(DeliveryWindow, ARoadThatSlowsDownIsKnownSoon) {
  const SlowingCase cases[] = {
      {2e6, 250e3, 1ms, 20'000, 10ms},   {1e9, 250e3, 1ms, 100'000, 50ms},
      {1e9, 250e3, 20ms, 100'000, 50ms}, {5e6, 625e3, 5ms, 100'000, 10ms},
      {1e6, 125e3, 50ms, 4000, 10ms},    {1e9, 125e3, 1ms, 1000, 2ms},
  };
  for (const SlowingCase& each : cases) {
    Road road(each.speed, each.delay);
    road.slow_down(Time(20s), each.slow_speed);
    const Duration worst = road.worst_age(each.size, each.period, 5s, 40s);
    const Seconds overdue = 2 * Seconds(each.delay) + usual;
    const double made =
        std::min(each.speed, static_cast<double>(each.size) / Seconds(each.period).count());
    const double under_way = made * overdue.count() + 3 * static_cast<double>(each.size);
    const Seconds most = overdue + Seconds(under_way / each.slow_speed);
    EXPECT_LE(Seconds(worst).count(), most.count()) << each.speed << " " << each.size;
  }
}

TEST(DeliveryWindow, AFastRoadIsUsed) {
  Road road(1e7, 50ms);
  road.worst_age(10'000, 10ms, 3s, 30s);
  EXPECT_GT(road.window().rate(), 0.9e6);  // 10,000 bytes at 100 Hz
}

}  // namespace
}  // namespace simws::protocol
