#include "dispatch/inbox.h"

#include "base/request_head_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace simws::dispatch {
namespace {

RecordPtr make_record(EndpointId server = 1) {
  auto outlet =
      std::make_shared<protocol::Outlet>(std::make_shared<protocol::OutputBudget>(1000, 1000));
  return std::make_shared<Record>(server, std::move(outlet));
}

QueuedEventPtr message(const RecordPtr& record, std::string data) {
  auto event = std::make_unique<QueuedEvent>();
  event->record = record;
  event->data = Buffer(data);
  return event;
}

TEST(Inbox, TakesInTurnOverTheConnections) {
  Inbox inbox;
  const auto loud = make_record(), calm = make_record();
  for (const char* data : {"l1", "l2", "l3"}) inbox.push(message(loud, data));
  inbox.push(message(calm, "c1"));
  std::vector<std::string> order;
  while (auto next = inbox.take()) order.emplace_back(next->data.text());
  EXPECT_EQ(order, (std::vector<std::string>{"l1", "c1", "l2", "l3"}));
  EXPECT_FALSE(inbox.has_events());
}

TEST(AQueuedEvent, CostsAllThatItHolds) {
  QueuedEvent event;
  const std::size_t empty = event.cost();
  EXPECT_GE(empty, sizeof event);
  event.data = Buffer(std::string(1000, 'd'));
  EXPECT_EQ(event.cost(), empty + 1000);
  event.info = std::make_unique<ConnectionFacts>();
  const std::size_t without_request = event.cost();
  RequestHeadBuilder builder;
  builder.begin("POST", std::string(300, 'r'));
  builder.add(std::string(20, 'n'), std::string(5000, 'v'));
  event.info->request = builder.finish();
  EXPECT_GE(event.info->request.size(), 5324u);
  EXPECT_EQ(event.cost(), without_request + event.info->request.size());
}

TEST(AQueuedEvent, CostsNothingWhereNothingCanBeHeldAnyMore) {
  QueuedEvent event;
  event.kind = QueuedEvent::Kind::gone;
  EXPECT_EQ(event.cost(), 0u);
}

TEST(Inbox, GivesUpTheEventsOfOneServer) {
  Inbox inbox;
  const auto one = make_record(), two = make_record(2);
  inbox.push(message(one, "a"));
  inbox.push(message(two, "b"));
  inbox.push(message(one, "c"));
  int dropped = 0;
  inbox.drop_all_of(1, [&](const QueuedEvent&) { ++dropped; });
  EXPECT_EQ(dropped, 2);
  EXPECT_EQ(inbox.take()->data.text(), "b");
  EXPECT_FALSE(inbox.take());
}

TEST(Inbox, HoldsNothingBackWhenItEnds) {
  const auto record = make_record();
  {
    Inbox inbox;
    for (const char* data : {"a", "b", "c"}) inbox.push(message(record, data));
    EXPECT_EQ(inbox.take()->data.text(), "a");
  }
  while (!record->waiting.empty()) record->waiting.pop();
  EXPECT_EQ(record.use_count(), 1);
}

TEST(Inbox, TakesManyThatCameAtOnceInTurn) {
  constexpr int many = 1000;
  Inbox inbox;
  const auto loud = make_record(), calm = make_record();
  for (int i = 0; i < many; ++i) inbox.push(message(loud, std::to_string(i)));
  inbox.push(message(calm, "calm"));
  std::vector<std::string> order;
  while (const auto event = inbox.take()) order.emplace_back(event->data.text());
  const auto calm_turn = std::ranges::find(order, "calm");
  EXPECT_LT(calm_turn - order.begin(), many / 10) << "it waits for a few of the others only";
  order.erase(calm_turn);
  std::vector<std::string> loud_ones;
  for (int i = 0; i < many; ++i) loud_ones.push_back(std::to_string(i));
  EXPECT_EQ(order, loud_ones);
}

TEST(Inbox, WakesTheOneThatWaits) {
  Inbox inbox;
  const auto record = make_record();
  for (int i = 0; i < 200; ++i) {
    std::thread network([&] { inbox.push(message(record, "x")); });
    while (!inbox.has_events()) inbox.wait(Seconds{-1});
    EXPECT_TRUE(inbox.take());
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
