#include "transport/tls_local.h"

#include "transport/tls_issue.h"
#include "transport/tls_pem.h"
#include "transport/tls_test_certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace simws::transport {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::time_t day = 24 * 60 * 60;

class LocalCertificatesTest : public testing::Test {
 protected:
  LocalCertificates prepare() {
    auto prepared = prepare_local_certificates(folder(), machine, now);
    EXPECT_TRUE(prepared.ok()) << prepared.error().message;
    return prepared ? std::move(prepared).value() : LocalCertificates();
  }
  std::string folder() const { return folder_.path("simws"); }
  std::string key_file() const { return folder() + "/authority-key.pem"; }

  // As a browser does that trusts the authority.
  long verify(const std::string& certificate_file, const std::string& authority_file) {
    const auto leaf = load_identity(certificate_file, "", "");
    const auto authority = load_authorities(authority_file);
    EXPECT_TRUE(leaf.ok() && authority.ok());
    return verify(*leaf->certificate, *authority->front());
  }
  long verify(X509& leaf, X509& authority) {
    const std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), &authority);
    const std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>> context(
        X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), &leaf, nullptr);
    X509_STORE_CTX_set_time(context.get(), 0, now);
    X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
  }
  // What the authority signs for somebody who has stolen its key.
  long verify_forged(const CertifiedNames& names) {
    const LocalCertificates made = prepare();
    auto stolen = load_identity(key_file(), "", "").value();
    const IssuedCertificate authority{std::move(stolen.certificate), std::move(stolen.key)};
    const auto leaf = issue_certificate(authority, "forged", names, now - day, now + day);
    return verify(*leaf.certificate, *authority.certificate);
  }

  TestFolder folder_;
  MachineNames machine{{"robot", "robot.local"}, {"192.168.7.4", "fd00::4"}};
  std::time_t now = 1'800'000'000;
};

TEST_F(LocalCertificatesTest, AreMadeAndTrustedByWhoTrustsTheAuthority) {
  const LocalCertificates made = prepare();
  EXPECT_TRUE(made.is_new_authority);
  EXPECT_EQ(made.authority, folder() + "/authority.pem");
  EXPECT_EQ(made.fingerprint.size(), 32u * 3 - 1);
  EXPECT_THAT(made.names, ElementsAre("localhost", "robot", "robot.local", "127.0.0.1", "::1",
                                      "192.168.7.4", "fd00::4"));
  EXPECT_THAT(made.left_out, IsEmpty());
  EXPECT_EQ(made.certificate_until, now + 397 * day);
  EXPECT_EQ(verify(made.certificate, made.authority), X509_V_OK);
  const auto leaf = load_identity(made.certificate, "", "").value();
  for (const std::string name : {"localhost", "robot", "robot.local"}) {
    EXPECT_EQ(X509_check_host(leaf.certificate.get(), name.data(), name.size(), 0, nullptr), 1);
  }
}

TEST_F(LocalCertificatesTest, PrivateKeysAreTheirOwnersAlone) {
  const LocalCertificates made = prepare();
  const auto mode_of = [](const std::string& path) {
    return static_cast<int>(fs::status(path).permissions());
  };
  EXPECT_EQ(mode_of(folder()), 0700);
  EXPECT_EQ(mode_of(key_file()), 0600);
  EXPECT_EQ(mode_of(made.certificate), 0600);
  EXPECT_TRUE(load_authorities(made.authority).ok());
  EXPECT_FALSE(load_identity(made.authority, "", "").ok());  // no key in what is given away
}

TEST_F(LocalCertificatesTest, AreKept) {
  const LocalCertificates first = prepare();
  now += 100 * day;
  const LocalCertificates second = prepare();
  EXPECT_FALSE(second.is_new_authority);
  EXPECT_EQ(second.fingerprint, first.fingerprint);
  EXPECT_EQ(second.certificate_until, first.certificate_until);
}

TEST_F(LocalCertificatesTest, AreRenewedBeforeTheirEnd) {
  const LocalCertificates first = prepare();
  now += 370 * day;
  const LocalCertificates second = prepare();
  EXPECT_EQ(second.fingerprint, first.fingerprint);
  EXPECT_EQ(second.certificate_until, now + 397 * day);
  EXPECT_EQ(verify(second.certificate, second.authority), X509_V_OK);
}

TEST_F(LocalCertificatesTest, TheLastCertificateEndsWithItsAuthority) {
  const LocalCertificates first = prepare();
  now = first.authority_until - 50 * day;
  EXPECT_EQ(prepare().certificate_until, first.authority_until);
  now = first.authority_until - 20 * day;
  const LocalCertificates second = prepare();
  EXPECT_TRUE(second.is_new_authority);
  EXPECT_NE(second.fingerprint, first.fingerprint);
  EXPECT_EQ(verify(second.certificate, second.authority), X509_V_OK);
}

TEST_F(LocalCertificatesTest, FollowTheMachineIntoAnotherNetwork) {
  const LocalCertificates first = prepare();
  machine.addresses = {"10.1.2.3"};
  const LocalCertificates second = prepare();
  EXPECT_EQ(second.fingerprint, first.fingerprint);
  EXPECT_THAT(second.names, Contains("10.1.2.3"));
  EXPECT_EQ(verify(second.certificate, second.authority), X509_V_OK);
}

TEST_F(LocalCertificatesTest, TellWhatTheAuthorityMayNotVouchFor) {
  const LocalCertificates first = prepare();
  machine = {{"arm", "arm.local"}, {"203.0.113.9"}};
  const LocalCertificates second = prepare();
  EXPECT_EQ(second.fingerprint, first.fingerprint);
  EXPECT_THAT(second.left_out, ElementsAre("arm", "arm.local", "203.0.113.9"));
  EXPECT_EQ(verify(second.certificate, second.authority), X509_V_OK);
  const auto third = replace_local_authority(folder(), machine, now);
  ASSERT_TRUE(third.ok());
  EXPECT_TRUE(third->is_new_authority);
  EXPECT_NE(third->fingerprint, first.fingerprint);
  EXPECT_THAT(third->left_out, IsEmpty());
  EXPECT_EQ(verify(third->certificate, third->authority), X509_V_OK);
}

TEST_F(LocalCertificatesTest, AStolenKeyOpensNothingElse) {
  EXPECT_EQ(verify_forged({{"robot"}, {"10.0.0.1"}}), X509_V_OK);
  EXPECT_EQ(verify_forged({{"bank.example"}, {}}), X509_V_ERR_PERMITTED_VIOLATION);
  EXPECT_EQ(verify_forged({{}, {"203.0.113.9"}}), X509_V_ERR_PERMITTED_VIOLATION);
  EXPECT_EQ(verify_forged({{}, {"2001:db8::1"}}), X509_V_ERR_PERMITTED_VIOLATION);
}

TEST_F(LocalCertificatesTest, ADamagedCertificateIsReplaced) {
  const LocalCertificates first = prepare();
  folder_.write("simws/server.pem", "no certificate");
  folder_.write("simws/authority.pem", "neither");
  const LocalCertificates second = prepare();
  EXPECT_EQ(second.fingerprint, first.fingerprint);
  EXPECT_EQ(verify(second.certificate, second.authority), X509_V_OK);
}

TEST_F(LocalCertificatesTest, ADamagedAuthorityIsNot) {
  prepare();
  folder_.write("simws/authority-key.pem", "no certificate");
  const auto prepared = prepare_local_certificates(folder(), machine, now);
  ASSERT_FALSE(prepared.ok());
  EXPECT_THAT(prepared.error().message, StartsWith("'" + key_file() + "': no certificate"));
  EXPECT_THAT(prepared.error().message, HasSubstr("`simws cert --new`"));
  EXPECT_TRUE(replace_local_authority(folder(), machine, now).ok());
}

TEST_F(LocalCertificatesTest, AMachineNeedsNoName) {
  machine = {};
  EXPECT_THAT(prepare().names, ElementsAre("localhost", "127.0.0.1", "::1"));
}

TEST(MachineNames, AreFitForACertificate) {
  const MachineNames found = MachineNames::find();
  TestFolder folder;
  const auto prepared = prepare_local_certificates(folder.path("simws"), found, std::time(nullptr));
  ASSERT_TRUE(prepared.ok()) << prepared.error().message;
  EXPECT_THAT(prepared->left_out, IsEmpty());
}

}  // namespace
}  // namespace simws::transport
