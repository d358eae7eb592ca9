#include "protocol/proxy.h"

#include "protocol/http/parse_every_way_test.h"
#include "protocol/read_every_way_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

Uri uri_of(std::string_view text) {
  auto uri = parse_uri(text);
  EXPECT_TRUE(uri.ok()) << text;
  return *uri;
}

std::string text_of(const Proxy& proxy) {
  return proxy.credentials + '@' + proxy.host + ' ' + std::to_string(proxy.port);
}

TEST(Proxy, IsTakenApart) {
  const struct {
    std::string_view text, proxy;
  } cases[] = {
      {"http://squid:3128", "@squid 3128"},
      {"http://squid:3128/", "@squid 3128"},
      {"HTTP://squid", "@squid 80"},
      {"squid:3128", "@squid 3128"},
      {"http://user:p%40ss@[::1]:3128", "user:p@ss@::1 3128"},
      {"user:pass@10.0.0.1:8080", "user:pass@10.0.0.1 8080"},
  };
  for (const auto& test : cases) {
    const auto proxy = parse_proxy(test.text);
    ASSERT_TRUE(proxy.ok()) << test.text << ": " << proxy.error().message;
    EXPECT_EQ(text_of(*proxy), test.proxy) << test.text;
  }
}

TEST(Proxy, IsRefusedInWords) {
  for (const std::string_view text :
       {"", "https://squid:3128", "socks5://squid", "ws://squid", "http://", "http://squid/path",
        "http://squid?x", "http://squid:0", "http://squid:99999", "http://squid#x", "squid 3128",
        "http://squid\r\nX: y", "http://2130706433"}) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy.ok()) << text;
    EXPECT_EQ(proxy.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(proxy.error().message.ends_with(
        "' can't be used: write 'http://[user:password@]host:port'"))
        << proxy.error().message;
  }
  EXPECT_EQ(parse_proxy("http://user:secret@squid:0").error().message,
            "proxy 'http://***@squid:0' can't be used: write 'http://[user:password@]host:port'");
  EXPECT_EQ(parse_proxy("user:secret@squid:0").error().message,
            "proxy '***@squid:0' can't be used: write 'http://[user:password@]host:port'");
}

TEST(Proxy, IsChosenByTheEnvironment) {
  const ProxyVariables variables{"http://secure:1", "http://plain:2", "lab.example,10.0.0.1"};
  const auto choice = [&](std::string_view uri) {
    const auto proxy = choose_proxy(uri_of(uri), variables);
    EXPECT_TRUE(proxy.ok());
    return *proxy ? text_of(**proxy) : "none";
  };
  EXPECT_EQ(choice("ws://robot"), "@plain 2");
  EXPECT_EQ(choice("wss://robot"), "@secure 1");
  for (const std::string_view direct :
       {"ws://localhost", "wss://a.localhost", "ws://127.0.0.1", "ws://127.1.2.3:9", "wss://[::1]",
        "ws://lab.example", "wss://robot.lab.example:9000", "ws://10.0.0.1"}) {
    EXPECT_EQ(choice(direct), "none") << direct;
  }
  EXPECT_FALSE(choose_proxy(uri_of("ws://robot"), {})->has_value());
  EXPECT_FALSE(choose_proxy(uri_of("ws://robot"), {"http://secure:1", "", ""})->has_value());
}

TEST(Proxy, NamesTheVariableThatCantBeUsed) {
  const ProxyVariables variables{"socks5://user:secret@x", "ftp://y", ""};
  const std::string advice = " can't be used: write 'http://[user:password@]host:port'";
  EXPECT_EQ(choose_proxy(uri_of("wss://robot"), variables).error().message,
            "environment variable https_proxy: proxy 'socks5://***@x'" + advice);
  EXPECT_EQ(choose_proxy(uri_of("ws://robot"), variables).error().message,
            "environment variable http_proxy: proxy 'ftp://y'" + advice);
  EXPECT_TRUE(choose_proxy(uri_of("ws://localhost"), variables).ok()) << "it isn't looked at";
}

TEST(Proxy, HasExceptions) {
  const struct {
    std::string_view uri, list;
    bool is_excepted;
  } cases[] = {
      {"ws://robot", "", false},
      {"ws://robot", "*", true},
      {"ws://robot", "robot", true},
      {"ws://robot", "ROBOT", true},
      {"ws://robot", " a , robot ,b", true},
      {"ws://robot", ",,robot", true},
      {"ws://robot", "obot", false},
      {"ws://arobot", "robot", false},
      {"ws://a.robot", "robot", true},
      {"ws://a.robot", ".robot", true},
      {"ws://robot", ".robot", true},
      {"ws://robot", "a.robot", false},
      {"ws://robot", "*.robot", false},
      {"ws://robot:81", "robot:81", true},
      {"ws://robot:82", "robot:81", false},
      {"wss://robot", "robot:443", true},
      {"ws://10.0.0.1", "10.0.0.1", true},
      {"ws://10.0.0.1", "0.0.1", false},
      {"ws://10.0.0.1", ".0.0.1", false},
      {"ws://10.0.0.1", "10.0.0.1:80", true},
      {"ws://[fe80::1]", "fe80::1", true},
      {"ws://[fe80::1]", "[FE80::1]", true},
      {"ws://[fe80::1]:9", "[fe80::1]:9", true},
      {"ws://[fe80::1]:9", "[fe80::1]:8", false},
      {"ws://[fe80::1]", "1", false},
      {"ws://robot", "ro bot,http://robot,robot:x,[", false},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(is_excepted(uri_of(test.uri), test.list), test.is_excepted)
        << test.uri << " by '" << test.list << "'";
  }
}

TEST(Proxy, IsAskedForATunnel) {
  EXPECT_EQ(encode_connect_request(uri_of("ws://user:pass@robot/x"), {"squid", 3128, ""}, "simWS"),
            "CONNECT robot:80 HTTP/1.1\r\nHost: robot:80\r\nUser-Agent: simWS\r\n\r\n");
  EXPECT_EQ(
      encode_connect_request(uri_of("wss://[::1]"), {"squid", 3128, "Aladdin:open sesame"}, ""),
      "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n"
      "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

std::string text_of(const test::ReadResult<TunnelOutcome>& result) {
  if (const auto* failure = std::get_if<AttemptFailure>(&result.outcome)) {
    return test::text_of(*failure);
  }
  if (std::holds_alternative<TunnelOpened>(result.outcome)) return "opened +" + result.rest;
  return result.so_far ? "so far " + test::text_of(*result.so_far) : "more";
}

// RFC 9110, 9.3.6.
TEST(TunnelReader, JudgesTheAnswer) {
  const struct {
    std::string_view answer, outcome;
  } cases[] = {
      {"HTTP/1.1 200 Connection established\r\n\r\n", "opened +"},
      {"HTTP/1.0 200 OK\r\n\r\nrest", "opened +rest"},
      {"HTTP/1.1 299 \r\nContent-Length: 2\r\n\r\nrest", "opened +rest"},
      {"HTTP/1.1 204 \r\nTransfer-Encoding: gzip\r\n\r\nrest", "opened +rest"},
      {"HTTP/1.1 100 \r\n\r\nHTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\nrest",
       "opened +rest"},
      {"HTTP/1.1 407 \r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 3\r\n\r\nno\n",
       "status 407: the proxy answered 407 Proxy Authentication Required: 'no'; give user and "
       "password in the option proxy"},
      {"HTTP/1.1 503 \r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n",
       "status 503: the proxy answered 503 Service Unavailable [5]"},
      {"HTTP/1.1 403 \r\n\r\ndenied",
       "so far status 403: the proxy answered 403 Forbidden: 'denied'"},
      {"HTTP/1.1 302 \r\nLocation: ws://evil\r\nContent-Length: 0\r\n\r\n",
       "status 302: the proxy answered 302 Found"},
      {"HTTP/1.1 101 \r\nUpgrade: websocket\r\n\r\n", "status 101: the proxy answered 101"},
      {"HTTP/1.1 200 OK\r\n", "more"},
      {"", "more"},
      {"SSH-2.0-x\r\n",
       "answer: the proxy's answer can't be used: it isn't HTTP, but begins with 'SSH-2.0-x'"},
      {"HTTP/1.1 2 OK\r\n",
       "answer: the proxy's answer can't be used: the line 'HTTP/1.1 2 OK' is malformed: "
       "'HTTP/1.1 101 Switching Protocols' is expected"},
  };
  for (const auto& test : cases) {
    const auto result = test::read_every_way(
        test.answer, [] { return TunnelReader(1024); },
        [](const auto& each) { return text_of(each); });
    EXPECT_EQ(text_of(result), test.outcome);
  }
  const auto endless = test::read_every_way(
      "HTTP/1.1 200 " + std::string(3000, 'x'), [] { return TunnelReader(1024); },
      [](const auto& each) { return text_of(each); });
  EXPECT_EQ(text_of(endless),
            "answer: the proxy's answer can't be used: the answer's header is over 1024 bytes");
}

}  // namespace
}  // namespace simws::protocol
