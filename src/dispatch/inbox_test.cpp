#include "dispatch/inbox.h"

#include <gtest/gtest.h>

#include <thread>

namespace simws::dispatch {
namespace {

QueuedEvent message(std::string data) {
  QueuedEvent event;
  event.data = std::move(data);
  return event;
}

TEST(Inbox, TakesInTurnOverTheConnections) {
  Inbox inbox;
  const auto loud = std::make_shared<Record>(1), calm = std::make_shared<Record>(1);
  for (const char* data : {"l1", "l2", "l3"}) inbox.push(loud, message(data));
  inbox.push(calm, message("c1"));
  std::vector<std::string> order;
  while (auto next = inbox.take()) order.push_back(next->second.data);
  EXPECT_EQ(order, (std::vector<std::string>{"l1", "c1", "l2", "l3"}));
  EXPECT_FALSE(inbox.has_events());
}

TEST(Inbox, GivesUpTheEventsOfOneServer) {
  Inbox inbox;
  const auto one = std::make_shared<Record>(1), two = std::make_shared<Record>(2);
  inbox.push(one, message("a"));
  inbox.push(two, message("b"));
  inbox.push(one, message("c"));
  EXPECT_EQ(inbox.take_all_of(1).size(), 2u);
  EXPECT_EQ(inbox.take()->second.data, "b");
  EXPECT_FALSE(inbox.take().has_value());
}

TEST(Inbox, WakesTheOneThatWaits) {
  Inbox inbox;
  const auto record = std::make_shared<Record>(1);
  for (int i = 0; i < 200; ++i) {
    std::thread network([&] { inbox.push(record, message("x")); });
    while (!inbox.has_events()) inbox.wait(Seconds{-1});
    EXPECT_TRUE(inbox.take().has_value());
    network.join();
  }
}

TEST(Inbox, InterruptEndsAWait) {
  Inbox inbox;
  std::thread other([&] { inbox.interrupt(); });
  inbox.wait(Seconds{-1});
  other.join();
}

}  // namespace
}  // namespace simws::dispatch
