// Requests that are malformed, smuggled, endless or no HTTP at all, and answers that can't be sent.
#include "endpoint/hostile_test_fixture.h"

#include <random>
#include <stdexcept>

namespace simws::endpoint {
namespace {

using namespace test;

const Words failed{"fail", "release"};
const Words posted{"http POST /"};
const Words got{"http GET /"};
const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

// A request with these fields, and what follows its head.
std::string post(const std::string& fields, const std::string& body = {},
                 const std::string& version = "1.1") {
  return "POST / HTTP/" + version + "\r\nHost: localhost\r\n" + fields + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string target(const std::string& request_line) {
  return request_line + "\r\nHost: localhost\r\n\r\n";
}

std::string field(const std::string& bytes) {
  return "GET / HTTP/1.1\r\nHost: localhost\r\n" + bytes + "\r\n\r\n";
}

TEST_P(HostileTest, ContentLengths) {
  serve();
  const std::string five = "Content-Length: 5\r\n";
  run({
      {"with Transfer-Encoding", post(five + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400",
       failed},
      {"two different", post(five + "Content-Length: 6\r\n", "hello!"), "400", failed},
      {"two equal", post(five + five, "hello"), "400", failed},
      {"spaces behind", post("Content-Length: 5 \r\n", "hello"), "200", posted},
  });
  for (const char* value : {"+5", "-1", "0x10", "5,5", "5 5", "", "9223372036854775808",
                            "18446744073709551616", "10000000000000000000000000000000000000000"}) {
    const std::string length = "Content-Length: " + std::string(value) + "\r\n";
    // 2^63 is a number, and over every limit.
    const bool is_number = std::string(value) == "9223372036854775808";
    run({value, post(length, "hello"), is_number ? "413" : "400", is_number ? Words{} : failed});
  }
}

TEST_P(HostileTest, EntryIsJudgedBeforeTheBodyComes) {
  serve();
  const std::string length = "Content-Length: 1000\r\n";
  const std::string expect = length + "Expect: 100-continue\r\n";
  const auto stranger = [](const std::string& fields) {
    return "POST / HTTP/1.1\r\nHost: evil.example\r\n" + fields + "\r\n";
  };
  run({
      {"a foreign Host", stranger(length), "403"},
      {"a foreign Host in chunks", stranger("Transfer-Encoding: chunked\r\n"), "403"},
      {"a foreign Host that waits", stranger(expect), "403"},
      {"a foreign Origin", post(length + "Origin: http://evil.example\r\n"), "403"},
      {"a foreign Origin that waits", post(expect + "Origin: http://evil.example\r\n"), "403"},
      {"no stranger that waits", post(expect), "100"},
      {"a WebSocket with a body", Opening{.more = length}.bytes(), "400", failed},
      {"a WebSocket with chunks", Opening{.more = "Transfer-Encoding: chunked\r\n"}.bytes(), "400",
       failed},
      {"a WebSocket that waits", Opening{.more = expect}.bytes(), "400", failed},
  });
}

TEST_P(HostileTest, TransferEncodings) {
  serve();
  const std::string chunk = "5\r\nhello\r\n0\r\n\r\n";
  const auto coding = [&](const std::string& value) {
    return post("Transfer-Encoding: " + value + "\r\n", chunk);
  };
  run({
      {"chunked", coding("chunked"), "200", posted},
      {"white space around", coding(" chunked\t"), "200", posted},
      {"capital", coding("Chunked"), "200", posted},
      {"not last", coding("chunked, gzip"), "400", failed},
      {"behind another", coding("gzip, chunked"), "501"},
      {"another word", coding("xchunked"), "400", failed},
      {"vertical tab", coding("chunked\x0b"), "400", failed},
      {"twice", coding("chunked, chunked"), "400", failed},
      {"HTTP/1.0", post("Transfer-Encoding: chunked\r\n", chunk, "1.0"), "400", failed},
  });
}

TEST_P(HostileTest, Chunks) {
  serve();
  const std::string rest = "\r\nh\r\n0\r\n\r\n";
  for (const char* size :
       {"-1", "+1", "0x1", "1_0", "", " 1", "10000000000000000", "1\n", "g", "1\r"}) {
    run({std::string("size ") + size, chunked(size + rest), "400", failed});
  }
  const std::string extension = ";" + std::string(8192, 'e');
  run({
      {"2^64-1", chunked("FFFFFFFFFFFFFFFF" + rest), "413"},
      {"8 KB of extension", chunked("1" + extension + rest), "200", posted},
      {"32 KB of extension", chunked("1" + extension + extension + extension + extension + rest),
       "413"},
      {"no line end after the data", chunked("1\r\nh0\r\n\r\n"), "400", failed},
      {"data longer than its size", chunked("1\r\nhello\r\n0\r\n\r\n"), "400", failed},
      {"Content-Length in the trailer", chunked("0\r\nContent-Length: 5\r\n\r\n"), "400", failed},
      {"Host in the trailer", chunked("0\r\nHost: localhost\r\n\r\n"), "400", failed},
      {"trailer", chunked("1" + rest.substr(0, 5) + "0\r\nX-Checksum: 1\r\n\r\n"), "200", posted},
  });
}

TEST_P(HostileTest, FieldsThatAreNone) {
  serve();
  const std::string bad[] = {"A: b\r\n folded",
                             "A : b",
                             ": b",
                             "no colon",
                             "A\x7f: b",
                             "A\xc3: b",
                             std::string("A\0: b", 5),
                             std::string("A: b\0", 5),
                             "A: b\rB: c",
                             "A: b\nB: c",
                             "A: \x7f"};
  for (const std::string& bytes : bad) {
    run({testing::PrintToString(bytes), field(bytes), "400", failed});
  }
  run({"obs-text in a value", field("A: \xe9"), "200", got});
}

TEST_P(HostileTest, HeadersBelowAtAndAboveTheLimit) {
  ServerOptions options;
  options.max_header_size = 1024;
  serve(options);
  const auto of_size = [](std::size_t size) {
    const std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\nA: ";
    return head + std::string(size - head.size() - 4, 'a') + "\r\n\r\n";
  };
  const auto line_of_size = [](std::size_t size) {
    return "GET /" + std::string(size - 16, 'a') + " HTTP/1.1\r\n";
  };
  ASSERT_EQ(of_size(1024).size(), 1024u);
  ASSERT_EQ(line_of_size(1024).size(), 1024u);
  run({
      {"below", of_size(1023), "200", got},
      {"at", of_size(1024), "200", got},
      {"above", of_size(1025), "431", failed},
      {"the line above", line_of_size(1025), "414", failed},
  });
}

TEST_P(HostileTest, EndlessHeaders) {
  serve();
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  run({
      {"a line of 64 KB", target("GET /" + std::string(65'536, 'a') + " HTTP/1.1"), "414", failed},
      {"a method of 64 KB", target(std::string(65'536, 'A') + " / HTTP/1.1"), "431", failed},
      {"10,000 fields", field(many), "431", failed},
      {"one field of 1 MB", field("A: " + std::string(1u << 20, 'a')), "431", failed},
  });
}

TEST_P(HostileTest, Targets) {
  serve();
  for (const char* path :
       {"/..", "/%2e%2e/%2e%2e%2f", "/%252e", "/..%5c", "/\\..\\", "//etc", "/C:/", "/%00",
        "/%c0%ae", "/%", "/%zz", "/CON", "/file::$DATA", "/a."}) {
    run({path,
         target("GET " + std::string(path) + " HTTP/1.1"),
         "200",
         {"http GET " + std::string(path)}});  // as sent: what it names is the application's to say
  }
  run({
      {"asterisk of GET", target("GET * HTTP/1.1"), "400", failed},
      {"asterisk of OPTIONS", target("OPTIONS * HTTP/1.1"), "200", {"http OPTIONS *"}},
      {"authority form", target("GET localhost:80 HTTP/1.1"), "400", failed},
      {"CONNECT", target("CONNECT localhost:80 HTTP/1.1"), "501"},
      {"another scheme", target("GET ftp://localhost/ HTTP/1.1"), "400", failed},
      {"no target", target("GET  HTTP/1.1"), "400", failed},
  });
}

TEST_P(HostileTest, BodiesAndExpectations) {
  ServerOptions options;
  options.max_body_size = 100;
  serve(options);
  const std::string wait = "Expect: 100-continue\r\n";
  run({
      {"at the limit", post("Content-Length: 100\r\n", std::string(100, 'b')), "200", posted},
      {"over the limit", post("Content-Length: 101\r\n", std::string(101, 'b')), "413"},
      {"over the limit in chunks",
       chunked("40\r\n" + std::string(64, 'b') + "\r\n40\r\n" + std::string(64, 'b') + "\r\n"),
       "413"},
      {"over the limit, asked before", post(wait + "Content-Length: 101\r\n"), "413"},
      {"another expectation", post("Expect: a-lot\r\nContent-Length: 1\r\n", "b"), "417"},
      {"HEAD", target("HEAD / HTTP/1.1"), "200", {"http HEAD /"}},
  });
  auto peer = connect();
  peer->send(post(wait + "Content-Length: 2\r\n"));
  EXPECT_EQ(words_of_answer(peer->take()), "100");
  peer->send("ok");
  EXPECT_EQ(words_of_answer(peer->take()), "200");
}

TEST_P(HostileTest, OtherProtocols) {
  serve();
  std::mt19937 random(1);
  std::string noise = "\xff";
  for (int i = 0; i < 500; ++i) noise += static_cast<char>(random());
  run({
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505", failed},
      {"TLS ClientHello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + noise,
       "", failed},
      {"SSH", "SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "400", failed},
      {"PROXY", "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + get, "400", failed},
      {"noise", noise, "400", failed},
      {"frames without a handshake", text("hello"), "400", failed},
  });
}

TEST_P(HostileTest, PipelinedRequestsAreAnsweredInOrder) {
  serve();
  std::string requests;
  std::string expected;
  for (int i = 0; i < 10'000; ++i) {
    requests += get;
    expected += expected.empty() ? "200" : " 200";
  }
  auto peer = connect();
  peer->send(requests);
  loop->run_until_idle();
  EXPECT_TRUE(words_of_answer(peer->take()) == expected);
  events.clear();
  run({
      {"behind close", field("Connection: close") + get, "200", got},
      {"an upgrade",
       get + handshake() + text("a"),
       "200 101 text",
       {"http GET /", "open", "text a"}},
      {"behind one that is wrong", field("no colon") + get, "400", failed},
      {"one that is wrong", get + field("no colon"), "200 400", {"http GET /", "fail", "release"}},
  });
}

TEST_P(HostileTest, RequestsBehindAnAnswerThatComesLater) {
  std::vector<Connection*> asking;
  on_http = [&](Connection& connection, const HttpRequest&) { asking.push_back(&connection); };
  serve();
  auto peer = connect();
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += get;
  peer->send(requests + handshake() + text("a"));
  for (std::size_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(asking.size(), i + 1);
    EXPECT_TRUE(*asking[i]->respond({200, "late", {}}));
    loop->run_until_idle();
  }
  EXPECT_EQ(count(events, "open"), 1);
  EXPECT_EQ(count(events, "text a"), 1);
}

TEST_P(HostileTest, TheClientGoesWhileItsAnswerIsPending) {
  for (const bool resets : {false, true}) {
    Connection* asking = nullptr;
    on_http = [&](Connection& connection, const HttpRequest&) { asking = &connection; };
    serve();
    auto peer = connect();
    peer->send(get + get);
    resets ? peer->reset() : peer->finish();
    loop->run_until_idle();
    EXPECT_EQ(events, got);
    EXPECT_TRUE(*asking->respond({200, "late", {}}));
    loop->run_until_idle();
    if (!resets) {
      EXPECT_TRUE(*asking->respond({200, "later", {}}));
      loop->run_until_idle();
      EXPECT_EQ(words_of_answer(peer->take()), "200 200");
    }
    loop->run_until_idle();
    EXPECT_EQ(count(events, "release"), 1);
    expect_clean();
    core.reset();
    events.clear();
  }
}

TEST_P(HostileTest, AnswersThatCannotBeSent) {
  HttpResponse answer;
  on_http = [&](Connection& connection, const HttpRequest&) {
    EXPECT_FALSE(connection.respond(answer));
  };
  serve();
  const HttpResponse wrong[] = {
      {200, "", {{"X", "a\r\nSet-Cookie: b"}}},
      {200, "", {{"X: a\r\nY", "b"}}},
      {200, "", {{"", "b"}}},
      {200, "", {{"X", std::string("a\0", 2)}}},
      {0, "", {}},
      {99, "", {}},
      {1000, "", {}},
      {101, "", {}},
      {-1, "", {}},
      {100, "", {}},
  };
  for (const HttpResponse& each : wrong) {
    answer = each;
    run({std::to_string(each.status), get, "500", got});
  }
}

TEST_P(HostileTest, AnswersWithoutContent) {
  int status = 0;
  on_http = [&](Connection& connection, const HttpRequest&) {
    EXPECT_TRUE(*connection.respond({status, "no body may follow", {{"Content-Length", "3"}}}));
  };
  serve();
  for (const int each : {204, 205, 304}) {
    status = each;
    const std::string word = std::to_string(each);
    run({word, get + get, word + " " + word, {"http GET /", "http GET /"}});
  }
}

TEST_P(HostileTest, AnHttpHandlerThatThrows) {
  on_http = [](Connection&, const HttpRequest&) { throw std::runtime_error("oops"); };
  serve();
  run({"throws", get, "500", got});
}

}  // namespace
}  // namespace simws::endpoint
