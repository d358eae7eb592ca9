#include "protocol/http/authority.h"

#include <gtest/gtest.h>

#include <string_view>

namespace simws::protocol::http {
namespace {

struct Valid {
  std::string_view text, host;
  int port;  // -1: none
  bool is_ip_literal, is_loopback;
};

TEST(Authority, TakesHostAndPortApart) {
  const Valid authorities[] = {
      {"localhost", "localhost", -1, false, true},
      {"LocalHost:8080", "localhost", 8080, false, true},
      {"localhost.", "localhost", -1, false, true},
      {"localhost.:80", "localhost", 80, false, true},
      {"a.b.localhost", "a.b.localhost", -1, false, true},
      {"localhost.evil.com", "localhost.evil.com", -1, false, false},
      {"evillocalhost", "evillocalhost", -1, false, false},
      {".localhost", ".localhost", -1, false, false},
      {"localhost..", "localhost.", -1, false, false},
      {"my_host", "my_host", -1, false, false},
      {"a%41", "a%41", -1, false, false},
      {"a:", "a", -1, false, false},
      {"a:0", "a", 0, false, false},
      {"a:65535", "a", 65535, false, false},
      {"127.0.0.1", "127.0.0.1", -1, true, true},
      {"127.255.1.2:1", "127.255.1.2", 1, true, true},
      {"0.0.0.0", "0.0.0.0", -1, true, false},
      {"255.255.255.255", "255.255.255.255", -1, true, false},
      {"127.0.0.1.nip.io", "127.0.0.1.nip.io", -1, false, false},
      {"2130706433", "2130706433", -1, false, false},
      {"0x7f000001", "0x7f000001", -1, false, false},
      {"0x7f.0.0.1", "0x7f.0.0.1", -1, false, false},
      {"127.1", "127.1", -1, false, false},
      {"127.0.0.01", "127.0.0.01", -1, false, false},
      {"127.0.0.256", "127.0.0.256", -1, false, false},
      {"127.0.0.", "127.0.0", -1, false, false},
      {"127.0.0.1.1", "127.0.0.1.1", -1, false, false},
      {"[::1]", "::1", -1, true, true},
      {"[::1]:", "::1", -1, true, true},
      {"[0:0:0:0:0:0:0:1]:80", "0:0:0:0:0:0:0:1", 80, true, true},
      {"[0::0.0.0.1]", "0::0.0.0.1", -1, true, true},
      {"[::]", "::", -1, true, false},
      {"[1::]", "1::", -1, true, false},
      {"[1::1]", "1::1", -1, true, false},
      {"[FE80::A]", "fe80::a", -1, true, false},
      {"[::ffff:127.0.0.1]", "::ffff:127.0.0.1", -1, true, false},
      {"[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8", -1, true, false},
      {"[1:2:3:4:5:6:7::]", "1:2:3:4:5:6:7::", -1, true, false},
      {"[1:2:3:4:5:6:1.2.3.4]", "1:2:3:4:5:6:1.2.3.4", -1, true, false},
  };
  for (const Valid& valid : authorities) {
    const auto authority = parse_authority(valid.text);
    ASSERT_TRUE(authority.has_value()) << valid.text;
    EXPECT_EQ(authority->host, valid.host);
    EXPECT_EQ(authority->port ? *authority->port : -1, valid.port) << valid.text;
    EXPECT_EQ(authority->is_ip_literal, valid.is_ip_literal) << valid.text;
    EXPECT_EQ(authority->is_loopback, valid.is_loopback) << valid.text;
  }
}

TEST(Authority, RefusesWhatIsNotExactlyHostAndPort) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {
           ""sv,
           ":80"sv,
           "."sv,
           ".:80"sv,
           " a"sv,
           "a "sv,
           "a b"sv,
           "a\0"sv,
           "a/"sv,
           "a?"sv,
           "a#b"sv,
           "user@a"sv,
           "user:pw@a"sv,
           "http://a"sv,
           "a:-1"sv,
           "a:+1"sv,
           "a:65536"sv,
           "a:99999"sv,
           "a:000080"sv,
           "a:80:80"sv,
           "a:8x"sv,
           "a: 80"sv,
           "a:18446744073709551616"sv,
           "a%"sv,
           "a%4"sv,
           "a%4g"sv,
           "\xc3\xa4"sv,
           "a\\b"sv,
           "127.0.0.1."sv,
           "::1"sv,
           "[::1"sv,
           "::1]"sv,
           "[]"sv,
           "[::1]80"sv,
           "[::1]a"sv,
           "[::1]]"sv,
           "[[::1]]"sv,
           "[::1]:99999"sv,
           "[::1]:x"sv,
           "[:1]"sv,
           "[1:]"sv,
           "[:::]"sv,
           "[1:::2]"sv,
           "[1::2::3]"sv,
           "[12345::]"sv,
           "[g::]"sv,
           "[1:2:3:4:5:6:7]"sv,
           "[1:2:3:4:5:6:7:8:9]"sv,
           "[1:2:3:4:5:6:7:8::]"sv,
           "[::1:2:3:4:5:6:7:8]"sv,
           "[1:2:3:4:5:6:7:1.2.3.4]"sv,
           "[1.2.3.4]"sv,
           "[1.2.3.4::]"sv,
           "[::1.2.3]"sv,
           "[::01.2.3.4]"sv,
           "[fe80::1%25eth0]"sv,
           "[v1.a]"sv,
           "[::+1]"sv,
           "[::-1]"sv,
           "[::0x1]"sv,
       }) {
    EXPECT_FALSE(parse_authority(text).has_value()) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace simws::protocol::http
