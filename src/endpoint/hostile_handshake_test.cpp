// Opening handshakes that are wrong, from someone else, or unusual.
#include "endpoint/hostile_test_fixture.h"

namespace simws::endpoint {
namespace {

using namespace test;

const Words failed{"fail", "release"};
const Words opened{"open"};
const Words served{"http GET /"};

std::string key(const std::string& value) {
  return Opening{.key = "Sec-WebSocket-Key: " + value + "\r\n"}.bytes();
}

std::string version(const std::string& value) {
  return Opening{.version = "Sec-WebSocket-Version: " + value + "\r\n"}.bytes();
}

std::string connection(const std::string& value) {
  return Opening{.connection = "Connection: " + value + "\r\n"}.bytes();
}

std::string upgrade(const std::string& value) {
  return Opening{.upgrade = "Upgrade: " + value + "\r\n"}.bytes();
}

std::string host(const std::string& fields) {
  return Opening{.host = fields}.bytes();
}

std::string more(const std::string& name, const std::string& value) {
  return Opening{.more = name + ": " + value + "\r\n"}.bytes();
}

std::string origin(const std::string& value) {
  return more("Origin", value);
}

std::string line(const std::string& request_line, const std::string& more = {}) {
  return Opening{.line = request_line, .more = more}.bytes();
}

TEST_P(HostileTest, KeyThatIsNone) {
  serve();
  const std::string good = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  run({
      {"missing", Opening{.key = ""}.bytes(), "400", failed},
      {"empty", key(""), "400", failed},
      {"15 bytes", key("dGhlIHNhbXBsZSBub25j"), "400", failed},
      {"17 bytes", key("dGhlIHNhbXBsZSBub25jZWU="), "400", failed},
      {"not base64", key("dGhlIHNhbXBsZ!Bub25jZQ=="), "400", failed},
      {"bad padding", key("dGhlIHNhbXBsZSBub25jZQ=A"), "400", failed},
      {"10 KB", key(std::string(10'240, 'A')), "400", failed},
      {"with NUL", key(std::string("dGhlIHNhbXBsZ\0Bub25jZQ==", 24)), "400", failed},
      {"two", Opening{.key = good + good}.bytes(), "400", failed},
  });
}

TEST_P(HostileTest, VersionOtherThan13) {
  serve();
  run({{"missing", Opening{.version = ""}.bytes(), "426", failed}});
  for (const char* value :
       {"8", "12", "14", "0", "013", "13, 13", "1000000000000000000000000000000"}) {
    run({value, version(value), "426", failed});
  }
  auto peer = connect();
  peer->send(version("8"));
  EXPECT_NE(peer->take().find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos);
}

TEST_P(HostileTest, MethodsAndBodiesThatOpenNothing) {
  serve();
  for (const char* method : {"POST", "HEAD", "PUT", "OPTIONS"}) {
    run({method, line(std::string(method) + " / HTTP/1.1"), "405", failed});
  }
  const std::string frames = text("no frame");
  const std::string length = "Content-Length: " + std::to_string(frames.size()) + "\r\n";
  run({"a body like frames", line("GET / HTTP/1.1", length) + frames, "400", failed});
  run({"a chunked body", line("GET / HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
       "400", failed});
}

TEST_P(HostileTest, HttpVersions) {
  serve();
  run({
      {"1.0", line("GET / HTTP/1.0"), "400", failed},
      {"0.9", line("GET /"), "400", failed},
      {"1.2", line("GET / HTTP/1.2"), "101", opened},
      {"2.0", line("GET / HTTP/2.0"), "505", failed},
      {"1.1x", line("GET / HTTP/1.1x"), "400", failed},
      {"lower case", line("GET / http/1.1"), "400", failed},
  });
}

TEST_P(HostileTest, ConnectionAndUpgrade) {
  serve();
  run({
      {"among others", connection("keep-alive, Upgrade"), "101", opened},
      {"in capitals", connection("UPGRADE"), "101", opened},
      {"websocket in other case", upgrade("WebSocket"), "101", opened},
      {"another word", connection("upgradefoo"), "400", failed},
      {"no Connection", Opening{.connection = ""}.bytes(), "400", failed},
      {"no Upgrade", Opening{.upgrade = ""}.bytes(), "200", served},
      {"h2c first", upgrade("h2c, websocket"), "101", opened},
      {"h2c", upgrade("h2c"), "200", served},
      {"not websocket", upgrade("notwebsocket"), "200", served},
  });
}

TEST_P(HostileTest, FramesInTheHandshakesPacket) {
  serve();
  run({
      {"accepted",
       handshake() + text("a") + client_close(1000),
       "101 text close 1000",
       {"open", "text a", "close 1000 clean", "release"}},
      {"refused", key("x") + text("a") + client_close(1000), "400", failed},
  });
}

TEST_P(HostileTest, SubprotocolLists) {
  ServerOptions options;
  options.subprotocols = {"robot.v2", "robot.v1"};
  serve(options);
  const auto offer = [](const std::string& list) { return more("Sec-WebSocket-Protocol", list); };
  std::string many = "p0", very_many = "p0";
  for (int i = 1; i < 1500; ++i) many += ", p" + std::to_string(i);
  for (int i = 1; i < 10'000; ++i) very_many += ", p" + std::to_string(i);
  run({
      {"empty items", offer(",, robot.v1,,"), "101", opened},
      {"nothing but empty items", offer(", ,"), "400", failed},
      {"duplicates", offer("robot.v1, robot.v1"), "400", failed},
      {"spaces inside", offer("robot v1"), "400", failed},
      {"separators", offer("robot(v1)"), "400", failed},
      {"quotes", offer("\"robot.v1\""), "400", failed},
      {"many", offer(many), "101", opened},
      {"10,000", offer(very_many), "431", failed},
      {"none matching", offer("superchat, chat"), "101", opened},
      {"a field smuggled in", offer("a\r\n\tSet-Cookie: b"), "400", failed},
  });
}

TEST_P(HostileTest, SubprotocolAnsweredIsOneOfThoseOffered) {
  ServerOptions options;
  options.subprotocols = {"robot.v2", "robot.v1"};
  serve(options);
  for (const auto& [offered, chosen] :
       {std::pair("chat, robot.v1, robot.v2", "robot.v2"), std::pair("robot.v1, x", "robot.v1"),
        std::pair("ROBOT.V1, robot", "")}) {
    auto peer = connect();
    peer->send(more("Sec-WebSocket-Protocol", offered));
    const std::string answer = peer->take();
    const std::string field = "Sec-WebSocket-Protocol: ";
    const std::size_t at = answer.find(field);
    EXPECT_EQ(at == std::string::npos
                  ? ""
                  : answer.substr(at + field.size(), answer.find("\r\n", at) - at - field.size()),
              chosen);
  }
}

TEST_P(HostileTest, ExtensionOffers) {
  serve();
  const auto offer = [](const std::string& list) { return more("Sec-WebSocket-Extensions", list); };
  for (const char* list :
       {"permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=16", "constructor", "__proto__; a=b",
        "permessage-deflate; client_max_window_bits=08", "permessage-deflate; unknown",
        "permessage-deflate; client_max_window_bits=99999999999",
        "permessage-deflate; client_max_window_bits=\"10\"",
        "permessage-deflate; client_max_window_bits; client_max_window_bits"}) {
    run({list, offer(list), "101", opened});  // no extension is spoken, so none is answered
  }
  std::string escapes = "a; b=\"";
  while (escapes.size() < 15'000) escapes += "\\\\\\\"";
  run({
      {"unbalanced quote", offer("a; b=\"c"), "400", failed},
      {"64 KB of semicolons", offer(std::string(65'536, ';')), "431", failed},
      {"15 KB of semicolons", offer(std::string(15'000, ';')), "400", failed},
      {"15 KB of escapes", offer(escapes), "400", failed},
      {"15 KB of escapes that end", offer(escapes + "\""), "400", failed},
  });
}

TEST_P(HostileTest, OriginsOfStrangers) {
  serve();
  for (const char* value :
       {"null", "file://", "", "http://localhost.evil.com", "http://evil.com#localhost",
        "http://localhost@evil.com", "http://127.0.0.1.nip.io", "http://0.0.0.0",
        "http://2130706433", "http://evil.com", "http://local\xC3\x28host", "http://localhost/"}) {
    run({value, origin(value), "403", failed});
    run({std::string(value) + " by plain HTTP",
         "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: " + std::string(value) + "\r\n\r\n",
         "403"});
  }
  const std::string own = "Origin: http://localhost\r\n";
  run({
      {"two", Opening{.more = own + own}.bytes(), "403", failed},
      {"64 KB", origin("http://" + std::string(65'536, 'a')), "431", failed},
      {"15 KB", origin("http://" + std::string(15'000, 'a')), "403", failed},
  });
}

TEST_P(HostileTest, OriginsOfThisMachine) {
  serve();
  for (const char* value : {"http://[::1]", "http://localhost:81", "https://localhost",
                            "HTTP://LOCALHOST", "http://localhost."}) {
    run({value, origin(value), "101", opened});
  }
}

TEST_P(HostileTest, Hosts) {
  serve();
  const std::string own = "Host: localhost\r\n";
  run({
      {"missing", host(""), "400", failed},
      {"two", host(own + own), "400", failed},
      {"empty", host("Host: \r\n"), "400", failed},
      {"user-info", host("Host: a@localhost\r\n"), "400", failed},
      {"rebinding", host("Host: evil.com\r\n"), "403", failed},
      {"the right port", host("Host: 127.0.0.1:9000\r\n"), "101", opened},
      {"another port", host("Host: 127.0.0.1:1\r\n"), "101", opened},
      {"no bracket", host("Host: [::1\r\n"), "400", failed},
      {"port out of range", host("Host: [::1]:99999\r\n"), "400", failed},
      {"trailing dot", host("Host: localhost.\r\n"), "101", opened},
      {"absolute form of another host", line("GET http://evil.com/ HTTP/1.1"), "400", failed},
      {"absolute form of this host", line("GET http://localhost/ HTTP/1.1"), "101", opened},
      {"plain HTTP of a stranger", "GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n", "403"},
  });
}

TEST_P(HostileTest, FailCallbackKnowsWhatWasAskedFor) {
  serve();
  Words asked;
  on_fail = [&](Connection& connection) {
    const RequestHead request = connection.info().request;
    std::size_t fields = 0;
    request.for_each([&](std::string_view, std::string_view) { ++fields; });
    asked.push_back(std::string(request.resource()) + " of " + std::to_string(fields) + " fields");
  };
  for (const std::string& first_host : {std::string(), std::string("Host: evil.com\r\n")}) {
    auto peer = connect();
    peer->send(Opening{.line = "GET /arm?joint=2 HTTP/1.1", .host = first_host}.bytes());
  }
  EXPECT_EQ(asked, (Words{"/arm?joint=2 of 4 fields", "/arm?joint=2 of 5 fields"}));
}

}  // namespace
}  // namespace simws::endpoint
