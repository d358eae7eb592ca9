#include "protocol/redirect.h"

#include "protocol/http/response_parser.h"
#include "protocol/read_every_way_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

std::variant<Uri, AttemptFailure> follow(std::string_view from, const std::string& fields) {
  http::ResponseParser answer(4096);
  const std::string text = "HTTP/1.1 302 Found\r\n" + fields + "\r\n";
  Bytes input = as_bytes(text);
  EXPECT_EQ(answer.parse(input), http::ParseStatus::head) << fields;
  return follow_redirect(*parse_uri(from), answer);
}

// The whole URI, with its secrets; or the failure.
std::string target(std::string_view from, const std::string& location) {
  const auto followed = follow(from, "Location: " + location + "\r\n");
  if (const auto* failure = std::get_if<AttemptFailure>(&followed)) return test::text_of(*failure);
  const Uri& uri = std::get<Uri>(followed);
  return (uri.is_secure ? "wss " : "ws ") + uri.credentials + '@' + uri.authority() + uri.resource;
}

// RFC 3986, 5.4: the examples that have to do with hierarchy.
TEST(Redirect, ResolvesReferences) {
  const struct {
    std::string reference, target;
  } cases[] = {
      {"g", "/b/c/g"},
      {"./g", "/b/c/g"},
      {"g/", "/b/c/g/"},
      {"/g", "/g"},
      {"?y", "/b/c/d;p?y"},
      {"g?y", "/b/c/g?y"},
      {"#s", "/b/c/d;p?q"},
      {"g#s", "/b/c/g"},
      {"g?y#s", "/b/c/g?y"},
      {";x", "/b/c/;x"},
      {"g;x?y#s", "/b/c/g;x?y"},
      {"", "/b/c/d;p?q"},
      {".", "/b/c/"},
      {"./", "/b/c/"},
      {"..", "/b/"},
      {"../", "/b/"},
      {"../g", "/b/g"},
      {"../..", "/"},
      {"../../", "/"},
      {"../../g", "/g"},
      {"../../../g", "/g"},
      {"../../../../g", "/g"},
      {"/./g", "/g"},
      {"/../g", "/g"},
      {"g.", "/b/c/g."},
      {"..g", "/b/c/..g"},
      {"./../g", "/b/g"},
      {"./g/.", "/b/c/g/"},
      {"g/./h", "/b/c/g/h"},
      {"g/../h", "/b/c/h"},
      {"g;x=1/../y", "/b/c/y"},
      {"g?y/./x", "/b/c/g?y/./x"},
      {"g?y/../x", "/b/c/g?y/../x"},
      {"a//../b", "/b/c/a/b"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(target("ws://a/b/c/d;p?q", test.reference), "ws @a:80" + test.target)
        << test.reference;
  }
  EXPECT_EQ(target("ws://a?q", "g"), "ws @a:80/g");
  EXPECT_EQ(target("ws://a/?x=/b", "g"), "ws @a:80/g");
}

TEST(Redirect, LeadsToOtherOrigins) {
  EXPECT_EQ(target("ws://a/b", "//c:81/d"), "ws @c:81/d");
  EXPECT_EQ(target("wss://a/b", "//c"), "wss @c:443/");
  EXPECT_EQ(target("ws://a/b", "http://c/d"), "ws @c:80/d");
  EXPECT_EQ(target("ws://a/b", "https://a/b"), "wss @a:443/b");
  EXPECT_EQ(target("wss://a/b", "wss://[::1]:9/?c"), "wss @[::1]:9/?c");
  EXPECT_EQ(target("wss://a/b", "WSS://A/c#d"), "wss @a:443/c");
}

TEST(Redirect, KeepsCredentialsForTheSameOriginOnly) {
  EXPECT_EQ(target("ws://u:p@a/b", "/c"), "ws u:p@a:80/c");
  EXPECT_EQ(target("ws://u:p@a/b", "http://A:80/c"), "ws u:p@a:80/c");
  EXPECT_EQ(target("ws://u:p@a/b", "ws://a:81/c"), "ws @a:81/c");
  EXPECT_EQ(target("ws://u:p@a/b", "wss://a/c"), "wss @a:443/c");
  EXPECT_EQ(target("ws://u:p@a/b", "ws://b/c"), "ws @b:80/c");
  EXPECT_EQ(target("ws://u:p@a/b", "ws://x:y@b/c"), "ws @b:80/c") << "a server gives none";
  EXPECT_EQ(target("ws://u:p@a/b", "ws://x:y@a/c"), "ws u:p@a:80/c");
}

TEST(Redirect, IsNotFollowedEverywhere) {
  const std::string refused =
      "redirect: the server answered 302, a redirect that can't be followed: ";
  EXPECT_EQ(target("wss://a/b", "ws://a/b"),
            refused + "'ws://a/b' has no TLS, which was asked for");
  EXPECT_EQ(target("wss://a/b", "http://a:443/?token=x"),
            refused + "'ws://a:443/?token=***' has no TLS, which was asked for");
  EXPECT_EQ(target("ws://a/b", "ftp://a/b"),
            refused +
                "URI 'ftp://a/b' can't be used: write 'ws://host:port/path', or 'wss://...' "
                "for TLS");
  for (const std::string location :
       {"javascript:alert(1)", "ws:", "ws:c", "ws://", "ws:///c", "ws://a:0", "//", "a b", "%zz",
        "ws://2130706433/", "ws://a@b@c/"}) {
    EXPECT_TRUE(target("ws://a/b", location).starts_with(refused)) << location;
  }
  const auto twice = follow("ws://a", "Location: /b\r\nlocation: /b\r\n");
  EXPECT_EQ(test::text_of(std::get<AttemptFailure>(twice)),
            refused + "the header Location came more than once");
}

TEST(Redirect, KeepsSecretsOutOfFailures) {
  const std::string failure = target("ws://u:secret@a/b", "ws://x:secret@c:0/?token=secret");
  EXPECT_EQ(failure.find("secret"), std::string::npos) << failure;
}

TEST(Redirect, HasFiveStatuses) {
  for (int status = 100; status < 600; ++status) {
    const bool expected =
        status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    EXPECT_EQ(is_redirect(status), expected) << status;
  }
}

}  // namespace
}  // namespace simws::protocol
