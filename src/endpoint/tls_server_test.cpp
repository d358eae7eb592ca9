// A server over TLS, with OpenSSL's client.
#include "endpoint/server_test_fixture.h"
#include "transport/tls_test_certificates.h"
#include "transport/tls_test_foreign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace simws::endpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ATlsServer : public ServerTest {
 protected:
  ServerOptions with_tls() {
    ServerOptions options;
    options.tls = ServerTls{.certificate = folder_.write("cert.pem", certificate_.pem()),
                            .private_key = folder_.write("key.pem", certificate_.key_pem())};
    return options;
  }
  // What the client says, and what comes of it until both are silent. Returns what it read.
  std::string talk(transport::MemoryPeer& peer, std::string_view text = {}) {
    tls_->write(text);
    for (int quiet = 0; quiet < 2;) {
      const std::string bytes = tls_->exchange(peer.take());
      quiet = bytes.empty() ? quiet + 1 : 0;
      if (!bytes.empty()) peer.send(bytes);
      loop->run_until_idle();
    }
    return tls_->take_plain();
  }

  transport::TestFolder folder_;
  transport::TestCertificate certificate_ = transport::make_certificate({});
  transport::SslContextPtr context_ = transport::make_foreign_context(TLS1_3_VERSION);
  std::unique_ptr<transport::ForeignTls> tls_ =
      std::make_unique<transport::ForeignTls>(*context_, false);
};

TEST_F(ATlsServer, ServesWebSocketAndSaysByWhat) {
  on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
    (void)connection.send(data, opcode);
  };
  start(with_tls());
  EXPECT_TRUE(core->info().tls);
  auto peer = connect();
  EXPECT_THAT(talk(*peer, handshake()), StartsWith("HTTP/1.1 101"));
  const ConnectionInfo info = connections.at(0)->info();
  ASSERT_TRUE(info.tls);
  EXPECT_EQ(info.tls->version, "TLSv1.3");
  EXPECT_EQ(talk(*peer, text("hello")), server_frame(protocol::FrameOpcode::text, "hello"));
  const std::string large(300'000, 'x');
  EXPECT_EQ(talk(*peer, text(large)), server_message(protocol::FrameOpcode::text, large));
  EXPECT_EQ(talk(*peer, client_close(1000)), close_frame(1000));
  EXPECT_TRUE(tls_->saw_close_notify());
  EXPECT_EQ(events.back(), "release");
}

TEST_F(ATlsServer, AnswersPlainHttpWithItsAddress) {
  start(with_tls());
  auto peer = connect();
  peer->send("GET / HTTP/1.1\r\nHost: robot.local:9000\r\n\r\n");
  const std::string answer = peer->take();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(answer, HasSubstr("https://robot.local:9000"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  for (const char* host : {"", "Host: <script>\r\n"}) {
    auto other = connect();
    other->send(std::string("GET / HTTP/1.1\r\n") + host + "\r\n");
    EXPECT_THAT(other->take(), HasSubstr("https://localhost:9000"));
    EXPECT_TRUE(other->saw_end());
  }
  EXPECT_TRUE(events.empty());
}

TEST_F(ATlsServer, HearsOfAttemptsWithoutTls) {
  std::string reason;
  on_fail = [&](Connection& connection) { reason = connection.info().error; };
  start(with_tls());
  auto peer = connect();
  peer->send(handshake());
  EXPECT_THAT(peer->take(), HasSubstr("or connect to wss://localhost"));
  EXPECT_EQ(events, Words{});
  peer->finish();
  loop->run_until_idle();
  EXPECT_EQ(take_events(), (Words{"fail", "release"}));
  EXPECT_EQ(reason, "the peer speaks plain HTTP, and no TLS");
  EXPECT_EQ(core->info().refused, 1u);
}

TEST_F(ATlsServer, EndsHalfOpenHandshakesInTime) {
  start(with_tls());
  auto silent = connect();
  auto half = connect();
  half->send(tls_->exchange(""));
  advance(5.1);
  EXPECT_TRUE(silent->saw_end());
  EXPECT_TRUE(half->saw_end());
  EXPECT_EQ(events, (Words{"fail", "release"})) << "of the one that has said something";
}

TEST_F(ATlsServer, ClosesWhatComesTooOftenBeforeItsHandshake) {
  ServerOptions options = with_tls();
  options.max_handshakes_per_second = 1;
  start(std::move(options));
  auto first = connect();
  EXPECT_THAT(talk(*first, handshake()), StartsWith("HTTP/1.1 101"));
  auto second = connect();
  loop->run_until_idle();
  EXPECT_TRUE(second->saw_end());
  EXPECT_EQ(second->take(), "");
  ASSERT_EQ(log.size(), 1u);
  EXPECT_THAT(log[0], HasSubstr("maxHandshakesPerSecond"));
  EXPECT_EQ(core->info().refused, 1u);
  advance(1);
  auto third = connect();
  loop->run_until_idle();
  EXPECT_FALSE(third->saw_end());
}

TEST_F(ATlsServer, SetsASecureCookie) {
  ServerOptions options = with_tls();
  options.tokens = {"s3cret"};
  start(std::move(options));
  auto peer = connect();
  const std::string answer =
      talk(*peer, "GET /?token=s3cret HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 303"));
  EXPECT_THAT(answer, HasSubstr("; SameSite=Strict; Secure\r\n"));
}

TEST_F(ATlsServer, NamesTheFileThatCannotBeUsed) {
  ServerOptions options = with_tls();
  options.tls->certificate = folder_.path("missing.pem");
  options.logger = [](LogLevel, std::string_view) {};
  core = std::make_unique<ServerCore>(*turn_end, std::move(options), ServerHandlers{});
  const auto listening = core->listen(test_port);
  ASSERT_FALSE(listening.ok());
  EXPECT_THAT(listening.error().message, StartsWith("tls: '" + folder_.path("missing.pem")));
}

}  // namespace
}  // namespace simws::endpoint::test
