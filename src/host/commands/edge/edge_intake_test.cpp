#include "host/commands/edge/edge_intake.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <utility>

namespace simws::host {
namespace {

broker::EdgeMessage message(std::string data) {
  broker::EdgeMessage message;
  message.topic = "a";
  message.data = std::move(data);
  return message;
}

class EdgeIntakeTest : public testing::Test {
 protected:
  static constexpr std::size_t all = 1u << 30;

  // "1 2 | status s": what is taken.
  std::string take(std::size_t bytes = all) {
    const EdgeIntake::Batch batch = intake_.take(bytes);
    std::string text = batch.status ? "status " + batch.status->server + " | " : "";
    for (const EdgeIntake::Item& item : batch.items) {
      const auto* const as_message = std::get_if<broker::EdgeMessage>(&item);
      const bool is_begin = std::holds_alternative<EdgeIntake::Reading>(item);
      text += (as_message ? as_message->data : is_begin ? "reading" : "caught up") + ",";
    }
    return text + (batch.has_more ? "..." : "");
  }

  int wakes_ = 0;
  EdgeIntake intake_{10'000, [this] { ++wakes_; }};
};

TEST_F(EdgeIntakeTest, WhatComesIsTakenInItsOrderAfterOneWakeUp) {
  for (const char* data : {"1", "2", "3"}) intake_.put(message(data));
  intake_.put(EdgeIntake::CaughtUp());
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(take(), "1,2,3,caught up,");
  EXPECT_EQ(take(), "");
  intake_.put(message("4"));
  EXPECT_EQ(wakes_, 2);
}

TEST_F(EdgeIntakeTest, OfAStatusTheLatestCounts) {
  broker::EdgeStatus status;
  for (const char* server : {"s1", "s2"}) {
    status.server = server;
    intake_.put(status);
  }
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(take(), "status s2 | ");
  EXPECT_EQ(take(), "");
}

TEST_F(EdgeIntakeTest, WithEachNewConnectionBeginsAReading) {
  broker::EdgeStatus status;
  intake_.put(status);
  for (const bool is_connected : {true, true, false, true}) {
    status.is_connected = is_connected;
    intake_.put(status);
    intake_.put(message("m"));
  }
  EXPECT_EQ(take(), "status  | reading,m,m,m,reading,m,");
}

TEST_F(EdgeIntakeTest, MuchIsTakenPieceByPiece) {
  for (const char* data : {"1", "2", "3"}) intake_.put(message(data));
  EXPECT_EQ(take(1), "1,...");
  intake_.put(message("4"));
  EXPECT_EQ(wakes_, 1) << "who takes pieces comes again anyway";
  EXPECT_EQ(take(), "2,3,4,");
}

TEST_F(EdgeIntakeTest, WhoPutsInMoreThanFitsWaitsUntilThereIsRoom) {
  intake_.put(message(std::string(9'000, 'x')));
  std::promise<void> began;
  std::atomic<bool> is_in = false;
  std::thread feed([&] {
    began.set_value();
    intake_.put(message(std::string(2'000, 'y')));
    is_in = true;
  });
  began.get_future().wait();
  EXPECT_FALSE(is_in);
  EXPECT_EQ(take().size(), 9'001U) << "it isn't in";
  feed.join();
  EXPECT_EQ(take().size(), 2'001U);
}

TEST_F(EdgeIntakeTest, OneMessageMayBeAsLargeAsItLikes) {
  intake_.put(message(std::string(100'000, 'x')));
  EXPECT_EQ(take().size(), 100'001U);
}

TEST_F(EdgeIntakeTest, WhenItClosesWhoWaitsGoesOn) {
  intake_.put(message(std::string(9'000, 'x')));
  std::thread feed([&] { intake_.put(message(std::string(9'000, 'y'))); });
  intake_.close();
  feed.join();
  intake_.put(message("z"));
  intake_.put(broker::EdgeStatus());
  EXPECT_EQ(take(), "");
}

}  // namespace
}  // namespace simws::host
