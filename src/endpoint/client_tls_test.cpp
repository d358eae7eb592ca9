// wss: a client over TLS, and servers that have certificates.
#include "endpoint/client_test_fixture.h"
#include "transport/tls_context.h"
#include "transport/tls_test_certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace simws::endpoint::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::uint16_t tls_port = 9443;
constexpr std::string_view here = "wss://127.0.0.1:9443/arm";

class ATlsClient : public ClientTest {
 protected:
  ATlsClient() { listen_tls(certificate_); }

  // At `tls_port`, in the place of what listened there.
  void listen_tls(const transport::TestCertificate& certificate,
                  const std::string& client_ca = {}) {
    listeners.resize(1);
    server_tls_ =
        transport::TlsServer::make(*loop,
                                   {.certificate = folder_.write("cert.pem", certificate.pem()),
                                    .private_key = folder_.write("key.pem", certificate.key_pem()),
                                    .client_ca = client_ca},
                                   nullptr, nullptr)
            .value();
    auto listener = loop->listen("127.0.0.1", tls_port, [this](auto stream) {
      visits.push_back(std::make_unique<Visit>(server_tls_->accept(std::move(stream))));
    });
    listeners.push_back(std::move(listener).value());
  }
  ClientOptions trusting(ClientOptions options = {}) {
    options.tls.ca = folder_.write("ca.pem", authority_.pem());
    return options;
  }
  std::string failure() const { return events.empty() ? "" : events.front(); }

  transport::TestFolder folder_;
  transport::TestCertificate authority_ = transport::make_authority();
  transport::TestCertificate certificate_ = transport::make_certificate({}, &authority_);
  std::unique_ptr<transport::TlsServer> server_tls_;
};

TEST_F(ATlsClient, OpensAndTalks) {
  start(trusting(), here);
  EXPECT_THAT(visit().field("Host"), "127.0.0.1:9443");
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
  const std::string large(300'000, 'x');
  ASSERT_TRUE(core->send(large, Opcode::text, {}).ok());
  run();
  EXPECT_GT(visit().take().size(), large.size());
  answer(server_frame(protocol::FrameOpcode::text, "hello"));
  answer(close_frame(1000));
  EXPECT_THAT(take_events(), ElementsAre("text hello", "close 1000 clean", "release"));
}

TEST_F(ATlsClient, TellsByWhatItIsEncrypted) {
  start(trusting(), here);
  EXPECT_FALSE(core->info().tls);
  accept();
  const auto tls = core->info().tls;
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->version, "TLSv1.3");
  EXPECT_EQ(tls->peer_subject, "CN=robot");
  EXPECT_THAT(tls->peer_names, ElementsAre("robot", "localhost", "127.0.0.1"));
  EXPECT_EQ(connection->info().tls->cipher, tls->cipher);
  visit().reset();
  run();
  EXPECT_FALSE(core->info().tls);
}

TEST_F(ATlsClient, TrustsNobodyElse) {
  start(reconnecting(), here);
  EXPECT_THAT(failure(), StartsWith("fail: TLS: the certificate of CN=robot"));
  EXPECT_EQ(state(), ClientState::closed) << "another attempt would change nothing";
  EXPECT_THAT(log, SizeIs(1));
}

TEST_F(ATlsClient, ChecksTheName) {
  listen_tls(transport::make_certificate({.names = "DNS:arm"}, &authority_));
  start(trusting(), here);
  EXPECT_THAT(failure(), HasSubstr("the certificate is for arm, not for 127.0.0.1"));
  ClientOptions options = trusting();
  options.tls.server_name = "arm";
  events.clear();
  start(options, here);
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
}

TEST_F(ATlsClient, ChecksTheDates) {
  listen_tls(transport::make_certificate({.first_day = -9, .last_day = -2}, &authority_));
  start(trusting(), here);
  EXPECT_THAT(failure(), HasSubstr("expired"));
}

TEST_F(ATlsClient, ChecksNothingIfAsked) {
  listen_tls(transport::make_certificate({.names = "DNS:arm", .last_day = -2}));
  ClientOptions options;
  options.tls.verify = false;
  start(options, here);
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
}

TEST_F(ATlsClient, ShowsItsOwnCertificate) {
  const auto own = transport::make_certificate({.common_name = "dashboard"}, &authority_);
  listen_tls(certificate_, folder_.write("ca.pem", authority_.pem()));
  start(trusting(), here);
  EXPECT_THAT(failure(), HasSubstr("TLS: "));
  EXPECT_EQ(state(), ClientState::closed);
  events.clear();
  ClientOptions options = trusting();
  options.tls.certificate = folder_.write("own.pem", own.pem() + own.key_pem());
  start(options, here);
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
}

TEST_F(ATlsClient, ReplacedFilesServeTheNextAttempt) {
  const auto other = transport::make_authority("other");
  ClientOptions options = trusting(reconnecting());
  start(options, here);
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
  listen_tls(transport::make_certificate({}, &other));
  folder_.write("ca.pem", "half of");
  visit().reset();
  run();
  advance(2);
  EXPECT_THAT(events.at(2), HasSubstr("ca.pem': no certificate"));
  EXPECT_EQ(state(), ClientState::waiting);
  folder_.write("ca.pem", other.pem());
  events.clear();
  advance(4);
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
}

TEST_F(ATlsClient, AServerWithoutTlsIsToldOf) {
  start(trusting(), "wss://127.0.0.1:9000/");
  answer("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("TLS: the peer speaks no TLS"));
}

TEST_F(ATlsClient, TheHandshakeHasItsTime) {
  start(trusting(), "wss://127.0.0.1:9000/");
  advance(10.1);
  EXPECT_THAT(failure(), HasSubstr("the TLS handshake wasn't done within connectTimeout"));
}

TEST_F(ATlsClient, TheAnswerHasItsTimeToo) {
  start(trusting(), here);
  advance(10.1);
  EXPECT_THAT(failure(), HasSubstr("no answer came within connectTimeout"));
}

TEST_F(ATlsClient, GoesThroughATunnel) {
  ClientOptions options = trusting();
  options.proxy = "http://me:word@127.0.0.1:9000";
  start(options, here);
  EXPECT_THAT(visit().take(), StartsWith("CONNECT 127.0.0.1:9443 HTTP/1.1\r\n"));
  // From here on the proxy passes on what comes.
  visits.back()->hand_over(*server_tls_, "HTTP/1.1 200 OK\r\n\r\n");
  run();
  advance(0.01);
  EXPECT_THAT(visit().field("Host"), "127.0.0.1:9443");
  EXPECT_EQ(visit().field("Proxy-Authorization"), "");
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
  EXPECT_TRUE(core->info().tls);
}

TEST_F(ATlsClient, NobodySpeaksInATunnelBeforeIt) {
  ClientOptions options = trusting();
  options.proxy = "http://127.0.0.1:9000";
  start(options, here);
  answer("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n");
  EXPECT_THAT(failure(), HasSubstr("the proxy's answer can't be used: it goes on before TLS"));
}

TEST_F(ATlsClient, ATunnelThatFailsIsTheProxys) {
  ClientOptions options = trusting();
  options.proxy = "http://127.0.0.1:9000";
  start(options, here);
  answer("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(failure(), StartsWith("fail: the proxy answered 407"));
}

TEST_F(ATlsClient, MayBeStoppedAtEachStep) {
  ClientOptions options = trusting();
  options.proxy = "http://127.0.0.1:9000";
  for (int step = 0; step < 4; ++step) {
    start(options, here);
    if (step > 0) visit().hand_over(*server_tls_, "HTTP/1.1 200 OK\r\n\r\n");
    if (step > 1) run();
    if (step > 2) advance(0.01);
    core->stop(true);
    run();
    EXPECT_TRUE(events.empty());
  }
}

TEST_F(ATlsClient, RedirectsLeadToTlsButNotBack) {
  start(trusting());
  answer("HTTP/1.1 302 Found\r\nLocation: wss://127.0.0.1:9443/there\r\n\r\n");
  accept();
  EXPECT_EQ(take_events(), Words{"open"});
  EXPECT_TRUE(core->info().tls);
  start(trusting(), here);
  answer("HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:9000/there\r\n\r\n");
  EXPECT_THAT(failure(), HasSubstr("has no TLS, which was asked for"));
}

TEST_F(ATlsClient, SurvivesTheFailureOfEachOperation) {
  ClientOptions options = trusting();
  options.proxy = "http://127.0.0.1:9000";
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE(n);
    visits.clear();
    loop->fail_operation(n);
    const std::size_t before = loop->operations();
    start(options, here);
    if (!visits.empty()) {
      visit().hand_over(*server_tls_, "HTTP/1.1 200 OK\r\n\r\n");
      run();
      accept();
      answer(close_frame(1000));
    }
    advance(60);
    const std::size_t count = loop->operations() - before;
    loop->fail_operation(0);
    const Words told = take_events();
    EXPECT_EQ(std::ranges::count(told, "release"), 1) << "either open or fail, once";
    EXPECT_EQ(state(), ClientState::closed);
    if (n > count) break;
  }
}

TEST(ClientTlsContexts, AreSharedByThoseWhoAskForTheSame) {
  auto loop = transport::MemoryLoop::make();
  ClientTlsContexts contexts(*loop);
  const Logger nowhere = [](LogLevel, std::string_view) {};
  ClientTls trusting_all;
  trusting_all.verify = false;
  const auto first = contexts.find_or_make(trusting_all, nowhere);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(*contexts.find_or_make(trusting_all, nowhere), *first);
  EXPECT_NE(*contexts.find_or_make({}, nowhere), *first);
}

TEST(CheckClientTls, TellsWhatCanNeverBe) {
  EXPECT_TRUE(check_client_tls({}).ok());
  ClientTls tls;
  tls.private_key = "key.pem";
  ASSERT_FALSE(check_client_tls(tls).ok());
  EXPECT_THAT(check_client_tls(tls).error().message, StartsWith("tls: 'key.pem': "));
}

TEST(ClientTlsContexts, NameTheFileThatCannotBeUsed) {
  auto loop = transport::MemoryLoop::make();
  ClientTlsContexts contexts(*loop);
  ClientTls tls;
  tls.ca = "/nowhere/ca.pem";
  const auto made = contexts.find_or_make(tls, nullptr);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message, StartsWith("tls: '/nowhere/ca.pem': No such file"));
}

}  // namespace
}  // namespace simws::endpoint::test
