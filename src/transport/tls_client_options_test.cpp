// What a TLS client can't be made from, and the names that certificates have.
#include "transport/memory_loop.h"
#include "transport/tls_context.h"
#include "transport/tls_test_certificates.h"
#include "transport/tls_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::transport {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class TlsClientOptionsTest : public testing::Test {
 protected:
  std::string error_of(const TlsClientOptions& options) {
    const auto made = TlsClient::make(*loop_, options, nullptr);
    return made ? "" : made.error().message;
  }

  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
  TestFolder folder_;
  std::string ca_ = folder_.write("ca.pem", make_authority().pem());
};

TEST_F(TlsClientOptionsTest, AKeyNeedsACertificate) {
  EXPECT_EQ(error_of({.ca = ca_, .private_key = "key.pem"}),
            "'key.pem': a private key is of no use without its certificate: name that file too");
  EXPECT_EQ(error_of({.ca = ca_, .password = "secret"}),
            "a password is of no use without a certificate: name its file too");
}

TEST_F(TlsClientOptionsTest, AServersNameIsAHostOrAnAddress) {
  for (const char* name : {"robot", "robot.lab.example.", "r_2.lab", "10.0.0.7", "::1"}) {
    EXPECT_EQ(error_of({.ca = ca_, .server_name = name}), "") << name;
  }
  EXPECT_EQ(error_of({.ca = ca_, .server_name = std::string(253, 'x')}), "");
  EXPECT_EQ(error_of({.ca = ca_, .server_name = "arm/1"}),
            "'arm/1' can't be a server's name: that's a host's, in ASCII, of at most 253 "
            "characters, or an IP address");
  const std::string_view nul("robot\0.evil", 11);
  for (const std::string& name :
       {std::string(254, 'x'), std::string("."), std::string("a b"), std::string("https://arm"),
        std::string("k\xC3\xBC"), std::string(nul)}) {
    EXPECT_THAT(error_of({.ca = ca_, .server_name = name}), HasSubstr("can't be a server's name"))
        << name;
  }
}

TEST_F(TlsClientOptionsTest, AFilesNameEndsWhereItEnds) {
  EXPECT_EQ(error_of({.ca = ca_ + std::string(1, '\0') + ".other"}),
            "'" + ca_ + "?.other': a file's name has no zero byte");
}

TEST(NamesOfACertificate, AreWrittenAsElsewhere) {
  const TestCertificate certificate =
      make_certificate({.names = "DNS:robot,IP:10.0.0.7,IP:::1,IP:FD00:0:0:0:0:0:0:2"});
  EXPECT_THAT(names_of(*certificate.certificate),
              ElementsAre("robot", "10.0.0.7", "::1", "fd00::2"));
}

TEST(NamesOfACertificate, AreAHundredAtTheMost) {
  std::string names = "DNS:robot";
  for (int i = 1; i < 120; ++i) names += ",DNS:r" + std::to_string(i);
  EXPECT_THAT(names_of(*make_certificate({.names = names}).certificate), SizeIs(100));
}

}  // namespace
}  // namespace simws::transport
