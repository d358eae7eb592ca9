// What watches tell, by epoll and by libuv.
#include "transport/watches.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {
namespace {

// Two sockets that are connected to each other: one to watch, one to make it ready.
class Pair {
 public:
  Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0); }
  ~Pair() {
    close_watched();
    close_other();
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  int watched() const { return ends_[0]; }
  void make_readable() const { EXPECT_EQ(::send(ends_[1], "x", 1, MSG_NOSIGNAL), 1); }
  void close_watched() { close(ends_[0]); }
  void close_other() { close(ends_[1]); }

 private:
  static void close(int& descriptor) {
    if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
  }

  std::array<int, 2> ends_{-1, -1};
};

class Witness final : public Watched {
 public:
  explicit Witness(Watches& watches) : watches_(watches) {}
  ~Witness() { stop(); }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  void watch(int descriptor, Events events) {
    descriptor_ = descriptor;
    EXPECT_TRUE(watches_.add(descriptor, *this, events));
  }
  void change(Events events) { watches_.change(descriptor_, events); }
  void stop() {
    if (descriptor_ != no_descriptor) watches_.remove(std::exchange(descriptor_, no_descriptor));
  }
  void on_ready(Events events) override {
    ++told;
    last = events;
    if (then) then();
  }
  void loop_ends() override {
    stop();
    has_ended = true;
  }

  int told = 0;
  Events last = 0;
  bool has_ended = false;
  std::function<void()> then;

 private:
  Watches& watches_;
  Descriptor descriptor_ = no_descriptor;
};

class AWatch : public testing::TestWithParam<const char*>, private WaitHooks {
 protected:
  AWatch() {
    EXPECT_EQ(uv_loop_init(&loop_), 0);
    // libuv waits for nothing where it has no handle.
    uv_async_init(&loop_, &handle_, [](uv_async_t*) {});
    const bool by_epoll = std::string(GetParam()) == "epoll";
    watches_ = by_epoll ? watch_by_epoll(loop_, *this) : watch_by_libuv(loop_, *this);
  }
  ~AWatch() override {
    watches_->end();
    watches_.reset();
    uv_close(reinterpret_cast<uv_handle_t*>(&handle_), nullptr);
    while (uv_run(&loop_, UV_RUN_NOWAIT) != 0) {
    }
    EXPECT_EQ(uv_loop_close(&loop_), 0);
  }

  void turn() { watches_->turn(false); }
  void turns(int count) {
    for (int i = 0; i < count; ++i) turn();
  }

  std::unique_ptr<Watches> watches_;

 private:
  bool before_wait() override { return true; }
  void after_wait() override {}

  uv_loop_t loop_{};
  uv_async_t handle_{};
};

TEST_P(AWatch, TellsWhatADescriptorIsReadyForInEachTurn) {
  const Pair pair;
  Witness witness(*watches_);
  witness.watch(pair.watched(), readable);
  turn();
  EXPECT_EQ(witness.told, 0);
  pair.make_readable();
  turns(2);
  EXPECT_EQ(witness.told, 2);
  EXPECT_EQ(witness.last, readable);
  witness.change(readable | writable);
  turn();
  EXPECT_EQ(witness.last, readable | writable);
}

TEST_P(AWatch, WaitsUntilOneIsReady) {
  const Pair pair;
  Witness witness(*watches_);
  witness.watch(pair.watched(), writable);
  watches_->turn(true);
  EXPECT_EQ(witness.told, 1);
}

// Systems tell of these whether they are asked or not, and would do so without end.
TEST_P(AWatch, TellsWhoIsWatchedForNothingOfAnEndOnceAtMost) {
  Pair pair;
  Witness witness(*watches_);
  witness.watch(pair.watched(), readable);
  witness.change(0);
  pair.close_other();
  turns(5);
  EXPECT_LE(witness.told, 1);
  witness.change(readable);
  turn();
  EXPECT_NE(witness.last & readable, 0U);
}

TEST_P(AWatch, IsNotToldOfWhatWasRemovedInTheSameTurnNorIsWhoGotItsNumber) {
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::unique_ptr<Witness>> witnesses;
  for (int i = 0; i < 2; ++i) {
    pairs.push_back(std::make_unique<Pair>());
    witnesses.push_back(std::make_unique<Witness>(*watches_));
    witnesses.back()->watch(pairs.back()->watched(), readable);
    pairs.back()->make_readable();
  }
  std::unique_ptr<Pair> later;
  Witness successor(*watches_);
  // Whichever of them is told first removes the other one, whose number is free then.
  const auto replace = [&](std::size_t other) {
    const int number = pairs[other]->watched();
    witnesses[other]->stop();
    pairs[other]->close_watched();
    later = std::make_unique<Pair>();
    EXPECT_EQ(later->watched(), number);
    successor.watch(number, readable);
    for (const auto& witness : witnesses) witness->then = nullptr;
  };
  for (std::size_t i = 0; i < 2; ++i) witnesses[i]->then = [&, i] { replace(1 - i); };
  turn();
  EXPECT_EQ(witnesses[0]->told + witnesses[1]->told, 1);
  EXPECT_EQ(successor.told, 0);
}

// As a forked process has it.
TEST_P(AWatch, IsOverWhenItIsRemovedEvenIfACopyOfTheDescriptorStaysOpen) {
  Pair pair;
  Witness witness(*watches_);
  witness.watch(pair.watched(), readable);
  const int copy = ::dup(pair.watched());
  witness.stop();
  pair.close_watched();
  pair.make_readable();
  turns(2);
  EXPECT_EQ(witness.told, 0);
  ::close(copy);
}

// All are ready all the time, and yet each has its turn.
TEST_P(AWatch, TellsOfEachOfManyThatAreReadyInAFewTurns) {
  constexpr std::size_t many = 3 * 64;
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::unique_ptr<Witness>> witnesses;
  for (std::size_t i = 0; i < many; ++i) {
    pairs.push_back(std::make_unique<Pair>());
    witnesses.push_back(std::make_unique<Witness>(*watches_));
    witnesses.back()->watch(pairs.back()->watched(), writable);
  }
  turns(3);
  for (const auto& witness : witnesses) EXPECT_GE(witness->told, 1);
}

TEST_P(AWatch, CannotBeForADescriptorThatIsClosed) {
  Pair pair;
  const int closed = pair.watched();
  pair.close_watched();
  Witness witness(*watches_);
  const auto added = watches_->add(closed, witness, readable);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(added.error().message.empty());
}

TEST_P(AWatch, EndsWithTheLoop) {
  const Pair pair;
  Witness witness(*watches_);
  witness.watch(pair.watched(), readable);
  watches_->end();
  EXPECT_TRUE(witness.has_ended);
}

INSTANTIATE_TEST_SUITE_P(By, AWatch, testing::Values("epoll", "libuv"),
                         [](const testing::TestParamInfo<const char*>& way) {
                           return std::string(way.param);
                         });

}  // namespace
}  // namespace simws::transport
