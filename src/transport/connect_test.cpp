// Connecting, and looking names up, over both networks.
#include "transport/test_network.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {
namespace {

// Notes what it's told.
class Listening final : public StreamHandler {
 public:
  void on_data(MutableBytes data) override { received += as_text(data); }
  void on_end(bool lost, std::string) override { (lost ? is_lost : is_ended) = true; }
  void on_writable() override { ++rooms; }

  std::string received;
  bool is_ended = false;
  bool is_lost = false;
  int rooms = 0;
};

std::size_t write_text(Stream& stream, std::string_view text) {
  const Bytes piece = as_bytes(text);
  return stream.write({&piece, 1});
}

class AConnect : public OverBothNetworks {
 protected:
  AConnect() {
    listener_ = loop().listen("127.0.0.1", 0, [this](auto s) { accepted_ = std::move(s); }).value();
  }
  // What `connect` tells comes into `told_`.
  std::unique_ptr<Connecting> start(const Address& to) {
    return loop().connect(to, [this](auto result) {
      ++times_told_;
      told_ = std::move(result);
    });
  }
  Error error_of(const Address& to) {
    const auto connecting = start(to);
    EXPECT_TRUE(until([&] { return times_told_ > 0; }));
    return told_ && !*told_ ? told_->error() : Error{ErrorCode::io, "none"};
  }
  // Both ends, with their handlers.
  void connect() {
    const auto connecting = start(listener_->address());
    ASSERT_TRUE(until([&] { return times_told_ > 0 && accepted_; }));
    ASSERT_TRUE(*told_) << told_->error().message;
    stream_ = std::move(*told_).value();
    stream_->set_handler(&here_);
    accepted_->set_handler(&there_);
    stream_->start_reading();
    accepted_->start_reading();
  }

  Listening here_, there_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Stream> stream_, accepted_;
  std::optional<Result<std::unique_ptr<Stream>>> told_;
  int times_told_ = 0;
};

TEST_P(AConnect, GivesAStream) {
  connect();
  EXPECT_EQ(stream_->remote_address(), listener_->address());
  EXPECT_EQ(accepted_->remote_address().ip_to_string(), "127.0.0.1");
  EXPECT_NE(accepted_->remote_address().port, 0);
  EXPECT_EQ(write_text(*stream_, "hello"), 5U);
  EXPECT_EQ(write_text(*accepted_, "welcome"), 7U);
  EXPECT_TRUE(until([&] { return there_.received == "hello" && here_.received == "welcome"; }));
  EXPECT_TRUE(until([&] { return stream_->acknowledged_bytes() == 5U; }));
  EXPECT_TRUE(until([&] { return accepted_->acknowledged_bytes() == 7U; }));
  settle();
  EXPECT_EQ(times_told_, 1);
}

TEST_P(AConnect, CountsNoByteAsAcknowledgedBeforeOneIsSent) {
  connect();
  settle();
  EXPECT_EQ(stream_->acknowledged_bytes(), 0U);
  accepted_->stop_reading();
  const std::string much(8'000'000, 'x');
  const std::size_t written = write_text(*stream_, much);
  EXPECT_LT(written, much.size());
  accepted_->start_reading();
  EXPECT_TRUE(until([&] { return stream_->acknowledged_bytes() == written; }));
  EXPECT_TRUE(until([&] { return here_.rooms == 1; }));
  EXPECT_TRUE(until([&] { return there_.received.size() == written; }));
}

TEST_P(AConnect, GivesAStreamThatEndsAsAllDo) {
  connect();
  stream_->finish_writing();
  EXPECT_TRUE(until([&] { return there_.is_ended; }));
  EXPECT_EQ(write_text(*accepted_, "last"), 4U);
  accepted_->close();
  EXPECT_TRUE(until([&] { return here_.is_ended; }));
  EXPECT_EQ(here_.received, "last");
}

TEST_P(AConnect, GivesAStreamThatSeesAReset) {
  connect();
  accepted_->reset();
  EXPECT_TRUE(until([&] { return here_.is_lost; }));
}

TEST_P(AConnect, FindsThatThePeerHasClosedByAWrite) {
  connect();
  accepted_->close();
  EXPECT_TRUE(until([&] {
    write_text(*stream_, "x");
    return here_.is_lost;
  }));
}

TEST_P(AConnect, TellsNothingBeforeItReturns) {
  const auto connecting = start(listener_->address());
  EXPECT_EQ(times_told_, 0);
  const auto failing = start(network_->unreachable());
  EXPECT_EQ(times_told_, 0);
  EXPECT_TRUE(until([&] { return times_told_ == 2; }));
}

TEST_P(AConnect, IsRefusedWhereNobodyListens) {
  const Address address = listener_->address();
  listener_.reset();
  const Error error = error_of(address);
  EXPECT_EQ(error.code, ErrorCode::io);
  EXPECT_EQ(error.message, "Connection refused");
}

TEST_P(AConnect, FailsWhereThereIsNoWay) {
  EXPECT_EQ(error_of(network_->unreachable()).message, "Network is unreachable");
}

TEST_P(AConnect, TellsNothingOnceItIsDestroyed) {
  const Address nobody = network_->unreachable();
  for (const Address& to : {listener_->address(), nobody}) {
    auto connecting = start(to);
    connecting.reset();
    settle();
    EXPECT_EQ(times_told_, 0);
  }
}

TEST_P(AConnect, MayBeDestroyedByItsHandler) {
  const std::string owned(100, 'x');
  const Address nobody = network_->unreachable();
  for (const Address& to : {listener_->address(), nobody}) {
    std::string seen;
    std::unique_ptr<Connecting> connecting;
    connecting = loop().connect(to, [&, owned](auto) {
      connecting.reset();
      seen += owned[0];
    });
    EXPECT_TRUE(until([&] { return !seen.empty(); }));
    settle();
    EXPECT_EQ(seen, "x");
  }
}

TEST_P(AConnect, MayBeginAnotherAndStopTheLoopInItsHandler) {
  std::unique_ptr<Connecting> first, second;
  first = loop().connect(listener_->address(), [&](auto) {
    second = start(listener_->address());
    loop().stop();
  });
  loop().run();
  EXPECT_EQ(times_told_, 0);
  EXPECT_TRUE(until([&] { return times_told_ == 1; }));
}

TEST_P(AConnect, MayOutliveItsLoop) {
  const auto connecting = start(listener_->address());
  const auto failing = start(network_->unreachable());
  const auto literal = loop().look_up("127.0.0.1", 80, [this](auto) { ++times_told_; });
  const auto name = loop().look_up("localhost", 80, [this](auto) { ++times_told_; });
  network_->destroy_loop();
  EXPECT_EQ(times_told_, 0);
}

INSTANTIATE_TEST_SUITE_P(Over, AConnect, both_networks(), network_name);

class ALookup : public OverBothNetworks {
 protected:
  using Answer = Result<std::vector<Address>>;

  Answer look_up(const std::string& host, int port = 80) {
    std::optional<Answer> answer;
    const auto lookup = loop().look_up(host, port, [&](Answer told) { answer = std::move(told); });
    EXPECT_FALSE(answer);
    EXPECT_TRUE(until([&] { return answer.has_value(); }));
    return answer ? *answer : Error{ErrorCode::io, "never told"};
  }
};

TEST_P(ALookup, TakesAnAddressForItself) {
  for (const std::string ip : {"127.0.0.1", "::1", "192.0.2.7", "2001:db8::1"}) {
    const Answer answer = look_up(ip, 1234);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->size(), 1U);
    EXPECT_EQ(answer->front().ip_to_string(), ip);
    EXPECT_EQ(answer->front().port, 1234);
  }
}

TEST_P(ALookup, FindsAName) {
  network_->set_name("localhost", {Address{{127, 0, 0, 1}, 0, false}});
  const Answer answer = look_up("localhost", 1234);
  ASSERT_TRUE(answer) << answer.error().message;
  for (const Address& address : *answer) {
    EXPECT_EQ(address.port, 1234);
    EXPECT_TRUE(address.ip_to_string() == "127.0.0.1" || address.ip_to_string() == "::1");
  }
}

TEST_P(ALookup, FailsForANameThatIsNone) {
  // No label is longer than 63 (RFC 1035, 2.3.4): so nobody need be asked.
  const Answer answer = look_up(std::string(64, 'x') + ".invalid");
  ASSERT_FALSE(answer);
  EXPECT_FALSE(answer.error().message.empty());
}

TEST_P(ALookup, RefusesWhatCanBeNoNameOrPort) {
  const std::pair<std::string, int> cases[] = {{"", 80},
                                               {std::string("localhost\0x", 11), 80},
                                               {std::string(256, 'x'), 80},
                                               {"localhost", -1},
                                               {"127.0.0.1", 65536}};
  for (const auto& [host, port] : cases) {
    const Answer answer = look_up(host, port);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
  }
}

TEST_P(ALookup, TellsNothingOnceItIsDestroyedAndMayBeDestroyedByItsHandler) {
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    int told = 0;
    std::unique_ptr<Lookup> lookup, dropped;
    lookup = loop().look_up(host, 80, [&](auto) {
      lookup.reset();
      ++told;
    });
    dropped = loop().look_up(host, 80, [&](auto) { told += 10; });
    dropped.reset();
    EXPECT_TRUE(until([&] { return told > 0; }));
    settle();
    EXPECT_EQ(told, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Over, ALookup, both_networks(), network_name);

}  // namespace
}  // namespace simws::transport
