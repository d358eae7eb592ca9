// Very many TLS handshakes at once.
#include "transport/tls_desk.h"

#include "transport/tls_test_certificates.h"
#include "transport/tls_test_end.h"
#include "transport/tls_test_foreign.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace simws::transport {
namespace {

class ATlsDesk : public testing::Test {
 protected:
  static constexpr std::size_t each_turn = TlsDesk::most_handshakes;
  static constexpr std::size_t count = 3 * each_turn;

  // Who comes, and the server's end.
  struct Visitor {
    std::unique_ptr<TlsEnd> end;
    std::unique_ptr<ForeignTls> foreign;

    void say() { end->wire->send(foreign->exchange(end->wire->take())); }
  };

  ATlsDesk() {
    const TestCertificate certificate = make_certificate({});
    server_ = TlsServer::make(*loop_,
                              {.certificate = folder_.write("cert.pem", certificate.pem()),
                               .private_key = folder_.write("key.pem", certificate.key_pem())},
                              nullptr, nullptr)
                  .value();
    for (Visitor& visitor : visitors_) {
      visitor.end = std::make_unique<TlsEnd>(
          *loop_, [this](auto below) { return server_->accept(std::move(below)); });
      visitor.foreign = std::make_unique<ForeignTls>(*context_, false);
      visitor.foreign->write("hello");
      visitor.end->start();
    }
  }
  ~ATlsDesk() override {
    for (Visitor& visitor : visitors_) visitor.end.reset();  // the loop goes first else
  }

  // All say what they have to, in one turn.
  void say_all() {
    for (Visitor& visitor : visitors_) {
      if (visitor.end->stream) visitor.say();
    }
  }
  // Who has an answer to the first message, and hasn't said more yet.
  std::vector<std::size_t> answered() {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string answer = visitors_[i].end->wire->take();
      if (answer.empty()) continue;
      answers_[i] += answer;
      found.push_back(i);
    }
    return found;
  }
  // What each has to say to its answer arrives.
  void go_on() {
    for (std::size_t i = 0; i < count; ++i) {
      visitors_[i].end->feed(visitors_[i].foreign->exchange(answers_[i]));
    }
  }

  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
  TestFolder folder_;
  SslContextPtr context_ = make_foreign_context(TLS1_3_VERSION);
  std::unique_ptr<TlsServer> server_;
  std::vector<Visitor> visitors_{count};
  std::vector<std::string> answers_{count};
};

using Indices = std::vector<std::size_t>;

TEST_F(ATlsDesk, BeginsSomeHandshakesInEachTurnOfTheNewestAndTheOldest) {
  say_all();
  EXPECT_EQ(answered(), (Indices{0, 1, 2, 3}));
  loop_->turn();
  EXPECT_EQ(answered(), (Indices{4, 5, 10, 11}));
  loop_->turn();
  EXPECT_EQ(answered(), (Indices{6, 7, 8, 9}));
  go_on();
  for (const Visitor& visitor : visitors_) EXPECT_EQ(visitor.end->received, "hello");
}

TEST_F(ATlsDesk, CountsAnewInEachTurn) {
  for (Visitor& visitor : visitors_) {
    visitor.say();
    EXPECT_EQ(answered().size(), 1u);
    loop_->advance(std::chrono::milliseconds(1));
  }
}

TEST_F(ATlsDesk, ReadsNothingMoreOfWhoWaits) {
  say_all();
  Visitor& last = visitors_.back();
  EXPECT_FALSE(last.end->wire->is_read());
  last.end->wire->send(std::string("\x14\x03\x03\x00\x01\x01", 6));  // as TLS 1.3 lets clients do
  EXPECT_FALSE(last.end->wire->is_read());
  loop_->run_until_idle();
  EXPECT_TRUE(last.end->wire->is_read());
  answered();
  go_on();
  EXPECT_EQ(last.end->received, "hello");
}

TEST_F(ATlsDesk, ForgetsWhoLeavesMeanwhile) {
  const std::vector<std::function<void(Stream&)>> ways{
      [](Stream& stream) { stream.close(); }, [](Stream& stream) { stream.reset(); },
      [](Stream& stream) { stream.stop_reading(); }};
  say_all();
  for (std::size_t i = 0; i < ways.size(); ++i) ways[i](*visitors_[each_turn + i].end->stream);
  visitors_[count - 2].end->stream.reset();
  visitors_[count - 1].end->wire->finish();
  loop_->run_until_idle();
  const Indices all = answered();
  EXPECT_EQ(all, (Indices{0, 1, 2, 3, 6, 7, 8, 9, 11}));
  EXPECT_EQ(visitors_[count - 1].end->loss,
            "the peer ended the connection during the TLS handshake");
  EXPECT_TRUE(visitors_[each_turn].end->events.empty());
}

TEST_F(ATlsDesk, MayLoseAllOfThemMeanwhile) {
  say_all();
  server_.reset();
  for (Visitor& visitor : visitors_) visitor.end->stream.reset();
  loop_->run_until_idle();
  for (const Visitor& visitor : visitors_) EXPECT_TRUE(visitor.end->events.empty());
}

}  // namespace
}  // namespace simws::transport
