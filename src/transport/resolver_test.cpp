// How look-ups share threads, and what becomes of those that outlive their loop.
#include "transport/resolver.h"

#include "transport/test_network.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace simws::transport {
namespace {

// A system that answers when it's let, shared with the threads that ask.
class SlowSystem {
 public:
  Result<std::vector<Address>> resolve(const std::string& host, int port) {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
    if (host == "none") return Error{ErrorCode::io, "no such name"};
    return std::vector{Address{{127, 0, 0, 1}, static_cast<std::uint16_t>(port), false}};
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void wait_until_asked(std::size_t times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_ >= times; });
  }
  std::size_t asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t asked_ = 0;
  bool is_open_ = false;
};

class AResolver : public testing::Test {
 protected:
  std::unique_ptr<Lookup> look_up(const std::string& host) {
    return resolver_->look_up(host, 80, [this](auto answer) { told_.push_back(answer.ok()); });
  }
  bool until(const std::function<bool()>& holds) { return network_.until(holds); }

  SystemTestNetwork network_;
  std::shared_ptr<SlowSystem> system_ = std::make_shared<SlowSystem>();
  std::unique_ptr<Resolver> resolver_ = std::make_unique<Resolver>(
      network_.loop(), [system = system_](const std::string& host, int port) {
        return system->resolve(host, port);
      });
  std::vector<bool> told_;
};

TEST_F(AResolver, AsksForAFewAtATimeAndForNoneThatNobodyWaitsFor) {
  std::vector<std::unique_ptr<Lookup>> lookups;
  for (std::size_t i = 0; i < Resolver::max_threads + 3; ++i) lookups.push_back(look_up("some"));
  system_->wait_until_asked(Resolver::max_threads);
  lookups.pop_back();
  EXPECT_EQ(system_->asked(), Resolver::max_threads);
  system_->open();
  EXPECT_TRUE(until([&] { return told_.size() == lookups.size(); }));
  EXPECT_EQ(system_->asked(), lookups.size());
}

TEST_F(AResolver, TellsFailuresAndStartsAnewAfterAll) {
  system_->open();
  for (std::size_t round = 1; round <= 3; ++round) {
    const auto lookup = look_up("none");
    EXPECT_TRUE(until([&] { return told_.size() == round; }));
  }
  EXPECT_EQ(told_, (std::vector<bool>{false, false, false}));
}

TEST_F(AResolver, AnswersAddressesWhileAllThreadsWait) {
  std::vector<std::unique_ptr<Lookup>> lookups;
  for (std::size_t i = 0; i < Resolver::max_threads; ++i) lookups.push_back(look_up("some"));
  const auto literal = look_up("::1");
  EXPECT_TRUE(until([&] { return told_.size() == 1; }));
  system_->open();
  EXPECT_TRUE(until([&] { return told_.size() == 1 + lookups.size(); }));
}

TEST_F(AResolver, WaitsForNobodyWhenItEnds) {
  const auto lookup = look_up("some"), queued = look_up("some");
  system_->wait_until_asked(1);
  resolver_.reset();
  network_.destroy_loop();
  const std::weak_ptr<SlowSystem> watched = system_;
  system_->open();
  system_.reset();
  while (!watched.expired()) std::this_thread::yield();  // its threads end, and own nothing more
  EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace simws::transport
