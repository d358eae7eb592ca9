// Who believes whom: certificates, tickets, and files that are replaced.
#include "transport/tls_context.h"

#include "transport/tls_test_certificates.h"
#include "transport/tls_test_end.h"
#include "transport/tls_test_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class TlsContexts : public testing::Test {
 protected:
  ~TlsContexts() override { end_all(); }

  void end_all() {
    server_end_.reset();
    client_end_.reset();
  }
  // Puts a certificate and its key into files, and names these.
  TlsServerOptions written(const TestCertificate& certificate, const std::string& name = "cert") {
    return {.certificate = folder_.write(name + ".pem", certificate.pem()),
            .private_key = folder_.write(name + ".key", certificate.key_pem())};
  }
  TestCertificate issue(const TestClaims& claims = {}) {
    return make_certificate(claims, &authority_);
  }
  void serve(const TlsServerOptions& options) {
    auto made = TlsServer::make(
        *loop_, options,
        [this](TlsNews kind, const std::string& text) {
          const char* const names[] = {"reloaded", "warning", "broken"};
          news_.push_back(std::string(names[static_cast<int>(kind)]) + " " + text);
        },
        [this](std::string_view head) {
          heads_.emplace_back(head);
          return PlainHttpReply{plain_answer_, is_attempt_};
        });
    ASSERT_TRUE(made.ok()) << made.error().message;
    server_ = std::move(made).value();
  }
  void trust(TlsClientOptions options = {}) {
    if (options.ca.empty()) options.ca = ca_file_;
    auto made = TlsClient::make(*loop_, options, nullptr);
    ASSERT_TRUE(made.ok()) << made.error().message;
    client_ = std::move(made).value();
  }
  // Lets the two talk as long as they have something to say.
  void talk(const std::string& host = "robot") {
    end_all();
    server_end_ = std::make_unique<TlsEnd>(
        *loop_, [this](auto below) { return server_->accept(std::move(below)); });
    client_end_ = std::make_unique<TlsEnd>(
        *loop_, [&](auto below) { return client_->connect(std::move(below), host); });
    server_end_->start();
    client_end_->start();
    relay(*server_end_, *client_end_);
  }
  bool talked() const {
    return server_end_->is_open() && client_end_->is_open() && server_end_->events.empty() &&
           client_end_->events.empty();
  }
  // A server that only has this certificate, and a client that trusts the authority.
  std::string client_loss(const TestCertificate& certificate, const std::string& host = "robot") {
    serve(written(certificate));
    trust();
    talk(host);
    EXPECT_EQ(client_end_->events, (std::vector<std::string>{"lost"}));
    EXPECT_THAT(server_end_->loss, HasSubstr("the peer ended TLS: "));
    EXPECT_TRUE(client_end_->stream->was_certificate_refused());
    EXPECT_TRUE(server_end_->stream->was_certificate_refused());
    return client_end_->loss;
  }
  std::string served_name() {
    trust();
    talk();
    if (!talked()) return server_end_->loss + client_end_->loss;
    return client_end_->stream->tls()->peer_subject;
  }

  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
  TestFolder folder_;
  TestCertificate authority_ = make_authority();
  std::string ca_file_ = folder_.write("ca.pem", authority_.pem());
  bool is_attempt_ = false;
  std::string plain_answer_ = "HTTP/1.1 400 Bad Request\r\n\r\n";
  std::vector<std::string> news_;
  std::vector<std::string> heads_;
  std::unique_ptr<TlsServer> server_;
  std::unique_ptr<TlsClient> client_;
  std::unique_ptr<TlsEnd> server_end_;
  std::unique_ptr<TlsEnd> client_end_;
};

TEST_F(TlsContexts, SpeakTheNewestVersionAndHttp11) {
  serve(written(issue()));
  trust();
  talk();
  ASSERT_TRUE(talked()) << client_end_->loss << server_end_->loss;
  const TlsInfo info = *client_end_->stream->tls();
  EXPECT_EQ(info.version, "TLSv1.3");
  EXPECT_EQ(info.alpn, "http/1.1");
  EXPECT_EQ(info.peer_subject, "CN=robot");
  EXPECT_THAT(info.peer_names, ElementsAre("robot", "localhost", "127.0.0.1"));
  EXPECT_EQ(server_end_->stream->tls()->alpn, "http/1.1");
  EXPECT_THAT(news_, IsEmpty());
  EXPECT_EQ(client_end_->write("hello"), 5U);
  relay(*server_end_, *client_end_);
  EXPECT_EQ(server_end_->received, "hello");
}

TEST_F(TlsContexts, CheckTheServersName) {
  const TestCertificate certificate = issue({.names = "DNS:robot,DNS:*.lab.test,IP:10.0.0.7,"
                                                      "IP:::1"});
  serve(written(certificate));
  trust();
  for (const char* host : {"robot", "ROBOT", "robot.", "arm.lab.test", "10.0.0.7", "::1"}) {
    talk(host);
    EXPECT_TRUE(talked()) << host << ": " << client_end_->loss;
  }
  for (const char* host : {"robot2", "lab.test", "a.b.lab.test", "10.0.0.8", "::2", "robot.evil"}) {
    EXPECT_THAT(client_loss(certificate, host),
                StartsWith("the certificate is for robot, *.lab.test, 10.0.0.7, "))
        << host;
    EXPECT_THAT(client_end_->loss, HasSubstr(std::string(", not for ") + host));
  }
  trust({.server_name = "robot"});
  talk("10.9.9.9");
  EXPECT_TRUE(talked()) << client_end_->loss;
}

TEST_F(TlsContexts, SayWhichCheckOfACertificateFailed) {
  EXPECT_THAT(client_loss(issue({.first_day = -20, .last_day = -10})),
              StartsWith("the certificate of CN=robot expired on "));
  EXPECT_THAT(client_loss(issue({.first_day = 10, .last_day = 20})),
              StartsWith("the certificate of CN=robot is valid from "));
  EXPECT_EQ(client_loss(make_certificate({})),
            "the certificate of CN=robot is signed by itself, and isn't trusted");
  const TestCertificate other = make_authority("other");
  EXPECT_EQ(client_loss(make_certificate({}, &other)),
            "the certificate of CN=robot comes from an authority that isn't trusted");
  const TestCertificate no_authority = issue();
  EXPECT_THAT(client_loss(make_certificate({.common_name = "fake"}, &no_authority)),
              HasSubstr("isn't trusted"));
  EXPECT_THAT(client_loss(issue({.names = ""})), StartsWith("the certificate is for no name"));
}

TEST_F(TlsContexts, TrustTheSystemOnlyUnlessToldWhom) {
  serve(written(issue()));
  client_ = TlsClient::make(*loop_, {}, nullptr).value();
  talk();
  EXPECT_THAT(client_end_->loss, HasSubstr("isn't trusted"));
}

TEST_F(TlsContexts, CheckNothingWhenToldSo) {
  serve(written(make_certificate({.last_day = 0})));
  trust({.verify = false});
  talk("elsewhere");
  ASSERT_TRUE(talked()) << client_end_->loss;
  EXPECT_EQ(client_end_->stream->tls()->peer_subject, "") << "it's not verified";
  EXPECT_THAT(client_end_->stream->tls()->peer_names, IsEmpty());
}

TEST_F(TlsContexts, FollowChains) {
  const TestCertificate between =
      make_certificate({.common_name = "between", .names = "", .is_authority = true}, &authority_);
  const TestCertificate certificate = make_certificate({}, &between);
  TlsServerOptions options = written(certificate);
  options.certificate = folder_.write("chain.pem", certificate.pem() + between.pem());
  serve(options);
  EXPECT_EQ(served_name(), "CN=robot");
}

TEST_F(TlsContexts, TakeTheKeyFromTheCertificatesFile) {
  const TestCertificate certificate = issue();
  serve({.certificate = folder_.write("both.pem", certificate.key_pem() + certificate.pem())});
  EXPECT_EQ(served_name(), "CN=robot");
  serve({.certificate = folder_.write("cert.pem", certificate.pem()),
         .private_key = folder_.write("secret.key", certificate.key_pem("secret")),
         .password = "secret"});
  EXPECT_EQ(served_name(), "CN=robot");
}

TEST_F(TlsContexts, AdmitClientsByTheirCertificates) {
  TlsServerOptions options = written(issue());
  options.client_ca = ca_file_;
  serve(options);
  trust();
  talk();
  EXPECT_EQ(client_end_->loss, "the peer ended TLS: it requires a certificate of this side");
  EXPECT_EQ(server_end_->loss, "TLS failed: peer did not return a certificate");
  EXPECT_TRUE(client_end_->stream->was_certificate_refused());

  const auto with = [&](const TestCertificate& certificate) {
    const TlsServerOptions files = written(certificate, "client");
    trust({.certificate = files.certificate, .private_key = files.private_key});
    talk();
  };
  with(issue({.common_name = "tablet", .names = ""}));
  ASSERT_TRUE(talked()) << client_end_->loss << server_end_->loss;
  EXPECT_EQ(server_end_->stream->tls()->peer_subject, "CN=tablet");
  with(make_certificate({.common_name = "stranger"}));
  EXPECT_THAT(server_end_->loss, StartsWith("the certificate of CN=stranger is signed by itself"));
  EXPECT_THAT(client_end_->loss, StartsWith("the peer ended TLS: "));
  with(issue({.common_name = "late", .first_day = -3, .last_day = -2}));
  EXPECT_THAT(server_end_->loss, StartsWith("the certificate of CN=late expired on "));
}

TEST_F(TlsContexts, NeedTheOldestVersionAllowed) {
  const TestCertificate certificate = issue();
  TlsServerOptions options = written(certificate);
  options.min_version = TlsVersion::tls_1_3;
  serve(options);
  for (const int version : {TLS1_2_VERSION, TLS1_1_VERSION}) {
    if (version == TLS1_1_VERSION) serve(written(certificate));
    const SslContextPtr context = make_foreign_context(version);
    SSL_CTX_set_security_level(context.get(), 0);
    ForeignTls foreign(*context, false);
    end_all();
    server_end_ = std::make_unique<TlsEnd>(
        *loop_, [this](auto below) { return server_->accept(std::move(below)); });
    server_end_->start();
    server_end_->feed(foreign.exchange(""));
    EXPECT_EQ(server_end_->loss, "TLS failed: unsupported protocol");
    EXPECT_FALSE(server_end_->stream->was_certificate_refused());
    foreign.exchange(server_end_->wire->take());
    EXPECT_THAT(foreign.failure(), HasSubstr("alert protocol version"));
  }
}

TEST_F(TlsContexts, ComeBackFasterByTickets) {
  serve(written(issue()));
  trust();
  talk();
  EXPECT_FALSE(client_end_->stream->tls()->is_resumed);
  for (int i = 0; i < 3; ++i) {
    talk();
    ASSERT_TRUE(talked());
    EXPECT_TRUE(client_end_->stream->tls()->is_resumed);
    EXPECT_TRUE(server_end_->stream->tls()->is_resumed);
    EXPECT_EQ(client_end_->stream->tls()->peer_subject, "CN=robot");
  }
  talk("localhost");
  EXPECT_TRUE(talked());
  EXPECT_FALSE(client_end_->stream->tls()->is_resumed) << "a ticket is for one name";
}

TEST_F(TlsContexts, KnowResumedClientsByTheirCertificates) {
  TlsServerOptions options = written(issue());
  options.client_ca = ca_file_;
  serve(options);
  const TlsServerOptions files = written(issue({.common_name = "tablet"}), "client");
  trust({.certificate = files.certificate, .private_key = files.private_key});
  talk();
  talk();
  ASSERT_TRUE(talked());
  EXPECT_TRUE(server_end_->stream->tls()->is_resumed);
  EXPECT_EQ(server_end_->stream->tls()->peer_subject, "CN=tablet");
}

TEST_F(TlsContexts, ForgetTicketsWhenTheAuthorityIsReplaced) {
  TlsServerOptions options = written(issue());
  options.client_ca = folder_.write("clients.pem", authority_.pem());
  serve(options);
  const TlsServerOptions files = written(issue({.common_name = "tablet"}), "client");
  trust({.certificate = files.certificate, .private_key = files.private_key});
  talk();
  ASSERT_TRUE(talked());
  folder_.write("clients.pem", make_authority("other").pem());
  loop_->advance(std::chrono::seconds(1));
  talk();
  EXPECT_THAT(server_end_->loss, HasSubstr("CN=tablet comes from an authority that isn't trusted"));
}

TEST_F(TlsContexts, ServeReplacedFilesWithoutARestart) {
  serve(written(issue({.common_name = "old"})));
  EXPECT_EQ(served_name(), "CN=old");
  const auto old_end = std::move(server_end_);
  written(issue({.common_name = "new"}));
  EXPECT_EQ(served_name(), "CN=old") << "it's looked for once a second";
  loop_->advance(std::chrono::seconds(1));
  EXPECT_EQ(served_name(), "CN=new");
  EXPECT_TRUE(old_end->is_open());
  EXPECT_THAT(news_, ElementsAre(HasSubstr("reloaded '" + folder_.path("cert.pem"))));
}

TEST_F(TlsContexts, KeepTheOldWhenTheReplacementIsBroken) {
  serve(written(issue({.common_name = "old"})));
  folder_.write("cert.pem", "oops");
  for (int i = 0; i < 5; ++i) {
    loop_->advance(std::chrono::seconds(1));
    EXPECT_EQ(served_name(), "CN=old");
    EXPECT_EQ(news_.size(), i == 0 ? 0U : 1U) << "it may be half of it";
  }
  EXPECT_THAT(news_, ElementsAre("broken '" + folder_.path("cert.pem") +
                                 "': no certificate in PEM form (BEGIN CERTIFICATE); the "
                                 "certificate before stays in use"));
  news_.clear();
  written(issue({.common_name = "new"}));
  loop_->advance(std::chrono::seconds(1));
  EXPECT_EQ(served_name(), "CN=new");
  std::filesystem::remove(folder_.path("cert.key"));
  loop_->advance(std::chrono::seconds(1));
  EXPECT_EQ(served_name(), "CN=new");
}

TEST_F(TlsContexts, TellOfABrokenReplacementThoughNobodyElseComes) {
  serve(written(issue({.common_name = "old"})));
  folder_.write("cert.pem", "oops");
  loop_->advance(std::chrono::seconds(1));
  EXPECT_EQ(served_name(), "CN=old");
  EXPECT_THAT(news_, IsEmpty());
  loop_->advance(std::chrono::seconds(1));
  EXPECT_THAT(news_, ElementsAre(StartsWith("broken '" + folder_.path("cert.pem"))));
  loop_->advance(std::chrono::seconds(9));
  EXPECT_EQ(news_.size(), 1U);
  written(issue({.common_name = "new"}));
  EXPECT_EQ(served_name(), "CN=new");
}

TEST_F(TlsContexts, TakeFilesThatAreReplacedOneAfterTheOther) {
  serve(written(issue({.common_name = "old"})));
  const TestCertificate renewed = issue({.common_name = "new"});
  folder_.write("cert.pem", renewed.pem());
  loop_->advance(std::chrono::seconds(1));
  EXPECT_EQ(served_name(), "CN=old");
  folder_.write("cert.key", renewed.key_pem());
  loop_->advance(std::chrono::seconds(1));
  EXPECT_EQ(served_name(), "CN=new");
  EXPECT_THAT(news_, ElementsAre(StartsWith("reloaded")));
}

TEST_F(TlsContexts, WarnOfCertificatesThatAreNotValidNow) {
  serve(written(issue({.first_day = -20, .last_day = -10})));
  EXPECT_THAT(news_, ElementsAre(StartsWith("warning '" + folder_.path("cert.pem") +
                                            "': the certificate expired on ")));
  news_.clear();
  serve(written(issue({.first_day = 10, .last_day = 20})));
  EXPECT_THAT(news_, ElementsAre(HasSubstr("': the certificate is valid from ")));
}

TEST_F(TlsContexts, NameTheFileAndTheCauseOfAnError) {
  const TestCertificate certificate = issue();
  const std::string cert = folder_.write("c.pem", certificate.pem());
  const std::string key = folder_.write("k.pem", certificate.key_pem());
  const std::string secret = folder_.write("s.pem", certificate.key_pem("secret"));
  const std::string empty = folder_.write("e.pem", "");
  std::string damaged_text = certificate.pem();
  damaged_text.replace(100, 20, "????????????????????");
  const std::string damaged = folder_.write("d.pem", damaged_text);
  const std::string damaged_key =
      folder_.write("dk.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  const std::string other = folder_.write("o.pem", issue().key_pem());
  const std::string missing = folder_.path("missing.pem");
  const std::string large = folder_.write("l.pem", std::string(1'100'000, '#'));
  struct Case {
    TlsServerOptions options;
    std::string message;
  };
  const Case cases[] = {
      {{.certificate = missing, .private_key = key}, missing + "': No such file or directory"},
      {{.certificate = cert, .private_key = missing}, missing + "': No such file or directory"},
      {{.certificate = folder_.path("")}, folder_.path("") + "': not a file"},
      {{.certificate = large}, large + "': larger than 1 MiB"},
      {{.certificate = empty, .private_key = key},
       empty + "': no certificate in PEM form (BEGIN CERTIFICATE)"},
      {{.certificate = key, .private_key = key},
       key + "': no certificate in PEM form (BEGIN CERTIFICATE)"},
      {{.certificate = damaged, .private_key = key}, damaged + "': a certificate in it is damaged"},
      {{.certificate = cert}, cert + "': no private key in PEM form (BEGIN PRIVATE KEY)"},
      {{.certificate = cert, .private_key = empty},
       empty + "': no private key in PEM form (BEGIN PRIVATE KEY)"},
      {{.certificate = cert, .private_key = damaged_key},
       damaged_key + "': the private key is damaged"},
      {{.certificate = cert, .private_key = other},
       other + "': the private key doesn't belong to the certificate in '" + cert + "'"},
      {{.certificate = cert, .private_key = secret},
       secret + "': the private key is encrypted: a password is needed"},
      {{.certificate = cert, .private_key = secret, .password = "wrong"},
       secret + "': the password doesn't open the private key"},
      {{.certificate = cert, .private_key = key, .client_ca = missing},
       missing + "': No such file or directory"},
      {{.certificate = cert, .private_key = key, .client_ca = key},
       key + "': no certificate in PEM form (BEGIN CERTIFICATE)"},
  };
  for (const Case& each : cases) {
    const auto made = TlsServer::make(*loop_, each.options, nullptr, nullptr);
    ASSERT_FALSE(made.ok()) << each.message;
    EXPECT_THAT(made.error().message, StartsWith("'" + each.message));
  }
  const auto client = TlsClient::make(*loop_, {.ca = missing}, nullptr);
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().message, "'" + missing + "': No such file or directory");
}

TEST_F(TlsContexts, AnswerPlainHttpWithWhatTheyAreGiven) {
  serve(written(issue()));
  const std::string head = "GET /chat HTTP/1.1\r\nHost: robot:9000\r\n\r\n";
  for (const std::size_t portion : {TlsEnd::everything, std::size_t{1}}) {
    server_end_ = std::make_unique<TlsEnd>(
        *loop_, [this](auto below) { return server_->accept(std::move(below)); });
    server_end_->start();
    server_end_->feed(head, portion);
    EXPECT_EQ(heads_.back(), head);
    EXPECT_EQ(server_end_->stream->tls_start(), TlsStart::plain_request);
    EXPECT_EQ(server_end_->wire->take(), plain_answer_);
    EXPECT_TRUE(server_end_->wire->saw_end());
    server_end_->feed("GET /more HTTP/1.1\r\n\r\n");
    EXPECT_THAT(server_end_->events, IsEmpty());
    server_end_->wire->finish();
    loop_->run_until_idle();
    EXPECT_EQ(server_end_->loss, "the peer speaks plain HTTP, and no TLS");
    EXPECT_EQ(server_end_->received, "");
  }
  EXPECT_EQ(heads_.size(), 2U);
}

TEST_F(TlsContexts, TellAttemptsFromRequestsOfPlainHttp) {
  serve(written(issue()));
  server_end_ = std::make_unique<TlsEnd>(
      *loop_, [this](auto below) { return server_->accept(std::move(below)); });
  server_end_->start();
  EXPECT_EQ(server_end_->stream->tls_start(), TlsStart::nothing);
  server_end_->feed("GET /chat HTTP/1.1\r\n");
  EXPECT_EQ(server_end_->stream->tls_start(), TlsStart::attempt) << "it isn't known yet";
  is_attempt_ = true;
  server_end_->feed("Upgrade: websocket\r\n\r\n");
  EXPECT_EQ(server_end_->wire->take(), plain_answer_);
  EXPECT_EQ(server_end_->stream->tls_start(), TlsStart::attempt);
}

TEST_F(TlsContexts, AnswerABeginningOfPlainHttpThatEndsOrGoesOn) {
  serve(written(issue()));
  for (const bool ends : {true, false}) {
    server_end_ = std::make_unique<TlsEnd>(
        *loop_, [this](auto below) { return server_->accept(std::move(below)); });
    server_end_->start();
    server_end_->feed("GET / HTTP/1.1\r\nHost: robot\r\n");
    EXPECT_EQ(server_end_->wire->take(), "");
    if (ends) {
      server_end_->wire->finish();
      loop_->run_until_idle();
      EXPECT_EQ(server_end_->events, (std::vector<std::string>{"lost"}));
    } else {
      server_end_->feed(std::string(20'000, 'x'), 1000);
      EXPECT_THAT(server_end_->events, IsEmpty());
    }
    EXPECT_EQ(server_end_->wire->take(), plain_answer_);
  }
  plain_answer_.clear();
  server_end_ = std::make_unique<TlsEnd>(
      *loop_, [this](auto below) { return server_->accept(std::move(below)); });
  server_end_->start();
  server_end_->feed("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(server_end_->loss, "the peer speaks plain HTTP, and no TLS");
}

TEST_F(TlsContexts, RefuseWhoOffersOtherProtocolsOnly) {
  serve(written(issue()));
  const SslContextPtr context = make_foreign_context(TLS1_3_VERSION);
  const unsigned char h2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), h2, sizeof h2);
  ForeignTls foreign(*context, false);
  server_end_ = std::make_unique<TlsEnd>(
      *loop_, [this](auto below) { return server_->accept(std::move(below)); });
  server_end_->start();
  server_end_->feed(foreign.exchange(""));
  foreign.exchange(server_end_->wire->take());
  EXPECT_THAT(foreign.failure(), HasSubstr("no application protocol"));
  EXPECT_EQ(server_end_->count("lost"), 1U);
}

TEST_F(TlsContexts, MayEndBeforeTheirStreams) {
  serve(written(issue()));
  trust();
  talk();
  server_.reset();
  client_.reset();
  client_end_->write("hello");
  relay(*server_end_, *client_end_);
  EXPECT_EQ(server_end_->received, "hello");
  loop_.reset();
  client_end_->stream->close();
}

}  // namespace
}  // namespace simws::transport
