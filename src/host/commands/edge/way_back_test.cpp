#include "host/commands/edge/way_back.h"

#include <gtest/gtest.h>

#include <future>
#include <string>

namespace simws::host {
namespace {

// Takes one, and the others when it's let.
class HeldFeed final : public FeedLink {
 public:
  bool publish_in(std::string_view, std::string_view topic, std::string_view, Opcode) override {
    if (topic == "refused") return false;
    if (topic == "last") last.set_value();
    if (topic != "held") return true;
    is_held.set_value();
    may_go.get_future().wait();
    return true;
  }

  void start_anew() override {}

  std::promise<void> is_held;
  std::promise<void> may_go;
  std::promise<void> last;
};

TEST(WayBack, ABrokerThatTakesNothingHoldsUpNobodyAndLossesAreCounted) {
  HeldFeed feed;
  WayBack back(feed, 1000);
  EXPECT_TRUE(back.is_idle());
  back.send({"{}", "held", "x"});
  feed.is_held.get_future().wait();
  EXPECT_FALSE(back.is_idle());
  back.send({"{}", "refused", std::string(500, 'x')});
  back.send({"{}", "too much", std::string(500, 'x')});
  EXPECT_EQ(back.take_lost(), 1U);
  feed.may_go.set_value();
  back.send({"{}", "last", "x"});
  feed.last.get_future().wait();
  EXPECT_EQ(back.take_lost(), 1U) << "that the broker refused";
}

TEST(WayBack, ASingleOneMayBeAsLargeAsItLikes) {
  HeldFeed feed;
  WayBack back(feed, 10);
  back.send({"{}", "last", std::string(100'000, 'x')});
  feed.last.get_future().wait();
  EXPECT_EQ(back.take_lost(), 0U);
}

}  // namespace
}  // namespace simws::host
