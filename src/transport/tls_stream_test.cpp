// One end of TLS against OpenSSL's own, in both roles and versions: all that a peer may do.
#include "transport/tls_stream.h"

#include "transport/tls_test_end.h"
#include "transport/tls_test_network.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace simws::transport {
namespace {

enum class Role { server, client };

// The files and the foreign end's context, made once for all tests here.
struct Material {
  TestCertificate certificate = make_certificate({});
  TestFolder folder;
  std::string certificate_file = folder.write("cert.pem", certificate.pem());
  std::string key_file = folder.write("key.pem", certificate.key_pem());

  SslContextPtr foreign_context(int version) const {
    SslContextPtr context = make_foreign_context(version);
    SSL_CTX_use_certificate(context.get(), certificate.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
    return context;
  }
};

class ATlsStream : public testing::TestWithParam<std::tuple<Role, int>> {
 protected:
  static const Material& material() {
    static const Material made;
    return made;
  }

  ATlsStream() {
    server_ = TlsServer::make(
                  *loop_,
                  {.certificate = material().certificate_file, .private_key = material().key_file},
                  nullptr,
                  [](std::string_view head) {
                    return PlainHttpReply{"400 " + std::string(head.substr(0, 14))};
                  })
                  .value();
    client_ = TlsClient::make(*loop_, {.ca = material().certificate_file}, nullptr).value();
    connect();
  }
  ~ATlsStream() override {
    end_.reset();  // the loop goes first else
  }

  Role role() const { return std::get<0>(GetParam()); }
  bool is_1_3() const { return std::get<1>(GetParam()) == TLS1_3_VERSION; }

  void connect() {
    end_ = std::make_unique<TlsEnd>(*loop_, [this](auto below) {
      return role() == Role::server ? server_->accept(std::move(below))
                                    : client_->connect(std::move(below), "robot");
    });
    foreign_ = std::make_unique<ForeignTls>(*context_, role() == Role::client);
    sent_ = 0;
  }
  // What the foreign end has to say to what came.
  std::string answer() { return foreign_->exchange(end_->wire->take()); }
  // Both say what they have to, in portions.
  void talk(std::size_t portion = TlsEnd::everything) {
    for (int quiet = 0; quiet < 2;) {
      const std::string bytes = answer();
      quiet = bytes.empty() ? quiet + 1 : 0;
      sent_ += bytes.size();
      end_->feed(bytes, portion);
    }
  }
  void open() {
    connect();
    end_->start();
    talk();
    ASSERT_TRUE(end_->is_open()) << end_->loss;
    ASSERT_TRUE(foreign_->is_ready());
  }
  // Talks as the foreign end does at first, "hello" too, but `change` has its bytes before.
  void talk_changed(const std::function<std::string(std::size_t at, std::string)>& change) {
    connect();
    foreign_->write("hello");
    end_->start();
    for (int quiet = 0; quiet < 2;) {
      const std::string bytes = answer();
      quiet = bytes.empty() ? quiet + 1 : 0;
      end_->feed(change(sent_, bytes));
      sent_ += bytes.size();
    }
  }
  std::size_t size_of_talk() {
    talk_changed([](std::size_t, std::string bytes) { return bytes; });
    EXPECT_EQ(end_->received, "hello");
    return sent_;
  }

  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
  SslContextPtr context_ = material().foreign_context(std::get<1>(GetParam()));
  std::unique_ptr<TlsServer> server_;
  std::unique_ptr<TlsClient> client_;
  std::unique_ptr<TlsEnd> end_;
  std::unique_ptr<ForeignTls> foreign_;
  std::size_t sent_ = 0;
};

TEST_P(ATlsStream, ShakesHandsAndSaysHow) {
  EXPECT_FALSE(end_->stream->tls());
  open();
  const TlsInfo info = *end_->stream->tls();
  EXPECT_EQ(info.version, is_1_3() ? "TLSv1.3" : "TLSv1.2");
  EXPECT_NE(info.cipher.find("AES_256_GCM"), is_1_3() ? std::string::npos : 0) << info.cipher;
  EXPECT_FALSE(info.is_resumed);
  EXPECT_EQ(info.peer_subject, role() == Role::client ? "CN=robot" : "");
  EXPECT_TRUE(end_->events.empty());
}

TEST_P(ATlsStream, TalksHoweverTheBytesAreCut) {
  connect();
  foreign_->write("hello");
  end_->start();
  talk(1);
  EXPECT_EQ(end_->received, "hello");
  EXPECT_EQ(end_->write("answer"), 6U);
  talk(1);
  EXPECT_EQ(foreign_->take_plain(), "answer");
  const std::size_t size = size_of_talk();
  for (std::size_t at = 1; at < size; at += 1) {
    talk_changed([&](std::size_t begin, std::string bytes) {
      if (at <= begin || at >= begin + bytes.size()) return bytes;
      end_->feed(bytes.substr(0, at - begin));
      return bytes.substr(at - begin);
    });
    ASSERT_EQ(end_->received, "hello") << at << end_->loss;
  }
}

// Told of once, and never of other bytes than were sent.
TEST_P(ATlsStream, IsLostWhereverItIsCutOff) {
  const std::size_t size = size_of_talk();
  for (std::size_t at = 0; at < size; ++at) {
    for (const bool by_reset : {false, true}) {
      bool is_cut = false;
      talk_changed([&](std::size_t begin, std::string bytes) {
        if (is_cut) return std::string();
        if (at >= begin + bytes.size() && !bytes.empty()) return bytes;
        if (at > begin) end_->feed(bytes.substr(0, at - begin));
        is_cut = true;
        by_reset ? end_->wire->reset() : end_->wire->finish();
        loop_->run_until_idle();
        return std::string();
      });
      ASSERT_EQ(end_->count("lost") + end_->count("end"), 1U) << at;
      ASSERT_EQ(end_->count("end"), role() == Role::server && at == 0 && !by_reset ? 1U : 0U) << at;
      ASSERT_TRUE(std::string("hello").starts_with(end_->received)) << at;
    }
  }
}

TEST_P(ATlsStream, BelievesNoChangedByte) {
  const std::size_t size = size_of_talk();
  for (std::size_t at = 0; at < size; ++at) {
    talk_changed([&](std::size_t begin, std::string bytes) {
      if (at >= begin && at < begin + bytes.size()) bytes[at - begin] ^= 0x20;
      return bytes;
    });
    ASSERT_LE(end_->count("lost"), 1U) << at;
    ASSERT_TRUE(end_->received.empty() || end_->received == "hello") << at;
    if (end_->count("lost") == 1) {
      EXPECT_EQ(end_->write("late"), 0U);
      end_->stream->close();
    }
  }
}

TEST_P(ATlsStream, LosesPeersThatSendAnythingElse) {
  for (const std::string& text :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n"), std::string(1000, '\0'), std::string(1000, '\x16'),
        std::string("\x15\x03\x03\x00\x02\x02\x28", 7), std::string("\x80\x2e\x01\x03\x01", 5),
        std::string("HTTP/1.1 400 Bad Request\r\n\r\n")}) {
    connect();
    end_->start();
    end_->feed(text);
    EXPECT_EQ(end_->events, (std::vector<std::string>{"lost"})) << text;
    EXPECT_TRUE(end_->wire->saw_end());
  }
}

TEST_P(ATlsStream, MovesMuchBothWaysThroughANarrowWindow) {
  open();
  end_->wire->set_window(1000);
  std::string much(300'000, ' ');
  for (std::size_t i = 0; i < much.size(); ++i) much[i] = static_cast<char>(i * 2654435761U >> 13);
  std::size_t written = 0;
  std::string got;
  foreign_->write(much);
  for (int i = 0; i < 5000 && got.size() < much.size(); ++i) {
    written += end_->write(std::string_view(much).substr(written));
    EXPECT_LT(end_->stream->pending_bytes(), 70'000U);
    end_->feed(answer(), 5000);
    got += foreign_->take_plain();
  }
  EXPECT_EQ(got, much);
  EXPECT_EQ(end_->received, much);
}

TEST_P(ATlsStream, LaysManySmallPiecesInOneRecord) {
  open();
  talk();
  std::vector<Bytes> pieces(100, as_bytes("0123456789"));
  EXPECT_EQ(end_->stream->write(pieces), 1000U);
  const std::string record = end_->wire->take();
  EXPECT_LT(record.size(), 1030U);
  foreign_->exchange(record);
  EXPECT_EQ(foreign_->take_plain().size(), 1000U);
}

TEST_P(ATlsStream, TakesWritesOnceHandsAreShaken) {
  EXPECT_EQ(end_->write("early"), 0U);
  talk();
  EXPECT_EQ(end_->events, (std::vector<std::string>{"writable"}));
  EXPECT_EQ(end_->write("now"), 3U);
  talk();
  EXPECT_EQ(foreign_->take_plain(), "now");
  foreign_->write("unread");
  talk();
  EXPECT_EQ(end_->received, "");
  end_->start();
  EXPECT_EQ(end_->received, "unread");
}

TEST_P(ATlsStream, KeepsWhatCameWhileItIsStopped) {
  open();
  end_->then = [&] { end_->stream->stop_reading(); };
  const std::string much(200'000, 'x');
  foreign_->write(much);
  foreign_->finish();
  end_->feed(answer());
  EXPECT_LT(end_->received.size(), much.size());
  EXPECT_EQ(end_->count("end"), 0U);
  end_->then = [] {};
  end_->start();
  EXPECT_EQ(end_->received, much);
  EXPECT_EQ(end_->events.back(), "end");
}

TEST_P(ATlsStream, EndsByCloseNotifyBothWays) {
  open();
  foreign_->write("last");
  foreign_->finish();
  talk();
  EXPECT_EQ(end_->events, (std::vector<std::string>{"data", "end"}));
  EXPECT_EQ(end_->write("answer"), 6U);
  end_->wire->finish();
  loop_->run_until_idle();
  EXPECT_EQ(end_->events.size(), 2U);
  end_->stream->finish_writing();
  EXPECT_EQ(end_->write("late"), 0U);
  answer();
  EXPECT_TRUE(foreign_->saw_close_notify());
  EXPECT_TRUE(end_->wire->saw_end());
}

TEST_P(ATlsStream, IsCutOffByAnEndWithoutCloseNotify) {
  open();
  end_->wire->finish();
  loop_->run_until_idle();
  EXPECT_EQ(end_->loss, "the connection was cut off (no close_notify)");
}

TEST_P(ATlsStream, TellsWhenTheLastHasLeftAfterBothEnds) {
  open();
  end_->wire->set_window(10);
  end_->write("some");
  foreign_->finish();
  end_->stream->finish_writing();
  end_->feed(foreign_->exchange(""));
  EXPECT_EQ(end_->events, (std::vector<std::string>{"end"}));
  EXPECT_GT(end_->stream->pending_bytes(), 0U);
  for (int i = 0; i < 20; ++i) talk();
  EXPECT_EQ(end_->stream->pending_bytes(), 0U);
  EXPECT_EQ(end_->events.back(), "writable");
  EXPECT_TRUE(foreign_->saw_close_notify());
  EXPECT_EQ(foreign_->take_plain(), "some");
}

TEST_P(ATlsStream, EndsInEveryState) {
  const std::function<void()> ends[] = {
      [&] { end_->stream->close(); }, [&] { end_->stream->reset(); },
      [&] { end_->stream->finish_writing(); }, [&] { end_->stream.reset(); }};
  for (const auto& end : ends) {
    for (std::size_t steps = 0; steps < 8; ++steps) {
      connect();
      if (steps > 0) end_->start();
      for (std::size_t i = 1; i < steps; ++i) end_->feed(answer());
      const std::size_t events = end_->events.size();
      end();
      loop_->run_until_idle();
      EXPECT_EQ(end_->events.size(), events);
      EXPECT_TRUE(end_->wire->saw_end() || end_->wire->saw_reset()) << steps;
      end_->feed(answer());
    }
  }
}

TEST_P(ATlsStream, MayBeEndedInAnyCallback) {
  for (const bool by_reset : {false, true}) {
    for (const std::string event : {"data", "end", "lost", "writable"}) {
      connect();
      if (event == "writable") end_->write("early");
      end_->then = [&] { by_reset ? end_->stream->reset() : end_->stream->close(); };
      end_->start();
      talk();
      if (event == "data") foreign_->write(std::string(200'000, 'x'));
      if (event == "end") foreign_->finish();
      if (event == "lost") end_->wire->finish();
      talk();
      loop_->run_until_idle();
      EXPECT_EQ(end_->events, (std::vector<std::string>{event}));
    }
  }
}

TEST_P(ATlsStream, DoesNotRenegotiate) {
  if (is_1_3()) {
    // There is none in TLS 1.3.
    open();
    EXPECT_EQ(SSL_renegotiate(foreign_->ssl()), 0);
    return;
  }
  open();
  ASSERT_EQ(SSL_renegotiate(foreign_->ssl()), 1);
  SSL_do_handshake(foreign_->ssl());
  talk();
  EXPECT_EQ(end_->loss, "the peer asked to renegotiate");
}

TEST_P(ATlsStream, FollowsNewKeysButNotAnyNumberForNothing) {
  open();
  if (!is_1_3()) {
    EXPECT_EQ(SSL_key_update(foreign_->ssl(), SSL_KEY_UPDATE_REQUESTED), 0);
    return;
  }
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(SSL_key_update(foreign_->ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    foreign_->write("x");
    talk();
  }
  EXPECT_EQ(end_->received, std::string(100, 'x'));
  EXPECT_EQ(end_->write("answer"), 6U);
  talk();
  EXPECT_EQ(foreign_->take_plain(), "answer");
  for (int i = 0; i < 100 && end_->loss.empty(); ++i) {
    SSL_key_update(foreign_->ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
    SSL_do_handshake(foreign_->ssl());
    talk();
  }
  EXPECT_EQ(end_->loss, "the peer changes its keys, and sends nothing");
}

TEST_P(ATlsStream, LosesAPeerThatAsksForAnswersAndReadsNone) {
  open();
  if (!is_1_3()) return;
  end_->wire->set_window(0);
  std::string bytes;
  for (int i = 0; i < 10'000 && end_->loss.empty(); ++i) {
    SSL_key_update(foreign_->ssl(), SSL_KEY_UPDATE_REQUESTED);
    foreign_->write("x");
    end_->feed(foreign_->exchange(""));
    ASSERT_LT(end_->stream->pending_bytes(), 140'000U);
  }
  EXPECT_EQ(end_->loss, "the peer asks for answers, and reads none");
}

TEST_P(ATlsStream, TakesNoEndlessHandshake) {
  connect();
  end_->start();
  std::size_t sent = 0;
  // A server's first message that goes on for ever; a client's does so in tls_hello_test.
  const std::string start("\x16\x03\x03\x40\x00\x02\x00\x48\x00", 9);
  const std::string more("\x16\x03\x03\x40\x00", 5);
  while (end_->loss.empty() && sent < 1'000'000) {
    const std::string bytes =
        (sent == 0 ? start + std::string(16'380, '\3') : more + std::string(16'384, '\3'));
    end_->feed(bytes, 1000);
    sent += bytes.size();
  }
  EXPECT_EQ(end_->count("lost"), 1U);
  EXPECT_LT(sent, 2 * TlsStream::max_handshake_size);
}

TEST_P(ATlsStream, CountsPlainBytesAsAcknowledged) {
  open();
  EXPECT_EQ(end_->stream->acknowledged_bytes(), 0U);
  end_->write("hello");
  EXPECT_EQ(end_->stream->acknowledged_bytes(), 0U);
  talk();
  EXPECT_EQ(end_->stream->acknowledged_bytes(), 5U);
  end_->stream->stop_reading();
  foreign_->write("unread");
  talk();
  EXPECT_EQ(end_->stream->readable_bytes(), 6U);
}

INSTANTIATE_TEST_SUITE_P(As, ATlsStream,
                         testing::Combine(testing::Values(Role::server, Role::client),
                                          testing::Values(TLS1_2_VERSION, TLS1_3_VERSION)),
                         [](const auto& chosen) {
                           const bool is_server = std::get<0>(chosen.param) == Role::server;
                           const bool is_1_3 = std::get<1>(chosen.param) == TLS1_3_VERSION;
                           return std::string(is_server ? "server" : "client") +
                                  (is_1_3 ? "_1_3" : "_1_2");
                         });

}  // namespace
}  // namespace simws::transport
