#include "protocol/client_handshake.h"

#include "protocol/http/parse_every_way_test.h"
#include "protocol/opening_handshake.h"
#include "protocol/read_every_way_test.h"
#include "protocol/scripted_random_test.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

using namespace std::string_view_literals;
using namespace test;

constexpr std::string_view sample_key = "dGhlIHNhbXBsZSBub25jZQ==";

Uri uri_of(std::string_view text) {
  auto uri = parse_uri(text);
  EXPECT_TRUE(uri.ok()) << text;
  return *uri;
}

// What the client offers in these tests.
ClientExpectation expectation(unsigned redirects_left = 5) {
  return {uri_of("wss://user:pass@robot/chat?a=b"),
          std::string(sample_key),
          {"v2.sim", "v1.sim"},
          redirects_left,
          2048};
}

std::string text_of(const ReadResult<HandshakeOutcome>& result) {
  const auto& outcome = result.outcome;
  std::string text = "more";
  if (result.so_far) text += ", so far " + test::text_of(*result.so_far);
  if (const auto* opened = std::get_if<Opened>(&outcome)) {
    text = "opened '" + opened->subprotocol + "'";
  }
  if (const auto* redirected = std::get_if<Redirected>(&outcome)) {
    text = "redirected " + redirected->uri.shown() + (redirected->to_same_origin ? " same" : "");
  }
  if (const auto* failure = std::get_if<AttemptFailure>(&outcome)) text = test::text_of(*failure);
  const bool has_rest = std::holds_alternative<Opened>(outcome);
  return has_rest ? text + " +" + result.rest : text;
}

std::string read(std::string_view answer, unsigned redirects_left = 5) {
  return text_of(read_every_way(
      answer, [&] { return HandshakeReader(expectation(redirects_left)); },
      [](const auto& result) { return text_of(result); }));
}

// The standard's answer, whose lines tests replace, add or take away.
struct Answer {
  std::string status = "HTTP/1.1 101 Switching Protocols\r\n";
  std::string upgrade = "Upgrade: websocket\r\n";
  std::string connection = "Connection: Upgrade\r\n";
  std::string accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  std::string more = "";

  std::string text() const { return status + upgrade + connection + accept + more + "\r\n"; }
};

TEST(ClientRequest, IsTheStandards) {
  const ClientRequest request{
      {{"Cookie", "a=b"}, {"X-Robot", "7"}}, {"chat", "superchat"}, "http://example.com", "simWS"};
  EXPECT_EQ(encode_client_request(request, uri_of("ws://server.example.com/chat"), sample_key),
            "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chat, superchat\r\n"
            "Origin: http://example.com\r\nUser-Agent: simWS\r\nCookie: a=b\r\nX-Robot: 7\r\n\r\n");
}

TEST(ClientRequest, LeavesOutWhatIsntGiven) {
  const ClientRequest request{.headers = {}, .subprotocols = {}, .origin = "", .user_agent = ""};
  EXPECT_EQ(encode_client_request(request, uri_of("ws://u:p@[::1]:9000?x=\xC3\xA4"), sample_key),
            "GET /?x=%C3%A4 HTTP/1.1\r\nHost: [::1]:9000\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\nAuthorization: Basic dTpw\r\n\r\n");
}

TEST(ClientRequest, OpensAServersHandshake) {
  CountingRandom random;
  const std::string key = make_handshake_key(random);
  EXPECT_EQ(key, "AAECAwQFBgcICQoLDA0ODw==");
  EXPECT_NE(make_handshake_key(random), key);
  const ClientRequest request{{{"X-A", "b"}}, {"v1.sim"}, "http://robot", "me"};
  const Uri uri = uri_of("ws://robot:9000/chat");
  const auto parsed = http::parse_every_way(encode_client_request(request, uri, key));
  ASSERT_EQ(parsed.status, http::ParseStatus::done);
  const HandshakeRules rules{{{"robot"}, {}, ""}, {"v2.sim", "v1.sim"}, "simWS"};
  const auto answer = answer_handshake(parsed.head, parsed.minor_version, rules);
  ASSERT_TRUE(std::holds_alternative<Accepted>(answer));
  HandshakeReader reader({uri, key, request.subprotocols, 5, 2048});
  Bytes bytes = as_bytes(std::get<Accepted>(answer).response);
  const auto outcome = reader.receive(bytes);
  ASSERT_TRUE(std::holds_alternative<Opened>(outcome));
  EXPECT_EQ(std::get<Opened>(outcome).subprotocol, "v1.sim");
  EXPECT_EQ(std::get<Opened>(outcome).fields.find("server"), "simWS");
}

TEST(ClientRequest, DropsCredentialsForOtherOrigins) {
  const ClientRequest request{
      {{"authorization", "a"}, {"X", "b"}, {"Cookie", "c"}, {"COOKIE", "d"}}, {"p"}, "o", "u"};
  const ClientRequest without = request.without_credentials();
  EXPECT_EQ(without.headers, (HeaderList{{"X", "b"}}));
  EXPECT_EQ(without.subprotocols, request.subprotocols);
  EXPECT_EQ(without.origin, "o");
}

std::string error_of(const ClientRequest& request, std::string_view uri = "ws://robot") {
  const auto checked = check_client_request(request, uri_of(uri));
  if (checked.ok()) return "";
  EXPECT_EQ(checked.error().code, ErrorCode::invalid_argument);
  return checked.error().message;
}

TEST(ClientRequest, MayHaveOrdinaryHeaders) {
  EXPECT_EQ(error_of({}), "");
  EXPECT_EQ(error_of({.headers = {{"Authorization", "Bearer x"},
                                  {"Cookie", "a=b"},
                                  {"X-A", ""},
                                  {"a", "t\tb \xC3\xA4"}}}),
            "");
  EXPECT_EQ(error_of({}, "ws://u:p@robot"), "");
  for (const std::string origin : {"http://robot", "https://robot:1", "null"}) {
    EXPECT_EQ(error_of({.origin = origin}), "") << origin;
  }
}

TEST(ClientRequest, CantHaveOthers) {
  const struct {
    std::string name, value;
    std::string_view error;
  } headers[] = {
      {"Host", "x", "option headers: 'Host' can't be set: it follows from the URI"},
      {"ORIGIN", "x", "option headers: 'ORIGIN' can't be set: use the option origin"},
      {"user-agent", "x", "option headers: 'user-agent' can't be set: use the option userAgent"},
      {"Connection", "x", "option headers: 'Connection' can't be set: it's the handshake's own"},
      {"Upgrade", "x", "option headers: 'Upgrade' can't be set: it's the handshake's own"},
      {"Sec-WebSocket-Key", "x", "'Sec-WebSocket-Key' can't be set: it's the handshake's own"},
      {"Sec-WebSocket-Foo", "x", "'Sec-WebSocket-Foo' can't be set: it's the handshake's own"},
      {"sec-websocket-protocol", "x", "can't be set: use the option subprotocols"},
      {"Proxy-Authorization", "x", "can't be set: use the option proxy"},
      {"Content-Length", "1", "can't be set: the request has no body"},
      {"Transfer-Encoding", "chunked", "can't be set: the request has no body"},
      {"Expect", "100-continue", "can't be set: the request has no body"},
      {"", "x", "option headers: '' is no name of a header"},
      {"a b", "x", "'a b' is no name of a header"},
      {"a:", "x", "'a:' is no name of a header"},
      {"a\r\nb", "x", "is no name of a header"},
      {"\xC3\xA4", "x", "is no name of a header"},
      {"A", "secret\r\nHost: evil", "the value of 'A' can't be sent: leave out control characters"},
      {"A", "secret\n", "the value of 'A' can't be sent"},
      {"A", std::string("secret\0", 7), "the value of 'A' can't be sent"},
      {"A", "secret\x7f", "the value of 'A' can't be sent"},
  };
  for (const auto& header : headers) {
    const std::string error = error_of({.headers = {{header.name, header.value}}});
    EXPECT_NE(error.find(header.error), std::string::npos) << header.name << ": " << error;
    EXPECT_EQ(error.find("secret"), std::string::npos);
  }
  EXPECT_NE(error_of({.headers = {{"Authorization", "x"}}}, "ws://u:p@robot"), "");
  EXPECT_NE(error_of({.headers = {{"Authorization", "x"}, {"AUTHORIZATION", "y"}}}), "");
  EXPECT_EQ(error_of({.headers = {{"A", std::string((64 << 10) - 1, 'x')}}}), "");
  EXPECT_EQ(error_of({.headers = {{"A", std::string(64 << 10, 'x')}}}),
            "option headers: 65537 bytes are too many: 65536 may be sent");
}

TEST(ClientRequest, HasTokensAndAnOrigin) {
  EXPECT_NE(error_of({.subprotocols = {"a b"}}).find("option subprotocols"), std::string::npos);
  EXPECT_NE(error_of({.subprotocols = {"a", "a"}}).find("listed twice"), std::string::npos);
  EXPECT_NE(error_of({.subprotocols = {"a\r\nX: y"}}), "");
  for (const std::string origin : {"robot", "http://robot/path", "http://robot\r\nX: y", "*"}) {
    EXPECT_NE(error_of({.origin = origin}).find("option origin"), std::string::npos) << origin;
  }
  EXPECT_NE(error_of({.user_agent = "a\r\nX: y"}).find("option userAgent"), std::string::npos);
}

TEST(HandshakeReader, Opens) {
  EXPECT_EQ(read(Answer{}.text()), "opened '' +");
  EXPECT_EQ(read(Answer{}.text() + "\x81\x02hi"), "opened '' +\x81\x02hi");
  EXPECT_EQ(read("HTTP/1.1 100 \r\n\r\nHTTP/1.1 103 \r\nA: b\r\n\r\n" + Answer{}.text() + "x"),
            "opened '' +x");
  const Answer variants[] = {
      {.status = "HTTP/1.1 101 Whatever\r\n"},
      {.status = "HTTP/1.1 101\r\n"},
      {.upgrade = "upgrade:WebSocket\r\n"},
      {.connection = "connection: keep-alive, upgrade\r\n"},
      {.connection = "Connection: keep-alive\r\nConnection: Upgrade\r\n"},
      {.accept = "sec-websocket-accept:  s3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\n"},
      {.more = "Sec-WebSocket-Extensions: \r\n"},
      {.more = "Content-Length: 0\r\n"},
      {.more = "Server: x\r\nDate: y\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"},
  };
  for (const Answer& answer : variants) EXPECT_EQ(read(answer.text()), "opened '' +");
}

TEST(HandshakeReader, TellsTheSubprotocol) {
  const auto with = [](std::string value) {
    return read(Answer{.more = "Sec-WebSocket-Protocol: " + value + "\r\n"}.text());
  };
  const std::string refused = "answer: the server's answer can't be used: the subprotocol ";
  EXPECT_EQ(with("v1.sim"), "opened 'v1.sim' +");
  EXPECT_EQ(with("v2.sim"), "opened 'v2.sim' +");
  EXPECT_EQ(with("v3.sim"), refused + "'v3.sim' wasn't offered");
  EXPECT_EQ(with("V1.sim"), refused + "'V1.sim' wasn't offered");
  EXPECT_EQ(with(""), refused + "'' wasn't offered");
  EXPECT_EQ(with("v1.sim, v2.sim"), refused + "'v1.sim, v2.sim' wasn't offered");
  EXPECT_EQ(with("v1.sim\r\nSec-WebSocket-Protocol: v1.sim"),
            refused + "'v1.sim, v1.sim' wasn't offered");
}

// RFC 6455, 4.1, what the client must validate.
TEST(HandshakeReader, RefusesWrongAnswers) {
  const struct {
    Answer answer;
    std::string_view why;
  } cases[] = {
      {{.status = "HTTP/1.0 101 x\r\n"}, "HTTP/1.0 can't open a WebSocket"},
      {{.upgrade = ""}, "the header Upgrade is '' instead of 'websocket'"},
      {{.upgrade = "Upgrade: h2c\r\n"}, "the header Upgrade is 'h2c' instead of 'websocket'"},
      {{.upgrade = "Upgrade: websocket, h2c\r\n"},
       "the header Upgrade is 'websocket, h2c' instead of 'websocket'"},
      {{.upgrade = "Upgrade: websocket\r\nUpgrade: websocket\r\n"},
       "the header Upgrade is 'websocket, websocket' instead of 'websocket'"},
      {{.connection = ""}, "the header Connection doesn't name 'Upgrade'"},
      {{.connection = "Connection: keep-alive\r\n"},
       "the header Connection doesn't name 'Upgrade'"},
      {{.connection = "Connection: upgrades\r\n"}, "the header Connection doesn't name 'Upgrade'"},
      {{.accept = ""}, "the header Sec-WebSocket-Accept is missing"},
      {{.accept = "Sec-WebSocket-Accept: \r\n"}, "the header Sec-WebSocket-Accept is missing"},
      {{.accept = "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"},
       "Sec-WebSocket-Accept 'S3pPLMBiTxaQ9kYGzzhZRbK+xOo=' doesn't belong to this handshake's "
       "key"},
      {{.accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo\r\n"},
       "Sec-WebSocket-Accept 's3pPLMBiTxaQ9kYGzzhZRbK+xOo' doesn't belong to this handshake's key"},
      {{.accept = "Sec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ==\r\n"},
       "Sec-WebSocket-Accept 'dGhlIHNhbXBsZSBub25jZQ==' doesn't belong to this handshake's key"},
      {{.more = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"},
       "Sec-WebSocket-Accept 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=' doesn't "
       "belong to this handshake's key"},
      {{.more = "Sec-WebSocket-Extensions: permessage-deflate\r\n"},
       "Sec-WebSocket-Extensions 'permessage-deflate' wasn't offered"},
      {{.more = "Sec-WebSocket-Extensions: ;\r\n"}, "Sec-WebSocket-Extensions ';' wasn't offered"},
      {{.more = "Sec-WebSocket-Extensions: ,\r\n"}, "Sec-WebSocket-Extensions ',' wasn't offered"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(read(test.answer.text()),
              "answer: the server's answer can't be used: " + std::string(test.why));
  }
}

TEST(HandshakeReader, TellsOtherStatuses) {
  const struct {
    std::string_view answer, outcome;
  } cases[] = {
      {"HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n",
       "status 404: the server answered 404 Not Found"},
      {"HTTP/1.1 404 Cunning\r\nContent-Length: 9\r\n\r\nno robot\n",
       "status 404: the server answered 404 Not Found: 'no robot'"},
      {"HTTP/1.1 403 \r\n\r\n<html>\x01\r\nmore",
       "status 403: the server answered 403 Forbidden: '<html>\\x01'"},
      {"HTTP/1.1 503 \r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
       "status 503: the server answered 503 Service Unavailable [120]"},
      {"HTTP/1.1 401 \r\nContent-Length: 0\r\n\r\n",
       "status 401: the server answered 401 Unauthorized; give user and password in the URI, or "
       "the header Authorization"},
      {"HTTP/1.1 407 \r\nContent-Length: 0\r\n\r\n",
       "status 407: the server answered 407 Proxy Authentication Required"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n",
       "status 200: the server answered 200 OK: 'hi'; it serves no WebSocket at this path"},
      {"HTTP/1.1 204 \r\n\r\n",
       "status 204: the server answered 204 No Content; it serves no WebSocket at this path"},
      {"HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n", "status 599: the server answered 599"},
      {"HTTP/1.1 300 \r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
       "status 300: the server answered 300 Multiple Choices"},
      {"HTTP/1.1 304 \r\n\r\n", "status 304: the server answered 304 Not Modified"},
      {"HTTP/1.1 305 \r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
       "status 305: the server answered 305"},
      // A bad body changes nothing about the status.
      {"HTTP/1.1 500 \r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
       "status 500: the server answered 500 Internal Server Error"},
  };
  for (const auto& test : cases) EXPECT_EQ(read(test.answer), test.outcome);
}

TEST(HandshakeReader, TellsWhatCameWhenNothingMoreComes) {
  EXPECT_EQ(read(""), "more");
  EXPECT_EQ(read("HTTP/1.1 101 \r\nUpgrade: websocket\r\n"), "more");
  EXPECT_EQ(read("HTTP/1.1 100 \r\n\r\n"), "more");
  EXPECT_EQ(read("HTTP/1.1 503 \r\nContent-Length: 100\r\n\r\nover"),
            "more, so far status 503: the server answered 503 Service Unavailable: 'over'");
  EXPECT_EQ(read("HTTP/1.1 401 \r\n\r\n"),
            "more, so far status 401: the server answered 401 Unauthorized; give user and password "
            "in the URI, or the header Authorization");
  EXPECT_EQ(test::text_of(closed_before_answer("the server")),
            "network: the server closed the connection before it answered");
}

TEST(HandshakeReader, RefusesWhatIsNoAnswer) {
  const std::string refused = "answer: the server's answer can't be used: ";
  EXPECT_EQ(read("SSH-2.0-x\r\n"), refused + "it isn't HTTP, but begins with 'SSH-2.0-x'");
  EXPECT_EQ(read("\x15\x03\x01"), refused + "TLS on the other side: use a wss:// address");
  EXPECT_EQ(read("HTTP/1.1 1x1 \r\n"),
            refused +
                "the line 'HTTP/1.1 1x1 ' is malformed: 'HTTP/1.1 101 Switching Protocols' is "
                "expected");
  EXPECT_EQ(read("HTTP/1.1 050 \r\n\r\n"),
            refused +
                "the line 'HTTP/1.1 050 ' is malformed: 'HTTP/1.1 101 Switching Protocols' is "
                "expected");
  EXPECT_EQ(read("HTTP/1.1 101 \r\nA: " + std::string(3000, 'x')),
            refused + "the answer's header is over 2048 bytes");
  std::string interim;
  while (interim.size() < 3000) interim += "HTTP/1.1 100 \r\n\r\n";
  EXPECT_EQ(read(interim), refused + "the answer's header is over 2048 bytes");
  EXPECT_EQ(read("\x81\x05hello"), refused + "it isn't HTTP, but begins with '\\x81'");
}

TEST(HandshakeReader, FollowsRedirects) {
  const std::string to = " \r\nLocation: wss://other/x\r\nContent-Length: 5\r\n\r\nhello";
  for (const std::string status : {"301", "302", "303", "307", "308"}) {
    EXPECT_EQ(read("HTTP/1.1 " + status + to), "redirected wss://other/x");
    EXPECT_EQ(read("HTTP/1.1 " + status + to, 0),
              "redirect: the server redirects to 'wss://other/x', which is one more than "
              "maxRedirects admits");
  }
  EXPECT_EQ(read("HTTP/1.1 302 \r\nLocation: /x\r\n\r\n", 1), "redirected wss://***@robot/x same");
  EXPECT_EQ(read("HTTP/1.1 302 \r\n\r\n"),
            "redirect: the server answered 302, a redirect that can't be followed: the header "
            "Location is missing");
}

}  // namespace
}  // namespace simws::protocol
