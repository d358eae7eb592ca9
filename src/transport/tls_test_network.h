// The networks of tests, with TLS over them: the peer is OpenSSL's client with buffers in memory.
#pragma once

#include "transport/test_network.h"
#include "transport/tls_context.h"
#include "transport/tls_test_certificates.h"
#include "transport/tls_test_foreign.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::transport {

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
  return testing::Values("memory", "system", "libuv", "memory_tls13", "memory_tls12",
                         "system_tls13", "system_tls12");
}

}  // namespace simws::transport
