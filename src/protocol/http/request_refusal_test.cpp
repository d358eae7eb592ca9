// Requests that no server may serve, and the status each gets (RFC 9112).
#include "protocol/http/parse_every_way_test.h"

namespace simws::protocol::http {
namespace {

using namespace std::string_view_literals;

struct Case {
  std::string_view input;
  int status;
};

template <std::size_t size>
void expect_statuses(const Case (&cases)[size]) {
  for (const Case& test : cases) {
    SCOPED_TRACE(testing::PrintToString(test.input));
    const Outcome outcome = parse_every_way(test.input);
    EXPECT_EQ(status_of(outcome), test.status) << outcome.refusal.reason;
    EXPECT_FALSE(outcome.refusal.reason.empty());
  }
}

TEST(RequestRefusal, RequestLine) {
  expect_statuses({
      {"GET /\r\n"sv, 400},  // HTTP/0.9
      {"GET / HTTP/0.9\r\n"sv, 505},
      {"GET / HTTP/2.0\r\n"sv, 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv, 505},
      {"GET / HTTP/1.1x\r\n"sv, 400},
      {"GET / HTTP/1.10\r\n"sv, 400},
      {"GET / HTTP/11\r\n"sv, 400},
      {"GET / HTTP/1\r\n"sv, 400},
      {"GET / HTTP/\r\n"sv, 400},
      {"GET / http/1.1\r\n"sv, 400},
      {"GET / HTTP/1.1 \r\n"sv, 400},
      {"GET  / HTTP/1.1\r\n"sv, 400},
      {"GET /  HTTP/1.1\r\n"sv, 400},
      {"GET /a b HTTP/1.1\r\n"sv, 400},
      {" GET / HTTP/1.1\r\n"sv, 400},
      {"GET\t/ HTTP/1.1\r\n"sv, 400},
      {"GET\r\n"sv, 400},
      {"GET HTTP/1.1\r\n"sv, 400},
      {"G(T / HTTP/1.1\r\n"sv, 400},
      {"GET / HTTP/1.1\n"sv, 400},
      {"GET / HTTP/1.1\r\r\n"sv, 400},
      {"\r\n\r\nGET / HTTP/1.1\r\n"sv, 400},
      {"\nGET / HTTP/1.1\r\n"sv, 400},
      {"\rGET / HTTP/1.1\r\n"sv, 400},
      {"GET /x#y HTTP/1.1\r\n"sv, 400},
      {"GET /a?b#c HTTP/1.1\r\n"sv, 400},
      {"GET http://a#b HTTP/1.1\r\n"sv, 400},
      {"GET /\x7f HTTP/1.1\r\n"sv, 400},
      {"GET /\0 HTTP/1.1\r\n"sv, 400},
      {"GET /\x01 HTTP/1.1\r\n"sv, 400},
      {"GET /\xc3\xa4 HTTP/1.1\r\n"sv, 400},
  });
}

TEST(RequestRefusal, IsCertainAtTheFirstImpossibleByte) {
  expect_statuses({
      {"\x16"sv, unanswerable},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv, unanswerable},
      {"\x80"sv, 400},
      {"\0"sv, 400},
      {" "sv, 400},
      {":"sv, 400},
      {"{"sv, 400},
      {"hello\n"sv, 400},
      {"SSH-2.0-OpenSSH_9.2\r"sv, 400},
      {"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n"sv, 400},
      {"\r\n\r\n\0\r\nQUIT\n"sv, 400},  // the PROXY protocol's second version
      {"GET /\n"sv, 400},
      {"GET /\t"sv, 400},
  });
}

TEST(RequestRefusal, TellsTlsOnAPlainPort) {
  const Outcome outcome = parse_every_way("\x16\x03\x01\x02");
  EXPECT_EQ(outcome.refusal.status, unanswerable);
  EXPECT_EQ(outcome.refusal.reason,
            "TLS on a plain port: use ws:// and http:// addresses, or start the server with the "
            "option tls");
}

TEST(RequestRefusal, Target) {
  expect_statuses({
      {"GET a HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET ?x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"sv, 501},
      {"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501},
      {"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET ://a/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET http://a:x/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET http://evil.com/ HTTP/1.1\r\nHost: localhost\r\n\r\n"sv, 400},
      {"GET http://evil.com/ HTTP/1.0\r\nHost: localhost\r\n\r\n"sv, 400},
      {"GET http://a:80/ HTTP/1.1\r\nHost: a:81\r\n\r\n"sv, 400},
      {"GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
      {"GET https://a/ HTTP/1.1\r\nHost: a:80\r\n\r\n"sv, 400},
  });
}

TEST(RequestRefusal, Host) {
  expect_statuses({
      {"GET / HTTP/1.1\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n"sv, 400},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: http://a\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: [::1]:99999\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: \xc3\xa4\r\n\r\n"sv, 400},
  });
}

TEST(RequestRefusal, FieldLines) {
  expect_statuses({
      {"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\n Host: a\r\n\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost : a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\n: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a\r\n\n"sv, 400},
      {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX: a\r\r\n"sv, 400},
      {"GET / HTTP/1.1\r\n\rX: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX\0: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX: a\0b\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX: a\x01\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX: a\x0b\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX: a\x7f\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX\x7f: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX\x80: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\n\xff: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX\"Y: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX Y: a\r\n"sv, 400},
      {"GET / HTTP/1.1\r\nX/Y: a\r\n"sv, 400},
  });
}

TEST(RequestRefusal, ContentLength) {
  for (const std::string_view value :
       {"", "+5", "-1", "0x10", "5,5", "5, 5", "5 5", "5;", "1e3", "5.", "\"5\"",
        "18446744073709551616", "10000000000000000000000000000000000000000"}) {
    std::string input = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    input.append(value).append("\r\n\r\nhello");
    EXPECT_EQ(status_of(parse_every_way(input)), 400) << value;
  }
  expect_statuses({
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"sv, 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"sv, 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"sv,
       400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"sv,
       400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n"sv, 400},
  });
}

struct Coding {
  std::string_view fields;
  int status;
};

TEST(RequestRefusal, TransferEncoding) {
  const Coding codings[] = {
      {"Transfer-Encoding: chunked, gzip", 400},
      {"Transfer-Encoding: gzip", 400},
      {"Transfer-Encoding: identity", 400},
      {"Transfer-Encoding: xchunked", 400},
      {"Transfer-Encoding:", 400},
      {"Transfer-Encoding: ,", 400},
      {"Transfer-Encoding: chunked\x0b", 400},
      {"Transfer-Encoding: \"chunked\"", 400},
      {"Transfer-Encoding: chunked;x=1", 400},
      {"Transfer-Encoding: chunked, chunked", 400},
      {"Transfer-Encoding: ,chunked", 400},
      {"Transfer-Encoding: gz(ip, chunked", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip", 400},
      {"Transfer-Encoding: gzip, chunked", 501},
      {"Transfer-Encoding: gzip;q=1, Chunked", 501},
      {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501},
  };
  for (const Coding& coding : codings) {
    std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
    head.append(coding.fields).append("\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(status_of(parse_every_way(head)), coding.status) << coding.fields;
  }
  for (const std::string_view coding : {"chunked", "gzip", "gzip, chunked"}) {
    std::string head = "POST / HTTP/1.0\r\nTransfer-Encoding: ";
    head.append(coding).append("\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(status_of(parse_every_way(head)), 400) << coding;
  }
}

TEST(RequestRefusal, Expectations) {
  expect_statuses({
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n"sv, 417},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, tea\r\n\r\n"sv, 417},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: tea\r\n\r\n"sv, 417},
  });
}

TEST(RequestRefusal, NamesTheFirstLineThatIsWrong) {
  struct {
    std::string_view lines, named;
  } const cases[] = {
      {"A: 1\r\nB b: 2\r\nC c: 3\r\n\r\n", "the line 'B b:...' is malformed"},
      {"A: 1\r\nB: 2\r\nno colon\r\nC: 3\r\n\r\n", "the line 'no colon' is malformed"},
      {"A: 1\r\n\rB: 2\r\nC: 3\r\n\r\n", "the line 'B:...' is malformed"},
      {"A: 1\r\nB: \x01\r\nC: 3\r\n D: 4\r\n\r\n", "the line 'B:...' is malformed"},
      {"A: 1\r\nContent-Length: x\r\nB b: 3\r\n\r\n", "the line 'Content-Length:...' is malformed"},
      {"Host: a\r\nHost: b\r\nB b: 3\r\n\r\n", "the header 'Host' came twice"},
      {"A: 1\r\nB: 2\r\n C: 3\r\nD d: 4\r\n\r\n", "a header line starts with white space"},
      {"A: 1\r\nB: 2\nC: 3\r\n\r\n", "a line doesn't end with CR LF"},
  };
  for (const auto& [lines, named] : cases) {
    const Outcome outcome = parse_every_way("GET / HTTP/1.1\r\n" + std::string(lines));
    EXPECT_EQ(outcome.refusal.status, 400) << lines;
    EXPECT_TRUE(outcome.refusal.reason.starts_with(named)) << outcome.refusal.reason;
  }
}

TEST(RequestRefusal, ReasonsShowNoSecrets) {
  constexpr std::string_view requests[] = {
      "GET /robot?token=secret HTP/1.1\r\n", "GET /robot?token=secret\x01 HTTP/1.1\r\n",
      "GET /robot?token=secret HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\x01\r\n"};
  for (const std::string_view request : requests) {
    const Outcome outcome = parse_every_way(std::string(request));
    EXPECT_EQ(outcome.refusal.status, 400);
    EXPECT_EQ(outcome.refusal.reason.find("secret"), std::string::npos) << outcome.refusal.reason;
    const bool is_named = outcome.refusal.reason.find("/robot") != std::string::npos ||
                          outcome.refusal.reason.find("Authorization") != std::string::npos;
    EXPECT_TRUE(is_named) << outcome.refusal.reason;
  }
}

TEST(RequestRefusal, ReasonsAreCutAndPrintable) {
  const std::string name(2000, 'x');
  const Outcome outcome = parse_every_way("GET / HTTP/1.1\r\n" + name + "\x01'\r\n");
  EXPECT_EQ(outcome.refusal.status, 400);
  EXPECT_LT(outcome.refusal.reason.size(), 200u);
  const Outcome binary = parse_every_way("\x01'\xff");
  EXPECT_NE(binary.refusal.reason.find("'\\x01'"), std::string::npos) << binary.refusal.reason;
}

}  // namespace
}  // namespace simws::protocol::http
