// What concerns the system's network only.
#include "transport/address.h"
#include "transport/socket.h"
#include "transport/socket_listener.h"
#include "transport/socket_stream.h"
#include "transport/test_network.h"
#include "transport/uv_loop.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace {

std::atomic<int> waits{0};

template <typename Function>
Function system_function(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// In place of the system's, for libuv too.
extern "C" int epoll_wait(int epoll, epoll_event* events, int most, int timeout) {
  static const auto wait = system_function<decltype(&epoll_wait)>("epoll_wait");
  ++waits;
  return wait(epoll, events, most, timeout);
}
extern "C" int epoll_pwait(int epoll, epoll_event* events, int most, int timeout,
                           const sigset_t* mask) {
  static const auto wait = system_function<decltype(&epoll_pwait)>("epoll_pwait");
  ++waits;
  return wait(epoll, events, most, timeout, mask);
}

namespace simws::transport {
namespace {

using std::chrono::milliseconds;

class TheSystemsLoop : public testing::Test {
 protected:
  std::unique_ptr<Listener> listen(const std::string& ip = "127.0.0.1") {
    return loop()
        .listen(ip, 0, [this](auto stream) { accepted_.push_back(std::move(stream)); })
        .value();
  }
  Loop& loop() { return network_.loop(); }
  bool until(const std::function<bool()>& holds) { return network_.until(holds); }
  bool is_readable() {
    pollfd ready{loop().descriptor(), POLLIN, 0};
    return ::poll(&ready, 1, 0) == 1;
  }

  SystemTestNetwork network_;
  std::vector<std::unique_ptr<Stream>> accepted_;
};

// Lowers the number of descriptors that the process may open to those it has, and some.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t more) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::dup(0);
    ::close(lowest_free);
    const rlimit lowered{static_cast<rlim_t>(lowest_free) + more, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &lowered);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// While it lives, the process may have so many.
class MoreDescriptors {
 public:
  explicit MoreDescriptors(rlim_t needed) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit raised{std::max(before_.rlim_cur, std::min(needed, before_.rlim_max)),
                        before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &raised);
  }
  ~MoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(AStreamOfTheSystem, IsSmall) {
  // Of 1 KiB that an idle connection may take in all.
  EXPECT_LE(sizeof(SocketStream), 88U);
}

TEST_F(TheSystemsLoop, OpensAndClosesAThousandConnections) {
  const auto listener = listen();
  for (int round = 0; round < 10; ++round) {
    std::vector<std::unique_ptr<TestPeer>> peers;
    for (int i = 0; i < 100; ++i) peers.push_back(network_.connect(listener->address()));
    ASSERT_TRUE(until([&] { return accepted_.size() == 100; }));
    accepted_.clear();
    for (const auto& peer : peers) {
      EXPECT_TRUE(until([&] {
        peer->take();
        return peer->saw_end();
      }));
    }
  }
}

TEST_F(TheSystemsLoop, TakesIpv6OnlyOnAnIpv6Address) {
  const auto v6 = loop().listen("::1", 0, [this](auto s) { accepted_.push_back(std::move(s)); });
  if (!v6) {  // a machine without IPv6
    EXPECT_EQ(v6.error().code, ErrorCode::unavailable);
    return;
  }
  Address address = (*v6)->address();
  EXPECT_TRUE(address.is_ipv6);
  EXPECT_EQ(address.ip_to_string(), "::1");
  const auto peer = network_.connect(address);
  ASSERT_TRUE(until([&] { return accepted_.size() == 1; }));
  EXPECT_EQ(accepted_[0]->remote_address().ip_to_string(), "::1");

  const auto any = listen("::");
  address = any->address();
  address.is_ipv6 = false;
  EXPECT_EQ(network_.connect(address), nullptr);
  EXPECT_TRUE(loop().listen("0.0.0.0", any->address().port, [](auto) {}).ok());
}

TEST_F(TheSystemsLoop, RefusesAnAddressOfAnotherMachine) {
  const auto refused = loop().listen("192.0.2.1", 0, [](auto) {});  // RFC 5737: nobody's
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
}

TEST_F(TheSystemsLoop, HasADescriptorThatIsReadableWhenThereIsSomethingToDo) {
  const auto listener = listen();
  loop().poll(milliseconds(0));
  EXPECT_FALSE(is_readable());
  loop().post([] {});
  EXPECT_TRUE(is_readable());
  loop().poll(milliseconds(0));
  EXPECT_FALSE(is_readable());
  const auto peer = network_.connect(listener->address());
  EXPECT_TRUE(is_readable());
}

TEST_F(TheSystemsLoop, ReturnsFromAPollThatFindsATimerDue) {
  bool fired = false;
  const auto timer = loop().make_timer([&] { fired = true; });
  loop().poll(milliseconds(0));
  const Time at = loop().now();
  timer->start(at);
  while (Clock::now() < at + milliseconds(3)) {
  }
  loop().poll(milliseconds(-1));
  EXPECT_TRUE(fired);
}

TEST_F(TheSystemsLoop, SendsSmallWritesWithoutDelay) {
  Socket listening = Socket::listen(*parse_address("127.0.0.1", 0)).value();
  const SocketTestPeer peer(connect_socket(listening.local_address()));
  Address from;
  int error = 0;
  const Socket accepted = listening.accept(from, error);
  ASSERT_TRUE(accepted.is_open());
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  ::getsockopt(accepted.descriptor(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
  EXPECT_NE(no_delay, 0);
}

// The system picks a port for each connect, in time the one that's asked for.
TEST_F(TheSystemsLoop, IsRefusedByItselfWhereNobodyListens) {
  auto listening = std::make_unique<Socket>(Socket::listen(*parse_address("127.0.0.1", 0)).value());
  Socket first = Socket::start_connecting(listening->local_address()).value();
  const Address to = first.local_address();
  listening.reset();
  first.reset();
  bool is_itself = false;
  for (int i = 0; i < 100'000 && !is_itself; ++i) {
    Result<Socket> socket = Socket::start_connecting(to);
    if (!socket) continue;
    is_itself = socket->local_address() == to;
    const Result<void> connected = socket->finish_connecting(to);
    ASSERT_FALSE(connected);
    EXPECT_EQ(connected.error().message, "Connection refused");
  }
  EXPECT_TRUE(is_itself);
}

TEST_F(TheSystemsLoop, ConnectsWithoutDelayOfSmallWritesAndTellsWhenDescriptorsRunOut) {
  const auto listener = listen();
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  const Socket socket = Socket::start_connecting(listener->address()).value();
  ::getsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
  EXPECT_NE(no_delay, 0);
  std::optional<Error> error;
  const FewDescriptors none(0);
  const auto connecting =
      loop().connect(listener->address(), [&](auto result) { error = result.error(); });
  EXPECT_TRUE(until([&] { return error.has_value(); }));
  EXPECT_EQ(error->code, ErrorCode::unavailable);
}

class Ignorer final : public StreamHandler {
 public:
  void on_data(MutableBytes) override {}
  void on_end(bool lost, std::string) override { (lost ? is_lost : is_ended) = true; }
  void on_writable() override {}
  bool is_ended = false;
  bool is_lost = false;
};

// A connection that the peer has finished, then reset: EPIPE on Linux, by each kind of write.
TEST_F(TheSystemsLoop, SurvivesWritesToAPeerThatIsGone) {
  ASSERT_EQ(::signal(SIGPIPE, SIG_DFL), SIG_DFL);
  const auto listener = listen();
  const std::string much(1'000'000, 'x');
  for (const std::size_t size : {std::size_t{1}, much.size()}) {
    auto peer = network_.connect(listener->address());
    ASSERT_TRUE(until([&] { return accepted_.size() == 1; }));
    Ignorer ignorer;
    const auto stream = std::move(accepted_[0]);
    accepted_.clear();
    stream->set_handler(&ignorer);
    stream->start_reading();
    peer->finish();
    ASSERT_TRUE(until([&] { return ignorer.is_ended; }));
    const Bytes piece = as_bytes(std::string_view(much).substr(0, size));
    while (size > 1 && stream->write({&piece, 1}) == size) {
    }
    peer->reset();
    EXPECT_TRUE(until([&] {
      stream->write({&piece, 1});
      return ignorer.is_lost;
    }));
  }
}

TEST_F(TheSystemsLoop, WaitsWithoutSpinningWhenDescriptorsRunOut) {
  const auto listener = listen();
  std::vector<Shortage> told;
  listener->set_shortage_handler([&](Shortage shortage) { told.push_back(shortage); });
  std::vector<std::unique_ptr<TestPeer>> peers;
  std::size_t connected = 0;
  int turns = 0;
  loop().add_end_of_turn([&] { ++turns; });
  {
    const FewDescriptors few(20);
    for (;;) {
      auto peer = network_.connect(listener->address());
      if (!peer) break;
      peers.push_back(std::move(peer));
    }
    ASSERT_GT(peers.size(), 2U);
    connected = peers.size();
    loop().poll(milliseconds(0));
    EXPECT_EQ(accepted_.size(), 0U);
    EXPECT_EQ(told, (std::vector{Shortage::descriptors}));
    // Connections are in the system's queue all the time, but a poll waits until its end.
    turns = 0;
    loop().poll(SocketListener::retry_interval / 2);
    EXPECT_LE(turns, 6);
    EXPECT_EQ(accepted_.size(), 0U);
    // A second listener has the same difficulty, and the loop can't be had at all.
    EXPECT_FALSE(loop().listen("127.0.0.1", 0, [](auto) {}).ok());
    EXPECT_EQ(make_loop(), nullptr);
    // Two descriptors are free again, so two connections get in.
    peers.resize(connected - 2);
    EXPECT_TRUE(until([&] { return accepted_.size() == 2; }));
    EXPECT_EQ(told, (std::vector{Shortage::descriptors}));
  }
  EXPECT_TRUE(until([&] { return accepted_.size() == connected; }));
  EXPECT_TRUE(until([&] { return told.size() == 2; }));
  EXPECT_EQ(told.back(), Shortage::none);
  const auto another = network_.connect(listener->address());
  EXPECT_TRUE(until([&] { return accepted_.size() == connected + 1; }));
}

TEST_F(TheSystemsLoop, TellsThatDescriptorsAreThereAgainThoughNobodyWaits) {
  std::size_t taken = 0;
  const auto listener = loop().listen("127.0.0.1", 0, [&](auto) { ++taken; }).value();
  std::vector<Shortage> told;
  listener->set_shortage_handler([&](Shortage shortage) { told.push_back(shortage); });
  auto peer = network_.connect(listener->address());
  {
    const FewDescriptors none(0);
    EXPECT_TRUE(until([&] { return told.size() == 1; }));
    peer.reset();
    // A descriptor is free now, so the connection, which has ended, is taken.
    EXPECT_TRUE(until([&] { return told.size() == 2; }));
  }
  EXPECT_EQ(taken, 1U);
  EXPECT_EQ(told.back(), Shortage::none);
}

TEST_F(TheSystemsLoop, AcceptsAFewOfManyInATurn) {
  constexpr std::size_t many = 400;
  const MoreDescriptors more(2 * many + 100);
  const auto listener = listen();
  std::vector<std::unique_ptr<TestPeer>> peers;
  for (std::size_t i = 0; i < many; ++i) peers.push_back(network_.connect(listener->address()));
  std::size_t most = 0;
  while (accepted_.size() < many) {
    const std::size_t before = accepted_.size();
    loop().poll(milliseconds(-1));
    most = std::max(most, accepted_.size() - before);
  }
  EXPECT_LE(most, 64U);
}

class Reader final : public StreamHandler {
 public:
  void on_data(MutableBytes data) override { bytes += data.size(); }
  void on_end(bool, std::string) override {}
  void on_writable() override {}

  std::size_t bytes = 0;
};

TEST_F(TheSystemsLoop, TellsByAPollOfAThousandThatAreReadyAndByATurnOfSixtyFour) {
  constexpr std::size_t many = 1100;
  const MoreDescriptors more(2 * many + 100);
  Reader reader;
  std::vector<Socket> peers;
  std::vector<std::unique_ptr<SocketStream>> streams;
  for (std::size_t i = 0; i < many; ++i) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    peers.emplace_back(ends[0]);
    streams.push_back(SocketStream::make(static_cast<UvLoop&>(loop()), Socket(ends[1]), {}));
    streams.back()->set_handler(&reader);
    streams.back()->start_reading();
    ASSERT_EQ(::send(ends[0], "x", 1, 0), 1);
  }
  int turns = 0;
  const int key = loop().add_end_of_turn([&] { ++turns; });
  waits = 0;
  loop().poll(milliseconds(0));
  EXPECT_EQ(reader.bytes, 1024U);
  EXPECT_EQ(waits, 16);
  EXPECT_GE(turns, 16);
  loop().poll(milliseconds(0));
  EXPECT_EQ(reader.bytes, many);
  loop().remove_end_of_turn(key);
}

// Of what has come, as much as its handler takes at once.
TEST_F(TheSystemsLoop, ReadsAtOnceWhatTheHandlerTakes) {
  class Measuring final : public StreamHandler {
   public:
    void on_data(MutableBytes data) override { sizes.push_back(data.size()); }
    void on_end(bool, std::string) override {}
    void on_writable() override {}
    std::size_t most_at_once() const override { return most; }

    std::size_t most = usual_at_once;
    std::vector<std::size_t> sizes;
  };
  Measuring reader;
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  const Socket peer(ends[0]);
  const auto stream = SocketStream::make(static_cast<UvLoop&>(loop()), Socket(ends[1]), {});
  stream->set_handler(&reader);
  const std::string much(StreamHandler::usual_at_once + 10'000, 'm');
  stream->start_reading();
  for (const std::size_t most : {StreamHandler::usual_at_once, StreamHandler::much_at_once}) {
    SCOPED_TRACE(most);
    reader.most = most;
    reader.sizes.clear();
    ASSERT_EQ(::send(ends[0], much.data(), much.size(), 0), static_cast<ssize_t>(much.size()));
    EXPECT_TRUE(until([&] {
      return std::accumulate(reader.sizes.begin(), reader.sizes.end(), std::size_t{0}) ==
             much.size();
    }));
    EXPECT_EQ(*std::max_element(reader.sizes.begin(), reader.sizes.end()),
              std::min(most, much.size()));
  }
}

TEST_F(TheSystemsLoop, KeepsItsTimeWithinATurn) {
  std::vector<Time> seen;
  loop().post([&] { seen.push_back(loop().now()); });
  loop().post([&] { seen.push_back(loop().now()); });
  const Time before = Clock::now();
  EXPECT_TRUE(until([&] { return seen.size() == 2; }));
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_LE(before, seen[0]);
  EXPECT_LE(seen[1], loop().now());
}

// Through libuv's frames nothing may be thrown: what it's in the middle of would stay undone.
TEST_F(TheSystemsLoop, GoesOnWhateverIsThrownInIt) {
  struct Throwing final : StreamHandler {
    void on_data(MutableBytes) override { throw std::bad_alloc(); }
    void on_end(bool, std::string) override {
      ++ends;
      throw 1;
    }
    void on_writable() override {}
    int ends = 0;
  } throwing;
  const int key = loop().add_end_of_turn([] { throw std::bad_alloc(); });
  bool is_due = false;
  const auto timer = loop().make_timer([&] {
    is_due = true;
    throw std::bad_alloc();
  });
  timer->start(loop().now());
  const auto listener = loop().listen("127.0.0.1", 0, [&](std::unique_ptr<Stream> stream) {
    stream->set_handler(&throwing);
    stream->start_reading();
    accepted_.push_back(std::move(stream));
    throw std::bad_alloc();
  });
  const auto one = network_.connect((*listener)->address());
  const auto other = network_.connect((*listener)->address());
  for (const auto* const peer : {&one, &other}) {
    (*peer)->send("data");
    (*peer)->finish();
  }
  EXPECT_TRUE(until([&] { return is_due && throwing.ends == 2; }));
  loop().remove_end_of_turn(key);
}

}  // namespace
}  // namespace simws::transport
