#include "protocol/opening_handshake.h"

#include "protocol/http/parse_every_way_test.h"
#include "protocol/http/response.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

using namespace std::string_view_literals;

// The head of RFC 6455, 1.2, whose lines tests replace, add or take away.
struct Handshake {
  std::string method = "GET";
  std::string version = "HTTP/1.1";
  std::string host = "Host: localhost:9000\r\n";
  std::string upgrade = "Upgrade: websocket\r\n";
  std::string connection = "Connection: Upgrade\r\n";
  std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  std::string websocket_version = "Sec-WebSocket-Version: 13\r\n";
  std::string more = "";

  std::string text() const {
    return method + " /chat " + version + "\r\n" + host + upgrade + connection + key +
           websocket_version + more + "\r\n";
  }
};

const HandshakeRules rules{{{}, {}, "robot"}, {"v2.sim", "v1.sim"}, "simWS"};

RequestHead parse(const std::string& text) {
  http::Outcome outcome = http::parse_every_way(text);
  EXPECT_EQ(http::status_of(outcome), 0) << text << outcome.refusal.reason;
  return outcome.head;
}

// The status the attempt gets: 101, or that of its refusal.
int status_of(const std::string& text) {
  const auto outcome = http::parse_every_way(text, {.max_header_size = 128 << 10});
  if (outcome.status != http::ParseStatus::done) return http::status_of(outcome);
  EXPECT_TRUE(is_websocket_attempt(outcome.head)) << text;
  const auto answer = answer_handshake(outcome.head, outcome.minor_version, rules);
  const auto* refused = std::get_if<Refused>(&answer);
  if (refused == nullptr) return 101;
  EXPECT_FALSE(refused->reason.empty());
  EXPECT_NE(refused->response.body.find(refused->reason), std::string::npos);
  EXPECT_TRUE(http::encode_response(refused->response, {}).ok());
  return refused->response.status;
}

std::string field(std::string_view name, std::string_view value) {
  std::string line(name);
  return line.append(": ").append(value).append("\r\n");
}

TEST(OpeningHandshake, AcceptsTheStandardsExample) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const auto answer = answer_handshake(parse(Handshake{}.text()), 1, rules);
  const auto& accepted = std::get<Accepted>(answer);
  EXPECT_EQ(accepted.response,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nServer: simWS\r\n\r\n");
  EXPECT_EQ(accepted.subprotocol, nullptr);
  EXPECT_FALSE(accepted.deflate);
}

TEST(OpeningHandshake, LeavesTheFramesThatFollow) {
  const std::string head = Handshake{}.text();
  const auto outcome = http::parse_every_way(head + "\x81\x80xxxx");
  EXPECT_EQ(http::status_of(outcome), 0);
  EXPECT_EQ(outcome.taken, head.size());
}

TEST(OpeningHandshake, TellsAttemptsByTheUpgradeField) {
  for (const std::string_view value : {"websocket", "WebSocket", "h2c, websocket", ",websocket,"}) {
    Handshake handshake{.upgrade = field("Upgrade", value)};
    EXPECT_TRUE(is_websocket_attempt(parse(handshake.text()))) << value;
  }
  Handshake twice{.upgrade = "Upgrade: h2c\r\nUpgrade: websocket\r\n"};
  EXPECT_TRUE(is_websocket_attempt(parse(twice.text())));
  for (const std::string_view value : {"", "h2c", "notwebsocket", "websockets", "\"websocket\""}) {
    Handshake handshake{.upgrade = field("Upgrade", value)};
    EXPECT_FALSE(is_websocket_attempt(parse(handshake.text()))) << value;
  }
  EXPECT_FALSE(is_websocket_attempt(parse(Handshake{.upgrade = ""}.text())));
}

TEST(OpeningHandshake, ReadsConnectionAsAList) {
  for (const std::string_view value :
       {"Upgrade", "upgrade", "keep-alive, Upgrade", "UPGRADE , x", ",,upgrade"}) {
    EXPECT_EQ(status_of(Handshake{.connection = field("Connection", value)}.text()), 101) << value;
  }
  EXPECT_EQ(status_of(Handshake{.connection = "Connection: a\r\nConnection: upgrade\r\n"}.text()),
            101);
  for (const std::string_view value : {"", "upgradefoo", "keep-alive", "close", "up,grade"}) {
    EXPECT_EQ(status_of(Handshake{.connection = field("Connection", value)}.text()), 400) << value;
  }
  EXPECT_EQ(status_of(Handshake{.connection = ""}.text()), 400);
}

TEST(OpeningHandshake, TakesGetOnly) {
  for (const char* method : {"POST", "HEAD", "PUT", "OPTIONS", "get"}) {
    const auto answer = answer_handshake(parse(Handshake{.method = method}.text()), 1, rules);
    const auto& refused = std::get<Refused>(answer);
    EXPECT_EQ(refused.response.status, 405) << method;
    EXPECT_NE(http::encode_response(refused.response, {})->head.find("\r\nAllow: GET\r\n"),
              std::string::npos);
  }
}

TEST(OpeningHandshake, TakesHttp11AndLaterMinorVersions) {
  EXPECT_EQ(status_of(Handshake{.version = "HTTP/1.0"}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.version = "HTTP/1.2"}.text()), 101);
  EXPECT_EQ(status_of(Handshake{.version = "HTTP/2.0"}.text()), 505);
  EXPECT_EQ(status_of(Handshake{.version = "HTTP/1.1x"}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.version = "http/1.1"}.text()), 400);
}

TEST(OpeningHandshake, WantsOneKeyOf16Bytes) {
  const std::string long_key(10240, 'A');
  for (const std::string_view key :
       {""sv, "AAAAAAAAAAAAAAAAAAAA"sv, "AAAAAAAAAAAAAAAAAAAAAA"sv, "AAAAAAAAAAAAAAAAAAAAAAA="sv,
        "AAAAAAAAAAAAAAAAAAAAAAAA"sv, "AAAAAAAAAAAAAAAAAAAAA==="sv, "AAAAAAAAAAAAAAAAAAAAAA=A"sv,
        "AAAAAAAAAAAAAAAAAAAAA-=="sv, "AAAAAAAAAAA AAAAAAAAAA=="sv, "AAAAAAAAAAAAAAAAAAAAAA== x"sv,
        "not base64"sv, "AAAAAAAA\0AAAAAAAAAAAAA=="sv,
        "AAAAAAAA\xff"
        "AAAAAAAAAAAAA=="sv,
        std::string_view(long_key)}) {
    EXPECT_EQ(status_of(Handshake{.key = field("Sec-WebSocket-Key", key)}.text()), 400) << key;
  }
  EXPECT_EQ(status_of(Handshake{.key = ""}.text()), 400);
  const std::string key = field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(status_of(Handshake{.key = key + key}.text()), 400);
  // The example of RFC 6455, 4.1.
  EXPECT_EQ(
      status_of(Handshake{.key = field("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEC==")}.text()),
      101);
}

TEST(OpeningHandshake, WantsVersion13) {
  for (const std::string_view value : {"", "8", "12", "14", "0", "013", "13, 13", "13,8", "+13",
                                       "13.0", "1000000000000000000000000000000"}) {
    Handshake handshake{.websocket_version = field("Sec-WebSocket-Version", value)};
    EXPECT_EQ(status_of(handshake.text()), 426) << value;
  }
  const std::string version = field("Sec-WebSocket-Version", "13");
  EXPECT_EQ(status_of(Handshake{.websocket_version = version + version}.text()), 426);
  const auto answer = answer_handshake(parse(Handshake{.websocket_version = ""}.text()), 1, rules);
  const auto& refused = std::get<Refused>(answer);
  EXPECT_EQ(refused.response.status, 426);
  const auto encoded = http::encode_response(refused.response, {});
  EXPECT_NE(encoded->head.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos);
  EXPECT_NE(encoded->head.find("\r\nUpgrade: websocket\r\n"), std::string::npos);
}

TEST(OpeningHandshake, HasNoBody) {
  EXPECT_EQ(status_of(Handshake{.more = "Content-Length: 5\r\n"}.text() + "hello"), 400);
  EXPECT_EQ(status_of(Handshake{.more = "Content-Length: 0\r\n"}.text()), 101);
  EXPECT_EQ(status_of(Handshake{.more = "Transfer-Encoding: chunked\r\n"}.text() + "0\r\n\r\n"),
            400);
}

TEST(OpeningHandshake, JudgesHostAndOrigin) {
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "evil.com")}.text()), 403);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "127.0.0.1.nip.io")}.text()), 403);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "ROBOT.:9000")}.text()), 101);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "[::1]:9000")}.text()), 101);
  EXPECT_EQ(status_of(Handshake{.host = ""}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "")}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "a@localhost")}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "[::1")}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.host = field("Host", "[::1]:99999")}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.more = field("Origin", "http://localhost:3000")}.text()), 101);
  for (const std::string_view origin :
       {"null", "file://", "", "http://localhost.evil.com", "http://evil.com#localhost",
        "http://localhost@evil.com", "http://evil.com", "\xff"}) {
    EXPECT_EQ(status_of(Handshake{.more = field("Origin", origin)}.text()), 403) << origin;
  }
  EXPECT_EQ(status_of(Handshake{.more = field("Origin", std::string(65536, 'o'))}.text()), 403);
  const std::string origin = field("Origin", "http://localhost");
  EXPECT_EQ(status_of(Handshake{.more = origin + origin}.text()), 403);
}

struct Choice {
  std::string_view offered, chosen;
};

TEST(OpeningHandshake, ChoosesTheServersBestSubprotocol) {
  const Choice choices[] = {
      {"v1.sim, v2.sim", "v2.sim"}, {"v1.sim", "v1.sim"}, {",, v1.sim ,", "v1.sim"},
      {"V2.SIM, v1.sim", "v1.sim"}, {"other", ""},        {"v2", ""},
  };
  for (const Choice& choice : choices) {
    Handshake handshake{.more = field("Sec-WebSocket-Protocol", choice.offered)};
    const auto answer = answer_handshake(parse(handshake.text()), 1, rules);
    const auto& accepted = std::get<Accepted>(answer);
    const std::string chosen = accepted.subprotocol ? *accepted.subprotocol : "";
    EXPECT_EQ(chosen, choice.chosen) << choice.offered;
    const std::string line = "\r\nSec-WebSocket-Protocol: " + chosen + "\r\n";
    const bool is_named = accepted.response.find(line) != std::string::npos;
    EXPECT_EQ(is_named, !choice.chosen.empty()) << accepted.response;
  }
}

TEST(OpeningHandshake, RefusesMalformedSubprotocols) {
  for (const std::string_view list :
       {"", ",", " , ", "a b", "a/b", "a;b", "\"a\"", "a, a", "a,b,,a", "{a}", "a\tb", "\xff"}) {
    Handshake handshake{.more = field("Sec-WebSocket-Protocol", list)};
    EXPECT_EQ(status_of(handshake.text()), 400) << list;
  }
  const std::string twice = field("Sec-WebSocket-Protocol", "a");
  EXPECT_EQ(status_of(Handshake{.more = twice + twice}.text()), 400);
  EXPECT_EQ(status_of(Handshake{.more = twice + field("Sec-WebSocket-Protocol", "b")}.text()), 101);
}

TEST(OpeningHandshake, TakesTenThousandSubprotocols) {
  std::string list;
  for (int i = 0; i < 10000; ++i) list += 'p' + std::to_string(i) + ", ";
  EXPECT_EQ(status_of(Handshake{.more = field("Sec-WebSocket-Protocol", list + "v1.sim")}.text()),
            101);
  EXPECT_EQ(status_of(Handshake{.more = field("Sec-WebSocket-Protocol", list + "p77")}.text()),
            400);
}

TEST(OpeningHandshake, IgnoresUnknownExtensionsAndRefusesMalformedOnes) {
  EXPECT_EQ(status_of(Handshake{.more = field("Sec-WebSocket-Extensions", "x; y=\"z\", w")}.text()),
            101);
  EXPECT_EQ(status_of(Handshake{.more = field("Sec-WebSocket-Extensions", "")}.text()), 101);
  for (const std::string_view list : {",", "x;", "x; y=\"z", "x y", ";"}) {
    EXPECT_EQ(status_of(Handshake{.more = field("Sec-WebSocket-Extensions", list)}.text()), 400)
        << list;
  }
  const std::string semicolons(65536, ';');
  EXPECT_EQ(status_of(Handshake{.more = field("Sec-WebSocket-Extensions", semicolons)}.text()),
            400);
}

int entry_status(std::string_view head) {
  const auto entry = refuse_entry(parse(std::string(head)), rules.entry);
  const auto* refused = std::get_if<Refused>(&entry);
  return refused == nullptr ? 200 : refused->response.status;
}

TEST(RefuseEntry, JudgesPlainRequestsToo) {
  EXPECT_EQ(entry_status("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(entry_status("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200);
  EXPECT_EQ(entry_status("GET / HTTP/1.0\r\nHost: evil.com\r\n\r\n"), 403);
  EXPECT_EQ(entry_status("GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n"), 403);
  EXPECT_EQ(entry_status("POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.com\r\n\r\n"),
            403);
  EXPECT_EQ(entry_status("POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://[::1]:1\r\n\r\n"),
            200);
  EXPECT_EQ(entry_status("POST / HTTP/1.0\r\nOrigin: http://evil.com\r\n\r\n"), 403);
}

struct Fetch {
  std::string_view fields;
  int status;
};

TEST(RefuseEntry, RefusesWhatAPageOfAnotherSiteLoads) {
  const Fetch fetches[] = {
      {"Sec-Fetch-Site: cross-site\r\n", 403},
      {"Sec-Fetch-Site: Cross-Site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n", 403},
      {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n", 403},
      {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", 403},
      {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: document\r\n",
       403},
      {"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
       200},
      {"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n", 200},
      {"Sec-Fetch-Site: same-site\r\nSec-Fetch-Dest: iframe\r\n", 200},
      {"Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n", 200},
      {"Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost:3000\r\n", 200},
      {"Sec-Fetch-Site: same-origin\r\nOrigin: http://evil.com\r\n", 403},
      {"", 200},
  };
  for (const Fetch& fetch : fetches) {
    std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    EXPECT_EQ(entry_status(head.append(fetch.fields).append("\r\n")), fetch.status) << fetch.fields;
  }
}

TEST(RefuseEntry, SaysWhichOptionAdmitsPagesOfOtherSites) {
  const RequestHead head =
      parse("GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n");
  const auto refused = refuse_entry(head, EntryRules{{}, {"https://lab.example"}, ""});
  EXPECT_EQ(std::get<Refused>(refused).reason,
            "a page of another site may not load this (Sec-Fetch-Site: cross-site); to admit any "
            "page, start the server with origins={'*'}");
  const auto admitted = refuse_entry(head, EntryRules{{}, {"*"}, ""});
  EXPECT_TRUE(std::holds_alternative<std::monostate>(admitted));
}

// RFC 9112, 3.2.2: the target's authority stands for Host.
TEST(RefuseEntry, JudgesTheHostThatAnAbsoluteTargetNames) {
  EXPECT_EQ(entry_status("GET http://evil.com/x HTTP/1.0\r\n\r\n"), 403);
  EXPECT_EQ(entry_status("GET http://localhost.evil.com:9000 HTTP/1.0\r\n\r\n"), 403);
  EXPECT_EQ(entry_status("GET http://localhost:9000/x HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(entry_status("GET http://evil.com/ HTTP/1.1\r\nHost: evil.com\r\n\r\n"), 403);
  EXPECT_EQ(entry_status("GET http://robot/ HTTP/1.0\r\nOrigin: http://robot:3000\r\n\r\n"), 200);
}

}  // namespace
}  // namespace simws::protocol
