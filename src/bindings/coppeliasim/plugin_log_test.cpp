#include "bindings/coppeliasim/plugin_log.h"

#include "bindings/coppeliasim/fake_core_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>

namespace simws::coppeliasim {
namespace {

class PluginLogTest : public testing::Test {
 protected:
  void write_from_another_thread(std::size_t count) {
    std::thread([&] {
      for (std::size_t i = 0; i < count; ++i) log_.write(LogLevel::info, "line");
    }).join();
  }
  // How many lines a pass writes.
  std::size_t pass() {
    core_.log.clear();
    log_.begin_pass();
    return core_.log.size();
  }

  test::FakeCore core_;
  const Simulator simulator_ = core_.simulator();
  PluginLog log_{simulator_, "simWS"};
};

TEST_F(PluginLogTest, LinesOfOtherThreadsComeBeforeLaterOnesOfTheSimulations) {
  write_from_another_thread(1);
  EXPECT_TRUE(core_.log.empty());
  log_.write(LogLevel::error, "mine");
  EXPECT_THAT(core_.log, testing::ElementsAre("450 line", "420 mine"));
}

TEST_F(PluginLogTest, APassWritesSoManyAtTheMost) {
  write_from_another_thread(PluginLog::most_in_pass + 3);
  EXPECT_EQ(pass(), PluginLog::most_in_pass);
  log_.flush();
  log_.write(LogLevel::error, "mine");
  EXPECT_EQ(core_.log.size(), PluginLog::most_in_pass + 1) << "but for the simulation's own";
  EXPECT_EQ(core_.log.back(), "420 mine");
  EXPECT_EQ(pass(), 3u);
}

TEST_F(PluginLogTest, SoManyWaitAtTheMostAndTheRestIsCounted) {
  write_from_another_thread(PluginLog::most_waiting + 234);
  EXPECT_EQ(pass(), PluginLog::most_in_pass);
  write_from_another_thread(1);
  core_.log.clear();
  log_.write_all();
  EXPECT_EQ(core_.log.size(), PluginLog::most_waiting - PluginLog::most_in_pass + 2);
  const auto tells = [](const std::string& line) {
    return line.find("300 234 lines are left out") != line.npos;
  };
  EXPECT_EQ(std::ranges::count_if(core_.log, tells), 1);
  EXPECT_EQ(core_.log.back(), "450 line") << "where they would have come";
}

}  // namespace
}  // namespace simws::coppeliasim
