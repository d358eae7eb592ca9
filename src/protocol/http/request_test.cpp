#include "protocol/http/request.h"

#include "protocol/http/parse_every_way_test.h"

namespace simws::protocol::http {
namespace {

constexpr std::string_view plain_get = "GET /page?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Complete {
  std::string_view input, outcome;
};

// The outcome's words: method, target, minor version, keep-alive; fields; body.
const Complete complete_requests[] = {
    {plain_get, "GET /page?x=1 1 keep\nHost=localhost\n"},
    {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1 keep\nHost=a\n"},
    {"GET / HTTP/1.0\r\n\r\n", "GET / 0 close\n"},
    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET / 0 keep\nConnection=Keep-Alive\n"},
    {"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
     "GET / 0 close\nConnection=keep-alive, close\n"},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n",
     "GET / 1 close\nHost=a\nConnection=x, CLOSE\n"},
    {"GET / HTTP/1.2\r\nHost: a\r\n\r\n", "GET / 1 keep\nHost=a\n"},
    {"GET / HTTP/1.9\r\nHost: a\r\n\r\n", "GET / 1 keep\nHost=a\n"},
    {"get / HTTP/1.1\r\nHost: a\r\n\r\n", "get / 1 keep\nHost=a\n"},
    {"M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n", "M-SEARCH / 1 keep\nHost=a\n"},
    {"GET / HTTP/1.1\r\nHost:a\r\nX:\r\nY: \t \r\nZ: \t b c\t \r\n\r\n",
     "GET / 1 keep\nHost=a\nX=\nY=\nZ=b c\n"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: \x80\xff\r\n\r\n", "GET / 1 keep\nHost=a\nX=\x80\xff\n"},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\n\r\n", "GET / 1 keep\nHost=a\nX=1\nx=2\n"},
    {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", "GET / 1 keep\nHost=[::1]:8080\n"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
     "POST / 1 keep\nHost=a\nContent-Length=5\nhello"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:  5 \t\r\n\r\nhello",
     "POST / 1 keep\nHost=a\nContent-Length=5\nhello"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello",
     "POST / 1 keep\nHost=a\nContent-Length=005\nhello"},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
     "POST / 1 keep\nHost=a\nContent-Length=0\n"},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * 1 keep\nHost=a\n"},
    {"GET http://a/b?c HTTP/1.1\r\nHost: A:80\r\n\r\n", "GET /b?c 1 keep\nHost=A:80\n"},
    {"GET HTTPS://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1 keep\nHost=a\n"},
    {"GET https://a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1 keep\nHost=a\n"},
    {"GET http://a:/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET / 1 keep\nHost=a\n"},
    {"GET http://a:9/ HTTP/1.1\r\nHost: a:9\r\n\r\n", "GET / 1 keep\nHost=a:9\n"},
    {"GET http://a?c HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?c 1 keep\nHost=a\n"},
    {"GET http://a:8080/ HTTP/1.0\r\n\r\n", "GET / 0 close\nHost=a:8080\n"},
    {"GET http://a/ HTTP/1.0\r\nHost: a\r\n\r\n", "GET / 0 close\nHost=a\n"},
};

TEST(RequestParser, TakesCompleteRequests) {
  for (const Complete& request : complete_requests) {
    SCOPED_TRACE(request.input);
    const Outcome outcome = parse_every_way(request.input);
    std::string taken = "done@";
    taken.append(std::to_string(request.input.size())).push_back(' ');
    EXPECT_EQ(text_of(outcome), taken.append(request.outcome));
  }
}

TEST(RequestParser, HandsTargetsOnAsSent) {
  for (const std::string_view target :
       {"/..", "/%2e%2e", "/%2e%2e%2f", "/%252e", "/..%5c", "/\\..\\", "//etc", "/C:/", "/%00",
        "/%c0%ae", "/%", "/%zz", "/CON", "/NUL", "/file::$DATA", "/dot.", "/directory", "/a?b"}) {
    std::string input = "GET ";
    input.append(target).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
    const Outcome outcome = parse_every_way(input);
    EXPECT_EQ(status_of(outcome), 0) << target;
    EXPECT_EQ(outcome.head.resource(), target);
  }
}

TEST(RequestParser, NeedsMoreUntilTheLastByte) {
  for (const Complete& request : complete_requests) {
    for (std::size_t size = 0; size < request.input.size(); ++size) {
      const Outcome outcome = parse_portions({request.input.substr(0, size)}, {});
      EXPECT_EQ(status_of(outcome), -1) << request.input.substr(0, size);
    }
  }
}

TEST(RequestParser, LeavesWhatFollowsARequest) {
  const std::string input = std::string(plain_get) + "\x81\x85 frames";
  const Outcome outcome = parse_every_way(input);
  EXPECT_EQ(status_of(outcome), 0);
  EXPECT_EQ(outcome.taken, plain_get.size());
}

TEST(RequestParser, TakesPipelinedRequestsOneAtATime) {
  std::string input;
  for (int i = 0; i < 10000; ++i) {
    input += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok";
  }
  RequestParser parser({});
  Bytes rest = as_bytes(input);
  for (int i = 0; i < 10000; ++i) {
    ASSERT_EQ(parser.parse(rest), ParseStatus::head);
    ASSERT_EQ(parser.parse(rest), ParseStatus::done);
    ASSERT_EQ(parser.take_body(), "ok");
    ASSERT_FALSE(parser.started());
    ASSERT_FALSE(parser.has_head());
    ASSERT_EQ(parser.head().resource().substr(1), std::to_string(i));
  }
  EXPECT_TRUE(rest.empty());
}

TEST(RequestParser, KnowsWhetherARequestHasStarted) {
  RequestParser parser({});
  EXPECT_FALSE(parser.started());
  Bytes nothing;
  EXPECT_EQ(parser.parse(nothing), ParseStatus::need_more);
  EXPECT_FALSE(parser.started());
  Bytes input = as_bytes("G");
  EXPECT_EQ(parser.parse(input), ParseStatus::need_more);
  EXPECT_TRUE(parser.started());
  EXPECT_FALSE(parser.has_head());
}

TEST(RequestParser, AnswersAgainWithTheSameUntilTaken) {
  RequestParser parser({});
  Bytes input = as_bytes(plain_get);
  EXPECT_EQ(parser.parse(input), ParseStatus::head);
  EXPECT_TRUE(input.empty());
  EXPECT_EQ(parser.parse(input), ParseStatus::done);
  Bytes more = as_bytes("GET");
  EXPECT_EQ(parser.parse(more), ParseStatus::done);
  EXPECT_EQ(more.size(), 3u);

  RequestParser failing({});
  Bytes bad = as_bytes("\n");
  EXPECT_EQ(failing.parse(bad), ParseStatus::fail);
  EXPECT_EQ(failing.parse(more), ParseStatus::fail);
  EXPECT_EQ(more.size(), 3u);
}

struct Expectation {
  std::string_view head;
  bool waits;
};

TEST(RequestParser, KnowsWhetherTheClientWaitsForContinue) {
  const Expectation expectations[] = {
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n", true},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
       true},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n", false},
      {"POST / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n", false},
  };
  for (const Expectation& expectation : expectations) {
    RequestParser parser({});
    Bytes input = as_bytes(expectation.head);
    EXPECT_NE(parser.parse(input), ParseStatus::fail);
    EXPECT_EQ(parser.expects_continue(), expectation.waits) << expectation.head;
    EXPECT_NE(parser.parse(input), ParseStatus::fail);
    EXPECT_EQ(parser.expects_continue(), expectation.waits) << expectation.head;
    Bytes body = as_bytes("0");
    EXPECT_NE(parser.parse(body), ParseStatus::fail);
    EXPECT_FALSE(parser.expects_continue()) << expectation.head;
  }
}

TEST(RequestParser, ShowsTheHeadBeforeTheBody) {
  RequestParser parser({});
  Bytes input = as_bytes("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(parser.parse(input), ParseStatus::head);
  ASSERT_TRUE(parser.has_head());
  EXPECT_EQ(parser.head().method(), "PUT");
  EXPECT_EQ(parser.head().resource(), "/x");
  EXPECT_TRUE(parser.keep_alive());
  EXPECT_EQ(input.size(), 2u);
  Bytes first = input.first(1);
  EXPECT_EQ(parser.parse(first), ParseStatus::need_more);
  EXPECT_EQ(parser.body_size(), 1u);
}

// The one before is as good as gone once a byte has come.
TEST(RequestParser, KeepsAHeadUntilTheNextRequest) {
  RequestParser parser({});
  Bytes input = as_bytes(plain_get);
  (void)parser.parse(input);
  (void)parser.parse(input);
  (void)parser.take_body();
  EXPECT_EQ(parser.head().resource(), "/page?x=1");
  Bytes next = as_bytes("P");
  EXPECT_EQ(parser.parse(next), ParseStatus::need_more);
  EXPECT_EQ(parser.head().size(), 0u);
}

struct Attempt {
  std::string_view input;
  bool is_websocket_attempt;
};

TEST(RequestParser, TellsAttemptsAtWebSocketFromRefusedPlainRequests) {
  const Attempt attempts[] = {
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", false},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nExpect: tea\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c, WebSocket\r\nExpect: tea\r\n\r\n", true},
      {"GET / HTTP/1.1\r\n\r\n", true},
      {"GET / HTTP/2.0\r\n", true},
      {"SSH-2.0-x\r\n", true},
  };
  for (const Attempt& attempt : attempts) {
    const Outcome outcome = parse_every_way(attempt.input);
    EXPECT_EQ(outcome.status, ParseStatus::fail) << attempt.input;
    EXPECT_EQ(outcome.is_websocket_attempt, attempt.is_websocket_attempt) << attempt.input;
  }
}

}  // namespace
}  // namespace simws::protocol::http
