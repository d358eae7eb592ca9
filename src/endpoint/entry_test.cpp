// Tokens, pages of other origins, proxies and rates: who may come in besides Host and Origin.
#include "endpoint/hostile_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace simws::endpoint::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string get(std::string_view target, std::string_view fields = {},
                std::string_view method = "GET") {
  return std::string(method)
      .append(" ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: localhost:9000\r\n")
      .append(fields)
      .append("\r\n");
}

std::string field_of(const std::string& answer, std::string_view name) {
  const std::string start = "\r\n" + std::string(name) + ": ";
  const std::size_t at = answer.find(start);
  if (at == std::string::npos) return "";
  const std::size_t from = at + start.size();
  return answer.substr(from, answer.find("\r\n", from) - from);
}

const std::string page = "Accept: text/html\r\n";

class Entry : public HostileTest {
 protected:
  void start_with_token() {
    ServerOptions options;
    options.tokens = {"s3cret"};
    on_http = [](Connection& connection, const HttpRequest& request) {
      (void)connection.respond({200, std::string(request.resource), {}});
    };
    on_fail = [this](Connection& connection) { error = connection.info().error; };
    start(std::move(options));
  }
  // What one connection is answered.
  std::string ask(const std::string& request) {
    auto peer = connect();
    peer->send(request);
    loop->run_until_idle();
    std::string answer = peer->take();
    peer->reset();
    loop->run_until_idle();
    return answer;
  }
  std::string status(const std::string& request) { return ask(request).substr(9, 3); }
  std::string cookie() {
    const std::string set = field_of(ask(get("/?token=s3cret", page)), "Set-Cookie");
    return "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  }

  std::string error;
};

TEST_P(Entry, ATokenOpensWhatItGuards) {
  start_with_token();
  for (const std::string& key : {std::string("Authorization: Bearer s3cret\r\n"), cookie()}) {
    EXPECT_EQ(status(get("/", key)), "200") << key;
    EXPECT_EQ(status(handshake(key)), "101") << key;
  }
  EXPECT_EQ(status(get("/?token=s3cret")), "200");
  EXPECT_EQ(status(handshake({}, "/?token=s3cret")), "101");
  events.clear();
  EXPECT_EQ(status(get("/")), "401");
  EXPECT_TRUE(events.empty()) << "the handler isn't asked";
  EXPECT_EQ(status(handshake()), "401");
  EXPECT_EQ(take_events(), (Words{"fail", "release"}));
  EXPECT_THAT(error, HasSubstr("option token"));
  ASSERT_EQ(log.size(), 2u);
  EXPECT_THAT(log[1], HasSubstr("option token"));
}

TEST_P(Entry, OtherRulesHoldWithATokenToo) {
  start_with_token();
  EXPECT_EQ(status(handshake("Origin: http://evil.example\r\n", "/?token=s3cret")), "403");
  EXPECT_EQ(status(get("/?token=s3cret", "Origin: http://evil.example\r\n")), "403");
  EXPECT_EQ(status("GET /?token=s3cret HTTP/1.1\r\nHost: evil.example\r\n\r\n"), "403");
}

TEST_P(Entry, AVisitGetsTheCookieAndAnAddressWithoutTheToken) {
  start_with_token();
  const std::string answer = ask(get("/page?token=s3cret&x=1", page));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 303 "));
  EXPECT_EQ(field_of(answer, "Location"), "/page?x=1");
  EXPECT_EQ(field_of(answer, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(field_of(answer, "Cache-Control"), "no-store");
  const std::string set = field_of(answer, "Set-Cookie");
  EXPECT_THAT(set, StartsWith("simws-9000="));
  EXPECT_TRUE(set.ends_with("; Path=/; HttpOnly; SameSite=Strict")) << set;
  EXPECT_THAT(answer, Not(HasSubstr("s3cret")));
  EXPECT_TRUE(events.empty());
  EXPECT_TRUE(log.empty());
}

TEST_P(Entry, AVisitsConnectionServesTheNextRequest) {
  start_with_token();
  auto peer = connect();
  peer->send(get("/?token=s3cret", page + "Content-Length: 4\r\n") + "body");
  const std::string set = field_of(peer->take(), "Set-Cookie");
  peer->send(get("/next", "Cookie: " + set.substr(0, set.find(';')) + "\r\n"));
  EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(take_events(), Words{"http GET /next"});
}

TEST_P(Entry, ThePagesWebSocketNeedsTheSamePort) {
  start_with_token();
  const std::string key = cookie();
  const auto from = [&](std::string_view origin) {
    return status(get("/", key +
                               "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                               "Sec-WebSocket-Version: 13\r\nOrigin: " +
                               std::string(origin) + "\r\n"));
  };
  EXPECT_EQ(from("http://localhost:9000"), "101");
  EXPECT_EQ(from("http://localhost:3000"), "403");
  EXPECT_THAT(log.back(), HasSubstr("origins"));
  EXPECT_EQ(status(get("/", key + "Origin: http://localhost:3000\r\n", "POST")), "403");
}

TEST_P(Entry, NobodySeesTokens) {
  on_open = [](Connection& connection) {
    const RequestHead& head = connection.info().request;
    EXPECT_EQ(head.resource(), "/a?token=***&b=c");
    EXPECT_EQ(head.find("Cookie"), "simws-9000=***");
  };
  start_with_token();
  ask(handshake(cookie(), "/a?token=s3cret&b=c"));
  EXPECT_EQ(count(events, "open"), 1);
  events.clear();
  EXPECT_TRUE(ask(get("/x?token=s3cret&y")).ends_with("/x?token=***&y"));
  EXPECT_EQ(take_events(), (Words{"http GET /x?token=***&y", "release"}));
  ask(handshake({}, "/?token=s3cre"));
  EXPECT_THAT(testing::PrintToString(log) + error, Not(HasSubstr("s3c")));
}

TEST_P(Entry, WithoutTheOptionATokenIsTheApplicationsOwn) {
  start();
  ask(get("/?token=s3cret", page + "Authorization: Bearer s3cret\r\n"));
  EXPECT_EQ(take_events(), Words{"http GET /?token=s3cret"});
}

TEST_P(Entry, TheStartLineShowsTheTokenToATerminalOnly) {
  for (const bool is_terminal : {true, false}) {
    ServerOptions options;
    options.tokens = {"s3c&ret", "other"};
    options.shows_token = is_terminal;
    std::string line;
    options.logger = [&](LogLevel, std::string_view text) { line = text; };
    core = std::make_unique<ServerCore>(*turn_end, std::move(options), ServerHandlers{});
    ASSERT_TRUE(core->listen(test_port));
    EXPECT_THAT(line, HasSubstr(is_terminal ? "open http://localhost:9000/?token=s3c%26ret or"
                                            : "open http://localhost:9000/?token=*** or"));
    EXPECT_THAT(line, Not(HasSubstr("other")));
    core->stop(false);
    loop->run_until_idle();
    core.reset();
  }
}

TEST_P(Entry, HostileHeadersWithAToken) {
  on_http = nullptr;
  ServerOptions options;
  options.tokens = {"s3cret"};
  options.ping_interval = Seconds{0};
  on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
    (void)connection.send(data, opcode);
  };
  start(std::move(options));
  const auto run_alone = [&](const std::string& request, const std::string& expected) {
    for (std::size_t cut = 1; cut <= request.size(); cut += request.size() > 500 ? 97 : 1) {
      auto peer = connect();
      peer->send(std::string_view(request).substr(0, cut));
      peer->send(std::string_view(request).substr(cut));
      loop->run_until_idle();
      EXPECT_EQ(words_of_answer(peer->take()), expected) << request << cut;
      peer->reset();
      loop->run_until_idle();
      events.clear();
      log.clear();
      if (HasFailure()) return;
    }
  };
  run_alone(handshake({}, "/?token=s3cret") + text("hi"), "101 text");
  run_alone(handshake({}, "/?token=wrong") + text("hi"), "401");
  run_alone(handshake("Cookie: " + std::string(8000, ';') + "\r\n"), "401");
  run_alone(handshake("Authorization: Bearer\r\nAuthorization: Bearer s3cret\r\n"), "401");
  run_alone(get("/?token=s3cret", page), "303");
  run_alone(get("/?" + std::string(8000, '&') + "token=s3cret", page), "303");
  run_alone(get("/?" + std::string(5000, '%') + "=&token=s3cret", page), "303");
}

TEST_P(Entry, PagesOfOtherOriginsReadWhereTheyAreListed) {
  ServerOptions options;
  options.cors_origins = {"https://dash.example"};
  options.tokens = {"s3cret"};
  on_http = [](Connection& connection, const HttpRequest&) {
    (void)connection.respond({200, "data", {}});
  };
  start(std::move(options));
  const std::string origin = "Origin: https://dash.example\r\n";
  const std::string answer = ask(get("/?token=s3cret", origin));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(field_of(answer, "Access-Control-Allow-Origin"), "https://dash.example");
  EXPECT_EQ(field_of(answer, "Vary"), "Origin");
  const std::string refusal = ask(get("/", origin));
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 401 "));
  EXPECT_EQ(field_of(refusal, "Access-Control-Allow-Origin"), "https://dash.example");
  events.clear();
  const std::string preflight =
      ask(get("/data", origin + "Access-Control-Request-Method: DELETE\r\n", "OPTIONS"));
  EXPECT_THAT(preflight, StartsWith("HTTP/1.1 204 "));
  EXPECT_EQ(field_of(preflight, "Access-Control-Allow-Methods"), "DELETE");
  EXPECT_EQ(field_of(preflight, "Access-Control-Allow-Origin"), "https://dash.example");
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(status(get("/data", origin, "OPTIONS")), "401") << "no preflight";
  EXPECT_EQ(status(handshake(origin, "/?token=s3cret")), "403") << "a WebSocket needs `origins`";
  const std::string stranger = ask(get("/?token=s3cret", "Origin: https://evil.example\r\n"));
  EXPECT_THAT(stranger, StartsWith("HTTP/1.1 403 "));
  EXPECT_EQ(field_of(stranger, "Access-Control-Allow-Origin"), "");
}

class BehindAProxy : public Entry {
 protected:
  void start_behind(ServerOptions options = {}, const char* proxy = "127.0.0.0/8") {
    options.trusted_proxies = {proxy};
    on_upgrade = [this](Connection& connection, const HttpRequest&) {
      client = connection.info().remote_address;
      (void)connection.admit();
    };
    on_http = [this](Connection& connection, const HttpRequest&) {
      client = connection.info().remote_address;
      (void)connection.respond({200, "", {}});
    };
    start(std::move(options));
  }
  static std::string by(std::string_view client) {
    return "X-Forwarded-For: " + std::string(client) + "\r\n";
  }

  std::string client;
};

TEST_P(BehindAProxy, TheClientIsWhoItSays) {
  start_behind();
  ask(handshake(by("198.51.100.1, 203.0.113.9")));
  EXPECT_EQ(client, "203.0.113.9");
  ask(get("/", by("[2001:db8::1]:4711")));
  EXPECT_EQ(client, "[2001:db8::1]:4711");
  ask(get("/"));
  EXPECT_THAT(client, StartsWith("127.0.0.1:"));
  ask(handshake(by("203.0.113.9") + "Origin: http://evil.example\r\n"));
  EXPECT_THAT(log.back(), StartsWith("203.0.113.9: refused with 403"));
}

TEST_P(BehindAProxy, NobodyElseIsBelieved) {
  start_behind({}, "10.0.0.0/8");
  ask(handshake(by("203.0.113.9")));
  EXPECT_THAT(client, StartsWith("127.0.0.1:"));
}

TEST_P(BehindAProxy, TheLimitOfAnAddressIsTheClients) {
  ServerOptions options;
  options.max_connections_per_address = 2;
  start_behind(std::move(options));
  std::vector<std::unique_ptr<transport::MemoryPeer>> peers;
  const auto open_for = [&](std::string_view address) {
    peers.push_back(connect());
    peers.back()->send(handshake(by(address)));
    loop->run_until_idle();
    return peers.back()->take().substr(9, 3);
  };
  EXPECT_EQ(open_for("203.0.113.9"), "101");
  EXPECT_EQ(open_for("203.0.113.9"), "101");
  EXPECT_EQ(open_for("203.0.113.9"), "503");
  EXPECT_EQ(open_for("203.0.113.8"), "101");
  peers.front()->reset();
  loop->run_until_idle();
  EXPECT_EQ(open_for("203.0.113.9"), "101");
}

TEST_P(BehindAProxy, OneConnectionMayServeManyClients) {
  ServerOptions options;
  options.max_connections_per_address = 1;
  start_behind(std::move(options));
  auto proxy = connect();
  for (int i = 0; i < 10; ++i) {
    proxy->send(get("/", by("203.0.113." + std::to_string(i % 3))));
    EXPECT_THAT(proxy->take(), StartsWith("HTTP/1.1 200 "));
    EXPECT_EQ(client, "203.0.113." + std::to_string(i % 3));
  }
  EXPECT_EQ(status(handshake(by("203.0.113.0"))), "503") << "its last";
  EXPECT_EQ(status(handshake(by("203.0.113.1"))), "101");
}

TEST_P(BehindAProxy, TheRateIsTheClients) {
  ServerOptions options;
  options.max_handshakes_per_second = 2;
  start_behind(std::move(options));
  for (const char* expected : {"101", "101", "503", "503"}) {
    EXPECT_EQ(status(handshake(by("203.0.113.9"))), expected);
  }
  EXPECT_EQ(status(handshake(by("203.0.113.8"))), "101");
  advance(1);
  EXPECT_EQ(status(handshake(by("203.0.113.9"))), "101");
}

TEST_P(BehindAProxy, HttpsIsWhatTheProxySays) {
  ServerOptions options;
  options.tokens = {"s3cret"};
  options.hosts = {"robot.example"};
  start_behind(std::move(options));
  const std::string start = " HTTP/1.1\r\nHost: robot.example\r\nX-Forwarded-Proto: https\r\n";
  const std::string answer = ask("GET /?token=s3cret" + start + by("203.0.113.9") + page + "\r\n");
  const std::string set = field_of(answer, "Set-Cookie");
  EXPECT_TRUE(set.ends_with("; Secure")) << set;
  const std::string key = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  const std::string rest =
      start + by("203.0.113.9") + key + "Origin: https://robot.example\r\n\r\n";
  EXPECT_EQ(status("POST /" + rest), "200");
}

TEST_P(BehindAProxy, ItsHostIsBelievedWhereThatIsWanted) {
  for (const bool trusts : {true, false}) {
    ServerOptions options;
    options.trust_forwarded_host = trusts;
    start_behind(std::move(options));
    const std::string fields = by("203.0.113.9") + "X-Forwarded-Host: evil.example\r\n";
    EXPECT_EQ(status(get("/", fields)), trusts ? "403" : "200");
    core->stop(false);
    loop->run_until_idle();
    core.reset();
  }
}

TEST_P(Entry, SoManyConnectionsOfAnAddressInASecond) {
  ServerOptions options;
  options.max_handshakes_per_second = 3;
  start(std::move(options));
  for (const char* expected : {"101", "101", "101", "503"}) {
    EXPECT_EQ(status(handshake()), expected);
  }
  events.clear();
  const std::string answer = ask(handshake());
  EXPECT_EQ(field_of(answer, "Retry-After"), "1");
  EXPECT_EQ(take_events(), (Words{"fail", "release"}));
  EXPECT_THAT(log.back(), HasSubstr("maxHandshakesPerSecond"));
  EXPECT_EQ(core->info().refused, 2u);
  advance(1);
  EXPECT_EQ(status(handshake()), "101");
}

TEST_P(Entry, GuessesOfATokenAreHandshakes) {
  ServerOptions options;
  options.max_handshakes_per_second = 3;
  options.tokens = {"s3cret"};
  start(std::move(options));
  auto peer = connect();
  for (int i = 0; i < 3; ++i) peer->send(get("/?token=guess"));
  EXPECT_EQ(words_of_answer(peer->take()), "401") << "one for each connection";
  for (const char* expected : {"401", "401", "503"}) {
    EXPECT_EQ(status(get("/?token=guess")), expected);
  }
}

TEST_P(Entry, WrongProxiesAreAnError) {
  ServerOptions options;
  options.trusted_proxies = {"10.0.0.0/8", "proxy.example"};
  options.logger = [](LogLevel, std::string_view) {};
  core = std::make_unique<ServerCore>(*turn_end, std::move(options), ServerHandlers{});
  const auto listening = core->listen(test_port);
  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error().message,
              HasSubstr("trustedProxies: 'proxy.example' is no address"));
}

INSTANTIATE_TEST_SUITE_P(Over, Entry, testing::Values(Wire::plain), wire_name);
INSTANTIATE_TEST_SUITE_P(Over, BehindAProxy, testing::Values(Wire::plain), wire_name);

}  // namespace
}  // namespace simws::endpoint::test
