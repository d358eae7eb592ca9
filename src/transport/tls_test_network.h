// The networks of tests, with TLS over them: the peer is OpenSSL's client with buffers in memory.
#pragma once

#include "transport/test_network.h"
#include "transport/tls_context.h"
#include "transport/tls_test_certificates.h"

#include <openssl/err.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::transport {

// One end of TLS as OpenSSL has it, independent of what is tested.
class ForeignTls {
 public:
  ForeignTls(SSL_CTX& context, bool is_server) : ssl_(SSL_new(&context)) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    is_server ? SSL_set_accept_state(ssl_.get()) : SSL_set_connect_state(ssl_.get());
  }

  // Takes what has come; returns what is to be sent.
  std::string exchange(std::string_view received) {
    ERR_clear_error();
    BIO_write(SSL_get_rbio(ssl_.get()), received.data(), static_cast<int>(received.size()));
    if (SSL_is_init_finished(ssl_.get()) == 0) note(SSL_do_handshake(ssl_.get()));
    if (SSL_is_init_finished(ssl_.get()) != 0) {
      write_waiting();
      read();
    }
    return take_output();
  }
  void write(std::string_view text) { waiting_ += text; }
  // Says that nothing more follows.
  void finish() { is_finishing_ = true; }
  std::string take_plain() { return std::exchange(plain_, {}); }
  bool is_ready() const { return SSL_is_init_finished(ssl_.get()) != 0; }
  bool saw_close_notify() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  // OpenSSL's words; empty: none.
  const std::string& failure() const { return failure_; }
  SSL* ssl() const { return ssl_.get(); }

 private:
  void write_waiting() {
    if (!waiting_.empty()) {
      note(SSL_write(ssl_.get(), waiting_.data(), static_cast<int>(waiting_.size())));
      waiting_.clear();
    }
    if (std::exchange(is_finishing_, false)) SSL_shutdown(ssl_.get());
  }
  void read() {
    char part[16384];
    int size;
    while ((size = SSL_read(ssl_.get(), part, sizeof part)) > 0) {
      plain_.append(part, static_cast<std::size_t>(size));
    }
    note(size);
  }
  void note(int result) {
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_SSL || !failure_.empty()) return;
    failure_ = take_tls_error();
  }
  std::string take_output() {
    char* data = nullptr;
    BIO* const bio = SSL_get_wbio(ssl_.get());
    const long size = BIO_get_mem_data(bio, &data);
    std::string output(data, static_cast<std::size_t>(size));
    BIO_reset(bio);
    return output;
  }

  SslPtr ssl_;
  std::string waiting_;
  std::string plain_;
  std::string failure_;
  bool is_finishing_ = false;
};

// What a test's foreign end is made with.
inline SslContextPtr make_foreign_context(int version) {
  SslContextPtr context(SSL_CTX_new(TLS_method()), FreedBy<SSL_CTX_free>());
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  return context;
}

class TlsTestPeer final : public TestPeer {
 public:
  TlsTestPeer(SSL_CTX& context, std::unique_ptr<TestPeer> raw)
      : tls_(context, false), raw_(std::move(raw)) {}

  void send(std::string_view data) override {
    tls_.write(data);
    raw_->send(exchange());
  }
  void finish() override {
    tls_.finish();
    raw_->send(exchange());
    raw_->finish();
  }
  void reset() override {
    is_reset_ = true;
    raw_->reset();
  }
  std::string take() override {
    pump();
    return tls_.take_plain();
  }
  bool saw_end() const override { return raw_->saw_end(); }
  bool saw_reset() const override { return raw_->saw_reset(); }

  // Works on the handshake, whoever waits for what.
  void shake_hands() {
    if (!is_ready()) pump();
  }
  bool is_ready() const { return tls_.is_ready(); }

 private:
  std::string exchange() { return tls_.exchange(raw_->take()); }
  void pump() {
    if (is_reset_) return;
    const std::string output = exchange();
    if (!output.empty() && !raw_->saw_end() && !raw_->saw_reset()) raw_->send(output);
  }

  ForeignTls tls_;
  std::unique_ptr<TestPeer> raw_;
  bool is_reset_ = false;
};

// Owned by the test; its network lets it shake hands until it's ready.
class SharedTlsTestPeer final : public TestPeer {
 public:
  explicit SharedTlsTestPeer(std::shared_ptr<TlsTestPeer> peer) : peer_(std::move(peer)) {}
  void send(std::string_view data) override { peer_->send(data); }
  void finish() override { peer_->finish(); }
  void reset() override { peer_->reset(); }
  std::string take() override { return peer_->take(); }
  bool saw_end() const override { return peer_->saw_end(); }
  bool saw_reset() const override { return peer_->saw_reset(); }

 private:
  std::shared_ptr<TlsTestPeer> peer_;
};

class TlsTestNetwork final : public TestNetwork {
 public:
  TlsTestNetwork(std::unique_ptr<TestNetwork> below, int version)
      : below_(std::move(below)), context_(make_foreign_context(version)) {
    const TestCertificate certificate = make_certificate({});
    auto made = TlsServer::make(below_->loop(),
                                {.certificate = folder_.write("server.pem", certificate.pem()),
                                 .private_key = folder_.write("server.key", certificate.key_pem())},
                                nullptr, nullptr);
    server_ = std::move(made).value();
  }

  Loop& loop() override { return below_->loop(); }
  void destroy_loop() override {
    server_.reset();
    below_->destroy_loop();
  }
  void set_name(const std::string& host, std::vector<Address> addresses) override {
    below_->set_name(host, std::move(addresses));
  }
  Address unreachable() override { return below_->unreachable(); }
  std::unique_ptr<TestPeer> connect(const Address& to) override {
    auto raw = below_->connect(to);
    if (!raw) return nullptr;
    auto peer = std::make_shared<TlsTestPeer>(*context_, std::move(raw));
    peers_.push_back(peer);
    return std::make_unique<SharedTlsTestPeer>(std::move(peer));
  }
  void step() override {
    std::erase_if(peers_, [](const auto& peer) { return peer.expired(); });
    for (const auto& peer : peers_) {
      if (const auto alive = peer.lock()) alive->shake_hands();
    }
    below_->step();
  }
  std::unique_ptr<Stream> serve(std::unique_ptr<Stream> accepted) override {
    return server_->accept(std::move(accepted));
  }
  bool is_ready(const Stream& stream) const override {
    const auto is_ready = [](const auto& peer) {
      return peer.expired() || peer.lock()->is_ready();
    };
    return stream.tls() && std::ranges::all_of(peers_, is_ready);
  }

 private:
  std::unique_ptr<TestNetwork> below_;
  SslContextPtr context_;
  TestFolder folder_;
  std::unique_ptr<TlsServer> server_;
  std::vector<std::weak_ptr<TlsTestPeer>> peers_;
};

// Each test runs over both networks, in plain and over TLS.
class OverAllNetworks : public OverBothNetworks {
 protected:
  OverAllNetworks() {
    const std::string_view name = GetParam();
    if (!name.ends_with("tls13") && !name.ends_with("tls12")) return;
    const int version = name.ends_with("tls13") ? TLS1_3_VERSION : TLS1_2_VERSION;
    network_ = std::make_unique<TlsTestNetwork>(std::move(network_), version);
  }
};

inline auto all_networks() {
  return testing::Values("memory", "system", "memory_tls13", "memory_tls12", "system_tls13",
                         "system_tls12");
}

}  // namespace simws::transport
