#include "protocol/uri.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

using namespace std::string_view_literals;

struct Valid {
  std::string_view text;
  bool is_secure;
  std::string_view host;
  int port;
  std::string_view host_field, resource;
};

TEST(Uri, IsTakenApart) {
  const Valid uris[] = {
      {"ws://robot", false, "robot", 80, "robot", "/"},
      {"wss://robot", true, "robot", 443, "robot", "/"},
      {"http://robot", false, "robot", 80, "robot", "/"},
      {"https://robot", true, "robot", 443, "robot", "/"},
      {"WS://ROBOT.Lab/A", false, "robot.lab", 80, "robot.lab", "/A"},
      {"ws://robot:80/", false, "robot", 80, "robot", "/"},
      {"wss://robot:443/", true, "robot", 443, "robot", "/"},
      {"ws://robot:443/", false, "robot", 443, "robot:443", "/"},
      {"wss://robot:80/", true, "robot", 80, "robot:80", "/"},
      {"ws://robot:/", false, "robot", 80, "robot", "/"},
      {"ws://robot:65535", false, "robot", 65535, "robot:65535", "/"},
      {"ws://robot:09000", false, "robot", 9000, "robot:9000", "/"},
      {"ws://robot./", false, "robot", 80, "robot", "/"},
      {"ws://a-b_c.d1.x", false, "a-b_c.d1.x", 80, "a-b_c.d1.x", "/"},
      {"ws://xn--rbot-5qa.example", false, "xn--rbot-5qa.example", 80, "xn--rbot-5qa.example", "/"},
      {"ws://1.2.3.4:9000/", false, "1.2.3.4", 9000, "1.2.3.4:9000", "/"},
      {"ws://[::1]:9000/x", false, "::1", 9000, "[::1]:9000", "/x"},
      {"wss://[2001:DB8::A]", true, "2001:db8::a", 443, "[2001:db8::a]", "/"},
      {"ws://robot?", false, "robot", 80, "robot", "/?"},
      {"ws://robot?a=b", false, "robot", 80, "robot", "/?a=b"},
      {"ws://robot/a/../b//", false, "robot", 80, "robot", "/a/../b//"},
      {"ws://robot/?u=ws://x:1/@a", false, "robot", 80, "robot", "/?u=ws://x:1/@a"},
      {"ws://robot/@me:x", false, "robot", 80, "robot", "/@me:x"},
      {"ws://robot/%7Ea%2f?%C3%A4", false, "robot", 80, "robot", "/%7Ea%2f?%C3%A4"},
      {"ws://robot/\xC3\xA4?\xE2\x82\xAC", false, "robot", 80, "robot", "/%C3%A4?%E2%82%AC"},
      {"ws://robot/?{\"a\":[1]}", false, "robot", 80, "robot", "/?%7B%22a%22:%5B1%5D%7D"},
      {"ws://robot/<a>\\^`|", false, "robot", 80, "robot", "/%3Ca%3E%5C%5E%60%7C"},
      {"ws://robot/-._~!$&'()*+,;=:@", false, "robot", 80, "robot", "/-._~!$&'()*+,;=:@"},
  };
  for (const Valid& valid : uris) {
    const auto uri = parse_uri(valid.text);
    ASSERT_TRUE(uri.ok()) << valid.text << ": " << uri.error().message;
    EXPECT_EQ(uri->is_secure, valid.is_secure) << valid.text;
    EXPECT_EQ(uri->host, valid.host) << valid.text;
    EXPECT_EQ(uri->port, valid.port) << valid.text;
    EXPECT_EQ(uri->host_field(), valid.host_field) << valid.text;
    EXPECT_EQ(uri->resource, valid.resource) << valid.text;
    EXPECT_EQ(uri->credentials, "") << valid.text;
  }
}

TEST(Uri, KnowsAddressesAndLoopback) {
  EXPECT_TRUE(parse_uri("ws://127.0.0.1")->is_ip_literal);
  EXPECT_TRUE(parse_uri("ws://[::1]")->is_loopback);
  EXPECT_TRUE(parse_uri("ws://a.localhost")->is_loopback);
  EXPECT_FALSE(parse_uri("ws://robot")->is_ip_literal);
  EXPECT_FALSE(parse_uri("ws://robot")->is_loopback);
  EXPECT_EQ(parse_uri("wss://[::1]")->authority(), "[::1]:443") << "as CONNECT has it";
}

TEST(Uri, HasUserAndPasswordDecoded) {
  const struct {
    std::string_view text, credentials;
  } cases[] = {
      {"ws://user:pass@robot", "user:pass"},
      {"ws://user@robot", "user:"},  // RFC 7617, 2: the colon is always there
      {"ws://user:@robot", "user:"},
      {"ws://:pass@robot", ":pass"},
      {"ws://@robot", ""},
      {"ws://u%40lab:p%3Aa%2Fs%25@robot", "u@lab:p:a/s%"},
      {"ws://user:a:b@robot", "user:a:b"},
      {"ws://us%C3%A4r:p@robot", "us\xC3\xA4r:p"},
      {"ws://!$&'()*+,;=-._~:p@robot", "!$&'()*+,;=-._~:p"},
  };
  for (const auto& test : cases) {
    const auto uri = parse_uri(test.text);
    ASSERT_TRUE(uri.ok()) << test.text << ": " << uri.error().message;
    EXPECT_EQ(uri->credentials, test.credentials) << test.text;
    EXPECT_EQ(uri->host_field(), "robot") << test.text;
  }
  EXPECT_EQ(basic_authorization("Aladdin:open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
      << "the example of RFC 7617, 2";
}

TEST(Uri, IsRefusedInWords) {
  const struct {
    std::string_view text, words;
  } cases[] = {
      {"", "write 'ws://host:port/path'"},
      {"robot:9000", "write 'ws://host:port/path'"},
      {"ws:robot", "write 'ws://host:port/path'"},
      {"ws:/robot", "write 'ws://host:port/path'"},
      {"ftp://robot", "write 'ws://host:port/path'"},
      {" ws://robot", "write 'ws://host:port/path'"},
      {"://robot", "write 'ws://host:port/path'"},
      {"ws://", "it names no host"},
      {"ws:///path", "it names no host"},
      {"ws://?x", "it names no host"},
      {"ws://:80", "it names no host"},
      {"ws://user@", "it names no host"},
      {"ws://robot:0", "the port '0' can't be connected to"},
      {"ws://robot:65536", "the port '65536' isn't a number from 1 to 65535"},
      {"ws://robot:-1", "the port '-1' isn't a number"},
      {"ws://robot:+1", "the port '+1' isn't a number"},
      {"ws://robot:80a", "the port '80a' isn't a number"},
      {"ws://robot: 80", "the port ' 80' isn't a number"},
      {"ws://robot:99999999999999999999", "isn't a number from 1 to 65535"},
      {"ws://[::1", "with an IPv6 address in brackets"},
      {"ws://::1", "with an IPv6 address in brackets"},
      {"ws://[fe80::1%25eth0]", "with an IPv6 address in brackets"},
      {"ws://[1.2.3.4]", "with an IPv6 address in brackets"},
      {"ws://[::1]x", "with an IPv6 address in brackets"},
      {"ws://r\xC3\xB6"
       "bot",
       "use the name's ASCII form, 'xn--...'"},
      {"ws://ro bot", "isn't host[:port]"},
      {"ws://ro\\bot", "isn't host[:port]"},
      {"ws://%72obot", "is no name that can be looked up"},
      {"ws://a..b", "is no name that can be looked up"},
      {"ws://.a", "is no name that can be looked up"},
      {"ws://ro*bot", "is no name that can be looked up"},
      {"ws://127.1", "is neither a name nor an IPv4 address"},
      {"ws://2130706433", "is neither a name nor an IPv4 address"},
      {"ws://0x7f000001", "is neither a name nor an IPv4 address"},
      {"ws://0x", "is neither a name nor an IPv4 address"},
      {"ws://127.0.0.256", "is neither a name nor an IPv4 address"},
      {"ws://robot#a", "it can't have a fragment"},
      {"ws://robot/?a#", "it can't have a fragment"},
      {"ws://robot/a b", "write it as '%20'"},
      {"ws://robot/a\n", "write it as '%0A'"},
      {"ws://robot/a\r\nX: y", "write it as '%0D'"},
      {"ws://robot/\0"sv, "write it as '%00'"},
      {"ws://robot/\x7f", "write it as '%7F'"},
      {"ws://robot/%", "write it as '%25'"},
      {"ws://robot/%4", "write it as '%25'"},
      {"ws://robot/%zz", "write it as '%25'"},
      {"ws://robot/\xC3", "it isn't UTF-8"},
      {"ws://robot/\xC0\x80", "it isn't UTF-8"},
      {"ws://a@b@robot", "such as '@' as '%40'"},
      {"ws://a\\b:@robot", "must be percent-encoded"},
      {"ws://good.example\\@robot", "must be percent-encoded"},
      {"ws://us\xC3\xA4r@robot", "must be percent-encoded"},
      {"ws://a%3Ab:p@robot", "a user's name can't have a ':'"},
      {"ws://a:p%0A@robot", "can't have control characters"},
      {"ws://a:%zz@robot", "must be percent-encoded"},
  };
  for (const auto& test : cases) {
    const auto uri = parse_uri(test.text);
    ASSERT_FALSE(uri.ok()) << test.text;
    EXPECT_EQ(uri.error().code, ErrorCode::invalid_argument) << test.text;
    EXPECT_NE(uri.error().message.find(test.words), std::string::npos)
        << test.text << ": " << uri.error().message;
  }
}

TEST(Uri, HasBoundedLengths) {
  const std::string longest = "ws://robot/" + std::string(max_uri_size - 11, 'a');
  EXPECT_TRUE(parse_uri(longest).ok());
  const auto too_long = parse_uri(longest + 'a');
  ASSERT_FALSE(too_long.ok());
  EXPECT_EQ(too_long.error().code, ErrorCode::too_large);
  EXPECT_EQ(too_long.error().message, "a URI of 8193 bytes can't be used: it may have 8192");

  const std::string label(63, 'a');
  const std::string name = label + '.' + label + '.' + label + '.' + std::string(61, 'a');
  EXPECT_TRUE(parse_uri("ws://" + name).ok());
  EXPECT_FALSE(parse_uri("ws://" + name + 'a').ok());
  EXPECT_FALSE(parse_uri("ws://a" + label).ok());
}

TEST(Uri, IsShownWithoutSecrets) {
  const struct {
    std::string_view text, shown;
  } cases[] = {
      {"ws://robot", "ws://robot/"},
      {"https://robot:443/a?b", "wss://robot/a?b"},
      {"ws://user:secret@robot:9000/a", "ws://***@robot:9000/a"},
      {"ws://robot/?token=secret", "ws://robot/?token=***"},
      {"ws://robot/?a=1&Token=secret&b=2", "ws://robot/?a=1&Token=***&b=2"},
      {"ws://robot/?access_token=secret&token=", "ws://robot/?access_token=***&token=***"},
      {"ws://robot/?token&a=token", "ws://robot/?token&a=token"},
      {"ws://robot/token=a", "ws://robot/token=a"},
      {"ws://[::1]/?x?token=1", "ws://[::1]/?x?token=***"},
  };
  for (const auto& test : cases) EXPECT_EQ(parse_uri(test.text)->shown(), test.shown);
}

TEST(Uri, KeepsSecretsOutOfErrors) {
  for (const std::string_view text :
       {"ws://user:secret@robot:99999", "ws://user:sec/ret@robot", "user:secret@robot",
        "ws://user:se@cret@robot", "ws://robot/a b?token=secret", "ftp://user:secret@robot",
        "ws://user:secret@robot/#x", "ws://robot:0/?a=b&token=secret", "ws://user:se?cret@robot",
        "ws://us er:secret@robot", "ws://user:secret\n@robot"}) {
    const auto uri = parse_uri(text);
    ASSERT_FALSE(uri.ok()) << text;
    const std::string& message = uri.error().message;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
    EXPECT_EQ(message.find("cret"), std::string::npos) << message;
    EXPECT_NE(message.find("***"), std::string::npos) << message;
  }
}

TEST(Uri, HasAnOrigin) {
  const auto same = [](std::string_view a, std::string_view b) {
    return is_same_origin(*parse_uri(a), *parse_uri(b));
  };
  EXPECT_TRUE(same("ws://robot/a", "http://ROBOT:80/b?c"));
  EXPECT_TRUE(same("wss://u:p@robot", "wss://robot:443"));
  EXPECT_FALSE(same("ws://robot", "wss://robot"));
  EXPECT_FALSE(same("ws://robot", "ws://robot:81"));
  EXPECT_FALSE(same("ws://robot", "ws://robot2"));
  EXPECT_FALSE(same("ws://robot:443", "wss://robot:443"));
}

}  // namespace
}  // namespace simws::protocol
