#include "transport/tls_system.h"

#include "transport/tls_pem.h"
#include "transport/tls_test_certificates.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace simws::transport {
namespace {

class TheSystemsAuthorities : public testing::Test {
 protected:
  ~TheSystemsAuthorities() override {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
  }
  bool trusts(X509& leaf) {
    const SslContextPtr context(SSL_CTX_new(TLS_client_method()), FreedBy<SSL_CTX_free>());
    trust_system(*context);
    const std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>> check(X509_STORE_CTX_new());
    X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(context.get()), &leaf, nullptr);
    return X509_verify_cert(check.get()) == 1;
  }

  TestFolder folder_;
  TestCertificate authority_ = make_authority();
  TestCertificate leaf_ = make_certificate({}, &authority_);
};

TEST_F(TheSystemsAuthorities, AreNotJustAnybody) {
  EXPECT_FALSE(trusts(*leaf_.certificate));
}

TEST_F(TheSystemsAuthorities, MayLieInAFileOfTheEnvironments) {
  ::setenv("SSL_CERT_FILE", folder_.write("ca.pem", authority_.pem()).c_str(), 1);
  EXPECT_TRUE(trusts(*leaf_.certificate));
}

TEST_F(TheSystemsAuthorities, MayLieInAFolderByTheirHashes) {
  const unsigned long hash = X509_NAME_hash_ex(X509_get_subject_name(authority_.certificate.get()),
                                               nullptr, nullptr, nullptr);
  std::array<char, 16> name;
  std::snprintf(name.data(), name.size(), "%08lx.0", hash);
  folder_.write(name.data(), authority_.pem());
  ::setenv("SSL_CERT_DIR", folder_.path("").c_str(), 1);
  EXPECT_TRUE(trusts(*leaf_.certificate));
}

TEST_F(TheSystemsAuthorities, AreThereOnThisSystem) {
  const auto known = load_authorities("/etc/ssl/certs/ca-certificates.crt");
  ASSERT_TRUE(known.ok()) << known.error().message;
  EXPECT_TRUE(trusts(*known->front()));
}

}  // namespace
}  // namespace simws::transport
