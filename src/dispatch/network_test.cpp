#include "dispatch/network.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <thread>

namespace simws::dispatch {
namespace {

TEST(Network, BelongsToTheCallerAtFirst) {
  Network network;
  EXPECT_EQ(network.driver(), Driver::caller_between_turns);
  EXPECT_TRUE(network.is_driven_by_caller());
  EXPECT_TRUE(network.drive_by_thread());
  EXPECT_EQ(network.driver(), Driver::thread);
  EXPECT_TRUE(network.drive_by_thread());
  network.drive_by_caller();
  network.drive_by_caller();
  EXPECT_EQ(network.driver(), Driver::caller_between_turns);
}

TEST(Network, IsInATurnWhileItTakesOne) {
  Network network;
  Driver seen = Driver::thread;
  network.post([&] { seen = network.driver(); });
  network.turn(Seconds{10});
  EXPECT_EQ(seen, Driver::caller_in_turn);
  EXPECT_EQ(network.driver(), Driver::caller_between_turns);
}

TEST(Network, CallsOnTheThreadThatDrivesIt) {
  Network network;
  std::thread::id ran_on;
  const auto note = [&] { ran_on = std::this_thread::get_id(); };
  EXPECT_TRUE(network.call(note));
  EXPECT_EQ(ran_on, std::this_thread::get_id());
  EXPECT_TRUE(network.drive_by_thread());
  EXPECT_TRUE(network.call(note));
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(Network, ACallWhoseTaskThrowsReturnsAnError) {
  Network network;
  for (const bool by_thread : {false, true}) {
    if (by_thread) {
      EXPECT_TRUE(network.drive_by_thread());
    }
    const auto thrown = network.call([] { throw std::runtime_error("oops"); });
    ASSERT_FALSE(thrown);
    EXPECT_NE(thrown.error().message.find("oops"), std::string::npos);
    EXPECT_FALSE(network.call([] { throw std::bad_alloc(); }));
    EXPECT_FALSE(network.call([] { throw 1; }));
    EXPECT_TRUE(network.call([] {})) << "it goes on";
  }
}

}  // namespace
}  // namespace simws::dispatch
