// The cases of compression against the smallest echo server and client that a Session makes
// possible, without a network.
#include "deflate_cases.h"
#include "deflate_test_names.h"

#include "protocol/deflate_parameters.h"
#include "protocol/extension_offer.h"
#include "protocol/session.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace simws::conformance {
namespace {

using protocol::DeflateParameters;
using protocol::FrameOpcode;

class OneKey final : public protocol::MaskingKeySource {
 public:
  protocol::MaskingKey next_key() override { return {std::byte{1}, std::byte{2}, std::byte{3}}; }
};

class CompressingEcho final : private protocol::SessionHandler {
 public:
  CompressingEcho(Role role, const std::optional<DeflateParameters>& agreed)
      : session_(role, 32u << 20, decoder(role, agreed), &keys_) {
    if (!agreed) return;
    const auto side = role == Role::server ? agreed->server() : agreed->client();
    if (side.window_bits > 8) deflater_.emplace(pool_, side, protocol::DeflateEffort{});
  }

  void receive(std::string bytes) { session_.receive(as_mutable_bytes(bytes), *this); }

  std::string sent;
  std::string failure;

 private:
  std::unique_ptr<protocol::Extension> decoder(Role role,
                                               const std::optional<DeflateParameters>& agreed) {
    if (!agreed) return nullptr;
    const auto peer = role == Role::server ? agreed->client() : agreed->server();
    return std::make_unique<protocol::DeflateDecoder>(pool_, peer);
  }

  void on_message(Opcode opcode, Bytes message) override {
    const auto frame_opcode = static_cast<FrameOpcode>(opcode);
    Buffer compressed, frame;
    if (deflater_) {
      deflater_->begin(message.size());
      deflater_->end_message(message, compressed);
      if (compressed.size() < message.size()) {
        session_.encode(frame, {.rsv1 = true, .opcode = frame_opcode}, compressed.bytes());
        sent += frame.text();
        return;
      }
      deflater_->forget_message();
    }
    session_.encode(frame, frame_opcode, true, message);
    sent += frame.text();
  }
  void on_ping(Bytes) override {}
  void on_pong(Bytes) override {}
  void on_close(CloseCode, std::string_view) override { failure = "a Close"; }
  void on_failure(const protocol::Failure& why) override { failure = why.reason; }

  OneKey keys_;
  protocol::DeflatePool pool_;
  protocol::Session session_;
  std::optional<protocol::MessageDeflater> deflater_;
};

class DeflateSessionConformance : public testing::TestWithParam<DeflateCase> {
 protected:
  static void run(Role role, std::size_t portion) {
    SCOPED_TRACE(GetParam().description);
    const auto agreed = agreed_in(GetParam(), role);
    CompressingEcho echo(role, agreed);
    DeflatePeer peer(role, GetParam(), agreed);
    for (std::size_t i = 0; i < peer.count(); ++i) {
      const std::string wire = peer.next();
      for (std::size_t at = 0; at < wire.size(); at += portion) {
        echo.receive(wire.substr(at, portion));
      }
      ASSERT_EQ(echo.failure, "");
      ASSERT_EQ(peer.take_echo(echo.sent), "") << "message " << i;
      ASSERT_EQ(echo.sent, "");
    }
  }
};

TEST_P(DeflateSessionConformance, Server) {
  run(Role::server, std::string::npos);
  run(Role::server, 1021);
}

TEST_P(DeflateSessionConformance, Client) {
  run(Role::client, std::string::npos);
  run(Role::client, 7);
}

// The same parameters come of what both sides say.
TEST_P(DeflateSessionConformance, IsNegotiated) {
  const DeflateCase& each = GetParam();
  const protocol::DeflateWishes all{true, true, 15, 15};
  const auto offers = protocol::parse_extension_offers(each.negotiation.offer);
  const auto accepted = protocol::accept_deflate(*offers, all);
  EXPECT_EQ(accepted ? accepted->response : "", each.negotiation.answer);
  EXPECT_EQ(accepted ? std::optional(accepted->parameters) : std::nullopt,
            agreed_in(each, Role::server));
  EXPECT_TRUE(agreed_in(each, Role::client));
}

INSTANTIATE_TEST_SUITE_P(Case, DeflateSessionConformance, testing::ValuesIn(deflate_cases()),
                         deflate_test_name);

TEST(DeflateConformanceTable, HasEveryCaseOnce) {
  std::set<std::string> numbers;
  for (const DeflateCase& each : deflate_cases()) numbers.insert(each.number);
  EXPECT_EQ(numbers.size(), 12u * 18u);
  EXPECT_EQ(deflate_cases().size(), numbers.size());
}

}  // namespace
}  // namespace simws::conformance
