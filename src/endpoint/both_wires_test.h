// A server whose clients come in plain or over TLS, as the test's parameter says.
#pragma once

#include "endpoint/server_test_fixture.h"
#include "endpoint/tls_test_peer.h"
#include "transport/tls_test_certificates.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace simws::endpoint::test {

enum class Wire { plain, tls };

// Made once for all tests of a program.
struct TlsMaterial {
  transport::TestCertificate authority = transport::make_authority();
  transport::TestCertificate certificate = transport::make_certificate({}, &authority);
  transport::TestFolder folder;
  ServerTls files{.certificate = folder.write("cert.pem", certificate.pem()),
                  .private_key = folder.write("key.pem", certificate.key_pem())};
  std::string authority_file = folder.write("ca.pem", authority.pem());
  transport::SslContextPtr client = transport::make_foreign_context(TLS1_3_VERSION);

  static const TlsMaterial& of_all() {
    static const TlsMaterial made;
    return made;
  }
};

class OverBothWires : public ServerTest, public testing::WithParamInterface<Wire> {
 protected:
  bool is_tls() const { return GetParam() == Wire::tls; }

  void prepare(ServerOptions& options) override {
    if (is_tls() && !options.tls) options.tls = TlsMaterial::of_all().files;
  }

  using ServerTest::connect;
  std::unique_ptr<transport::MemoryPeer> connect(const transport::Address& from) override {
    auto wire = ServerTest::connect(from);
    if (!is_tls() || !wire) return wire;
    return std::make_unique<TlsMemoryPeer>(*loop, *TlsMaterial::of_all().client, std::move(wire));
  }
  // REQUIRES: TLS.
  std::unique_ptr<TlsMemoryPeer> connect_by(const OnTheWire& way, SSL_CTX* context = nullptr) {
    auto wire = ServerTest::connect(transport::Address{{127, 0, 0, 1}, 50000, false});
    if (context == nullptr) context = TlsMaterial::of_all().client.get();
    return std::make_unique<TlsMemoryPeer>(*loop, *context, std::move(wire), way);
  }

  // Of an input of so many bytes: where it's cut. TLS, which costs a handshake each time and has
  // places of its own, is cut at fewer.
  std::vector<std::size_t> places(std::size_t size) const {
    const std::size_t most = is_tls() ? 16 : size > 4096 ? 64 : size;
    const std::size_t number = std::min(most, size);
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < number; ++i) all.push_back(i * size / number);
    return all;
  }
};

inline auto both_wires() {
  return testing::Values(Wire::plain, Wire::tls);
}
inline std::string wire_name(const testing::TestParamInfo<Wire>& info) {
  return info.param == Wire::tls ? "tls" : "plain";
}

}  // namespace simws::endpoint::test
