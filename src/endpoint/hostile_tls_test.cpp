// What only TLS lets a peer do wrong, and what comes to its port that is no TLS.
#include "endpoint/hostile_test_fixture.h"

#include <functional>
#include <random>

namespace simws::endpoint {
namespace {

using namespace test;
using transport::SslContextPtr;
using transport::TestCertificate;

class HostileTlsTest : public HostileTest {
 protected:
  // What the close handler was told last.
  void note_reasons() {
    on_close = [this](Connection& connection) { reason_ = connection.info().error; };
  }
  // A connection of plain bytes to the port.
  std::unique_ptr<transport::MemoryPeer> raw() { return loop->connect(test_port); }

  // A WebSocket of its own; what the client then does with TLS is the end of it.
  void expect_end(int version, const std::function<void(TlsMemoryPeer&)>& deed,
                  const std::string& reason) {
    const SslContextPtr context = transport::make_foreign_context(version);
    auto peer = connect_by({}, context.get());
    peer->send(handshake());
    EXPECT_EQ(words_of_answer(peer->take()), "101");
    deed(*peer);
    loop->run_until_idle();
    EXPECT_EQ(take_events(), (Words{"open", "close 1006", "release"}));
    EXPECT_EQ(reason_, reason);
    EXPECT_TRUE(peer->saw_end());
    expect_witness_is_served();
    expect_clean();
  }

  // The bytes whole, one by one, and ended everywhere: nobody comes in.
  void expect_no_entry(const std::string& bytes) {
    SCOPED_TRACE(testing::PrintToString(bytes.substr(0, 40)));
    for (const std::size_t portion : {bytes.size(), std::size_t{1}}) {
      auto peer = raw();
      for (std::size_t at = 0; at < bytes.size(); at += portion) {
        peer->send(bytes.substr(at, portion));
      }
      advance(5.1);
      EXPECT_TRUE(peer->saw_end());
      peer->finish();
      loop->run_until_idle();
      expect_told(bytes);
    }
    for (const std::size_t place : places(bytes.size())) {
      for (const bool by_reset : {false, true}) {
        auto peer = raw();
        peer->send(bytes.substr(0, place));
        by_reset ? peer->reset() : peer->finish();
        loop->run_until_idle();
        expect_told(bytes.substr(0, place));
      }
    }
    expect_witness_is_served();
  }

  // Who has sent something has failed; who said nothing isn't told of, nor whose request of plain
  // HTTP, for no WebSocket and not too long, was answered.
  void expect_told(const std::string& sent) {
    const bool is_request = sent.size() <= 16'384 && sent.starts_with("GET ") &&
                            sent.find("\r\n\r\n") != sent.npos &&
                            sent.find("Upgrade: websocket") == sent.npos;
    EXPECT_EQ(events, sent.empty() || is_request ? Words{} : (Words{"fail", "release"}));
    EXPECT_EQ(core->info().connections, 1u);
    expect_consistent();
  }

  // A context of a client that shows this certificate.
  static SslContextPtr with_certificate(const TestCertificate& certificate, int version) {
    SslContextPtr context = transport::make_foreign_context(version);
    SSL_CTX_use_certificate(context.get(), certificate.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
    return context;
  }
  // Only clients with certificates come in.
  void start_with_client_ca() {
    ServerOptions options;
    options.tls = TlsMaterial::of_all().files;
    options.tls->client_ca = TlsMaterial::of_all().authority_file;
    start(options);
  }
  std::string answer_to(SSL_CTX& context, const OnTheWire& way = {}) {
    auto peer = connect_by(way, &context);
    peer->send(handshake());
    while (peer->step()) {
    }
    const std::string answer = words_of_answer(peer->take());
    peer->reset();
    loop->run_until_idle();
    return answer;
  }

  std::string reason_;
};

TEST_P(HostileTlsTest, AnEndWithoutCloseNotifyIsALoss) {
  note_reasons();
  serve();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    expect_end(
        version, [](TlsMemoryPeer& peer) { peer.cut_off(); },
        "the connection was cut off (no close_notify)");
  }
}

TEST_P(HostileTlsTest, NobodyRenegotiates) {
  note_reasons();
  serve();
  expect_end(
      TLS1_2_VERSION,
      [](TlsMemoryPeer& peer) {
        ASSERT_EQ(SSL_renegotiate(peer.tls().ssl()), 1);
        SSL_do_handshake(peer.tls().ssl());
        while (peer.step()) {
        }
      },
      "the peer asked to renegotiate");
}

TEST_P(HostileTlsTest, KeysAreNotChangedForNothing) {
  note_reasons();
  serve();
  expect_end(
      TLS1_3_VERSION,
      [](TlsMemoryPeer& peer) {
        for (int i = 0; i < 100 && !peer.saw_end(); ++i) {
          SSL_key_update(peer.tls().ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
          SSL_do_handshake(peer.tls().ssl());
          while (peer.step()) {
          }
        }
      },
      "the peer changes its keys, and sends nothing");
}

TEST_P(HostileTlsTest, AClientHelloOfAByteASecondEndsInTime) {
  serve();
  const std::string hello =
      transport::ForeignTls(*TlsMaterial::of_all().client, false).exchange("");
  ASSERT_GT(hello.size(), 100u);
  auto slow = raw();
  std::size_t sent = 0;
  for (; sent < hello.size() && !slow->saw_end(); ++sent) {
    slow->send(hello.substr(sent, 1));
    advance(1);
  }
  EXPECT_LE(sent, 6u) << "handshakeTimeout";
  expect_witness_is_served();
  slow->finish();
  loop->run_until_idle();
  expect_clean();
}

// Whoever announces much gets neither memory nor time for it.
TEST_P(HostileTlsTest, AHandshakeWithoutEndEndsSoon) {
  serve();
  const std::string start("\x16\x03\x01\x40\x00\x01\xff\xff\xff", 9);
  const std::string more("\x16\x03\x01\x40\x00", 5);
  auto peer = raw();
  std::size_t sent = 0;
  while (!peer->saw_end() && sent < 1'000'000) {
    const std::string bytes =
        sent == 0 ? start + std::string(16'380, 'h') : more + std::string(16'384, 'h');
    peer->send(bytes);
    loop->run_until_idle();
    sent += bytes.size();
  }
  EXPECT_LT(sent, 40'000u);
  peer->finish();
  loop->run_until_idle();
  expect_told(start);
  expect_witness_is_served();
}

TEST_P(HostileTlsTest, WhatIsNoTlsComesToNothing) {
  serve();
  std::mt19937 random(1);
  std::string noise = "\xff";
  for (int i = 0; i < 500; ++i) noise += static_cast<char>(random());
  const std::string inputs[] = {
      noise,
      "SSH-2.0-OpenSSH_9.2p1 Debian\r\n",
      std::string(100, '\0'),
      text("hello"),
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      std::string("\x16\x03\x01\x00\x00", 5),                    // an empty record
      std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01x", 10),  // a message too short to be one
      std::string("\x16\x03\x01\xff\xff\x01", 6),                // a record too long
      std::string("\x15\x03\x03\x00\x02\x02\x28", 7),            // an alert
      std::string("\x17\x03\x03\x00\x01x", 6),                   // data first
      std::string("\x80\x2e\x01\x03\x01", 5),                    // SSL 2
  };
  for (const std::string& input : inputs) expect_no_entry(input);
}

TEST_P(HostileTlsTest, PlainHttpIsToldWhereToGo) {
  serve();
  for (const std::string& input :
       {std::string("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), handshake() + text("early"),
        "GET /" + std::string(65'536, 'a') + " HTTP/1.1\r\n\r\n"}) {
    auto peer = raw();
    peer->send(input);
    loop->run_until_idle();
    EXPECT_EQ(words_of_answer(peer->take()), "400") << input.substr(0, 40);
    peer->finish();
    loop->run_until_idle();
    expect_told(input);
    expect_no_entry(input.substr(0, 100));
  }
}

TEST_P(HostileTlsTest, ClientsComeInByCertificatesThatHold) {
  const TlsMaterial& material = TlsMaterial::of_all();
  const TestCertificate stranger = transport::make_authority("stranger");
  start_with_client_ca();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto answer = [&](const TestCertificate& certificate) {
      return answer_to(*with_certificate(certificate, version));
    };
    EXPECT_EQ(answer(transport::make_certificate({}, &material.authority)), "101");
    EXPECT_EQ(take_events(), (Words{"open", "close 1006", "release"}));
    EXPECT_EQ(answer(transport::make_certificate({}, &stranger)), "") << "a stranger's";
    EXPECT_EQ(answer(transport::make_certificate({})), "") << "its own";
    EXPECT_EQ(answer(transport::make_certificate({.first_day = -20, .last_day = -10},
                                                 &material.authority)),
              "")
        << "expired";
    EXPECT_EQ(answer(transport::make_certificate({}, &material.certificate)), "")
        << "signed by who may not";
    EXPECT_EQ(answer_to(*transport::make_foreign_context(version)), "") << "none";
    EXPECT_EQ(count(events, "fail"), 5);
    EXPECT_EQ(take_events().size(), 10u);
  }
  EXPECT_EQ(core->info().refused, 10u);
  EXPECT_EQ(core->info().connections, 0u);
}

// In TLS 1.2 a certificate can be spoiled on the way.
TEST_P(HostileTlsTest, ACertificateThatIsSpoiledOpensNothing) {
  const TestCertificate good = transport::make_certificate({}, &TlsMaterial::of_all().authority);
  const SslContextPtr context = with_certificate(good, TLS1_2_VERSION);
  start_with_client_ca();
  auto whole = connect_by({}, context.get());
  const std::size_t size = whole->bytes_on_wire();
  ASSERT_TRUE(whole->tls().is_ready());
  whole->reset();
  take_events();
  for (std::size_t i = 0; i < 200; ++i) {
    const std::size_t place = i * size / 200;
    SCOPED_TRACE(place);
    const std::string answer = answer_to(*context, {.changed_at = place});
    // The version of the first record means nothing (RFC 5246, E.1).
    EXPECT_EQ(answer, place == 1 || place == 2 ? answer : "");
    EXPECT_EQ(count(events, "open"), answer.empty() ? 0 : 1);
    events.clear();
  }
  EXPECT_EQ(core->info().connections, 0u);
}

INSTANTIATE_TEST_SUITE_P(Over, HostileTlsTest, testing::Values(Wire::tls), wire_name);

}  // namespace
}  // namespace simws::endpoint
