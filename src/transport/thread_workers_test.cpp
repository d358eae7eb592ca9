// How work is shared among threads, and what becomes of it when nobody waits any more.
#include "transport/thread_workers.h"

#include "transport/test_network.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace simws::transport {
namespace {

// Work that goes on until it's let.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void wait_for(std::size_t arrivals) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= arrivals; });
  }
  std::size_t arrived() {
    const std::lock_guard lock(mutex_);
    return arrived_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t arrived_ = 0;
  bool is_open_ = false;
};

class AWorker : public testing::Test {
 protected:
  bool add_slow() {
    return workers_->add([gate = gate_] { gate->pass(); }, [this] { ++told_; });
  }
  bool until(const std::function<bool()>& holds) { return network_.until(holds); }

  SystemTestNetwork network_;
  std::unique_ptr<Workers> workers_ = network_.loop().make_workers(2);
  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  std::size_t told_ = 0;
};

TEST_F(AWorker, WorksBesideTheLoopAndTellsInIt) {
  std::thread::id worked, told;
  ASSERT_TRUE(workers_->add([&] { worked = std::this_thread::get_id(); },
                            [&] { told = std::this_thread::get_id(); }));
  EXPECT_TRUE(until([&] { return told == std::this_thread::get_id(); }));
  EXPECT_NE(worked, std::thread::id());
  EXPECT_NE(worked, told);
}

TEST_F(AWorker, IsOneOfAFew) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(add_slow());
  gate_->wait_for(2);
  EXPECT_EQ(gate_->arrived(), 2u);
  gate_->open();
  EXPECT_TRUE(until([&] { return told_ == 5; }));
}

TEST_F(AWorker, WorksAgainAfterAPause) {
  gate_->open();
  for (std::size_t round = 1; round <= 100; ++round) {
    ASSERT_TRUE(add_slow());
    ASSERT_TRUE(until([&] { return told_ == round; }));
  }
}

TEST_F(AWorker, ThatThrowsIsToldOfAllTheSame) {
  ASSERT_TRUE(workers_->add([] { throw std::runtime_error("on purpose"); }, [this] { ++told_; }));
  ASSERT_TRUE(workers_->add([] {}, nullptr));
  EXPECT_TRUE(until([&] { return told_ == 1; }));
}

TEST_F(AWorker, IsNotWaitedFor) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(add_slow());
  gate_->wait_for(2);
  workers_.reset();
  network_.destroy_loop();
  const std::weak_ptr<Gate> watched = gate_;
  gate_->open();
  gate_.reset();
  while (!watched.expired()) std::this_thread::yield();  // the threads end, and own nothing more
  EXPECT_EQ(told_, 0u);
}

TEST_F(AWorker, MayOutliveItsLoop) {
  ASSERT_TRUE(add_slow());
  gate_->wait_for(1);
  network_.destroy_loop();
  gate_->open();
  EXPECT_FALSE(add_slow());
  const std::weak_ptr<Gate> watched = gate_;
  gate_.reset();
  while (!watched.expired()) std::this_thread::yield();
  EXPECT_EQ(told_, 0u);
}

TEST(AMemoryWorker, WorksInTurnsOfItsLoop) {
  const auto loop = MemoryLoop::make();
  auto workers = loop->make_workers(2);
  std::vector<std::string> words;
  const auto add = [&](const std::string& name) {
    return workers->add([&words, name] { words.push_back(name); },
                        [&words, name] { words.push_back("told " + name); });
  };
  ASSERT_TRUE(add("a"));
  loop->hold_work(true);
  ASSERT_TRUE(add("b"));
  EXPECT_TRUE(words.empty());
  loop->run_until_idle();
  EXPECT_EQ(words, (std::vector<std::string>{"a", "told a"}));
  loop->hold_work(false);
  loop->run_until_idle();
  EXPECT_EQ(words.back(), "told b");
  loop->fail_operation(1);
  EXPECT_FALSE(add("c"));
  ASSERT_TRUE(add("d"));
  workers.reset();
  loop->run_until_idle();
  EXPECT_EQ(words.size(), 4u);
}

}  // namespace
}  // namespace simws::transport
