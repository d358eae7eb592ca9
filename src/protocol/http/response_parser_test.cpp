#include "protocol/http/response_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol::http {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t limit = 4096;

// What the parser says of an answer, as words; the head's part ends with how much of the input
// follows it.
std::string parse_portions(const std::vector<std::string_view>& portions, std::size_t size) {
  ResponseParser parser(limit);
  std::string head;
  std::size_t taken = 0;
  for (const std::string_view portion : portions) {
    Bytes input = as_bytes(portion);
    ParseStatus status = parser.parse(input);
    taken += portion.size() - input.size();
    if (status == ParseStatus::head) {
      EXPECT_TRUE(head.empty() && parser.has_head());
      head = std::to_string(parser.status()) + " 1." + std::to_string(parser.minor_version());
      head.append(" '").append(parser.reason_phrase()).append("'");
      parser.fields().for_each([&](std::string_view name, std::string_view value) {
        head.append(" ").append(name).append("=").append(value);
      });
      head += " +" + std::to_string(size - taken);
      status = parser.parse(input);
      EXPECT_NE(status, ParseStatus::head);
    }
    if (status == ParseStatus::fail) return head + " failed: " + parser.refusal();
    if (status == ParseStatus::done) return head.append(" done: ").append(parser.first_line());
    EXPECT_TRUE(input.empty()) << "need_more takes all";
  }
  if (!parser.has_head()) return "more";
  return head.append(" more: ").append(parser.first_line());
}

// Whole; byte by byte and split at every place it must be the same.
std::string parse(std::string_view text) {
  const std::string whole = parse_portions({text}, text.size());
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
  EXPECT_EQ(parse_portions(bytes, text.size()), whole) << "byte by byte";
  const std::size_t step = text.size() > 4096 ? text.size() / 64 : 1;
  for (std::size_t at = 1; at < text.size(); at += step) {
    EXPECT_EQ(parse_portions({text.substr(0, at), text.substr(at)}, text.size()), whole)
        << "split at " << at;
    if (testing::Test::HasFailure()) break;
  }
  return whole;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

struct Case {
  std::string_view input, outcome;
};

template <std::size_t size>
void expect_outcomes(const Case (&cases)[size]) {
  for (const Case& test : cases) {
    EXPECT_EQ(parse(test.input), test.outcome) << testing::PrintToString(test.input);
  }
}

// RFC 9112, 4 and 5.
TEST(ResponseParser, TakesTheHead) {
  expect_outcomes({
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\na:  b \r\n\r\n\x81\x01x",
       "101 1.1 'Switching Protocols' Upgrade=websocket a=b +3 done: "},
      {"HTTP/1.1 101 Switching Protocols\r\nContent-Length: 5\r\n\r\nhello",
       "101 1.1 'Switching Protocols' Content-Length=5 +5 done: "},
      {"HTTP/1.1 204 No Content\r\n\r\nx", "204 1.1 'No Content' +1 done: "},
      {"HTTP/1.1 304 \r\nContent-Length: 5\r\n\r\n", "304 1.1 '' Content-Length=5 +0 done: "},
      {"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n",
       "404 1.0 'Not Found' Content-Length=0 +0 done: "},
      {"HTTP/1.9 503 \r\nContent-Length: 0\r\n\r\n", "503 1.1 '' Content-Length=0 +0 done: "},
      {"HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n", "503 1.1 '' Content-Length=0 +0 done: "},
      {"HTTP/1.1 500 \xC3\xA4\t b\r\nContent-Length: 0\r\n\r\n",
       "500 1.1 '\xC3\xA4\t b' Content-Length=0 +0 done: "},
      {"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", "999 1.1 'Odd' Content-Length=0 +0 done: "},
      {"HTTP/1.1 200 OK\r\nA:\r\na: x\r\n", "more"},
      {"", "more"},
      {"HTTP/1.1 200", "more"},
  });
}

// RFC 9110, 15.2.
TEST(ResponseParser, SkipsInterimAnswers) {
  expect_outcomes({
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
       "HTTP/1.1 101 \r\nA: b\r\n\r\nrest",
       "101 1.1 '' A=b +4 done: "},
      {"HTTP/1.1 102 Processing\r\nContent-Length: 5\r\n\r\n", "more"},
      {"HTTP/1.1 199 \r\n\r\nGET", "more"},
      {"HTTP/1.1 199 \r\n\r\nGET \r\n", " failed: it isn't HTTP, but begins with 'GET '"},
  });
  const std::string endless = repeated("HTTP/1.1 100 \r\n\r\n", limit / 17 + 1);
  EXPECT_EQ(parse(endless), " failed: the answer's header is over 4096 bytes");
  EXPECT_EQ(parse(endless.substr(0, limit)), "more");
}

// RFC 9112, 6.3 and 7.1.
TEST(ResponseParser, ReadsTheBodysFirstLine) {
  expect_outcomes({
      {"HTTP/1.1 400 \r\nContent-Length: 5\r\n\r\nhello!",
       "400 1.1 '' Content-Length=5 +6 done: hello"},
      {"HTTP/1.1 400 \r\nContent-Length: 50\r\n\r\n hello\r\nworld",
       "400 1.1 '' Content-Length=50 +13 done: hello"},
      {"HTTP/1.1 400 \r\nContent-Length: 50\r\n\r\nhello",
       "400 1.1 '' Content-Length=50 +5 more: hello"},
      {"HTTP/1.1 400 \r\n\r\n\r\n\n hello \n", "400 1.1 '' +11 done: hello"},
      {"HTTP/1.1 400 \r\n\r\nhello", "400 1.1 '' +5 more: hello"},
      {"HTTP/1.1 400 \r\n\r\n", "400 1.1 '' +0 more: "},
      {"HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nA: "
       "b\r\n\r\n",
       "400 1.1 '' Transfer-Encoding=chunked +30 done: hello"},
      {"HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhi\n\r\n0\r\n\r\n",
       "400 1.1 '' Transfer-Encoding=chunked +13 done: hi"},
      {"HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\n\r\nhello",
       "400 1.1 '' Transfer-Encoding=chunked +5 more: "},
      {"HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello",
       "400 1.1 '' Transfer-Encoding=chunked +8 failed: a chunk is longer than its size says"},
      {"HTTP/1.1 400 \r\nTransfer-Encoding: gzip, chunked\r\n\r\nxxx",
       "400 1.1 '' Transfer-Encoding=gzip, chunked +3 done: "},
      {"HTTP/1.0 400 \r\nTransfer-Encoding: chunked\r\n\r\nxxx",
       "400 1.0 '' Transfer-Encoding=chunked +3 done: "},
  });
  const std::string endless = "HTTP/1.1 400 \r\n\r\n" + std::string(5000, 'x');
  EXPECT_EQ(parse(endless), "400 1.1 '' +5000 done: " + std::string(1024, 'x'));
  const std::string blank = "HTTP/1.1 400 \r\n\r\n" + std::string(5000, '\n');
  EXPECT_EQ(parse(blank), "400 1.1 '' +5000 done: ");
}

TEST(ResponseParser, RefusesWhatIsNoAnswer) {
  expect_outcomes({
      {"SSH-2.0-OpenSSH_9.2\r\n", " failed: it isn't HTTP, but begins with 'SSH-2.0-OpenSSH_9.2'"},
      {"HTTPS/1.1 200 OK\r\n", " failed: it isn't HTTP, but begins with 'HTTPS/1.1 200 OK'"},
      {"http/1.1 200 OK\r\n", " failed: it isn't HTTP, but begins with 'http/1.1 200 OK'"},
      {" HTTP/1.1 200 OK\r\n", " failed: it isn't HTTP, but begins with ' HTTP/1.1 200 OK'"},
      {"\r\nHTTP/1.1 200 OK\r\n", " failed: it isn't HTTP, but begins with '\\x0d'"},
      {"\n", " failed: it isn't HTTP, but begins with '\\x0a'"},
      {"ab\0c"sv, " failed: it isn't HTTP, but begins with 'ab'"},
      {"\xff\xfe", " failed: it isn't HTTP, but begins with '\\xff'"},
      {"HTTP\r\n", " failed: it isn't HTTP, but begins with 'HTTP'"},
      {"\x15\x03\x01\x00\x02\x02\x50"sv, " failed: TLS on the other side: use a wss:// address"},
      {"no line end", "more"},
  });
  EXPECT_EQ(parse(std::string(100, 'a')),
            " failed: it isn't HTTP, but begins with '" + std::string(64, 'a') + "'");
}

TEST(ResponseParser, RefusesMalformedHeads) {
  const std::string_view malformed[] = {
      "HTTP/1.1\r\n",
      "HTTP/1.1 \r\n",
      "HTTP/1.1 20 OK\r\n",
      "HTTP/1.1 2000 OK\r\n",
      "HTTP/1.1 2x0 OK\r\n",
      "HTTP/1.1 -20 OK\r\n",
      "HTTP/1.1  200 OK\r\n",
      "HTTP/1.1\t200 OK\r\n",
      "HTTP/1.1 200\tOK\r\n",
      "HTTP/1.1 200 O\x01K\r\n",
      "HTTP/1.1 200 O\rK\r\n",
      "HTTP/1.1 200 OK\n",
      "HTTP/1 200 OK\r\n",
      "HTTP/11 200 OK\r\n",
      "HTTP/1.10 200 OK\r\n",
      "HTTP/1.1 099 OK\r\n\r\n",
      "HTTP/1.1 000 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\n folded: x\r\n",
      "HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n",
      "HTTP/1.1 200 OK\r\nA : b\r\n",
      "HTTP/1.1 200 OK\r\n: b\r\n",
      "HTTP/1.1 200 OK\r\nno colon\r\n",
      "HTTP/1.1 200 OK\r\nA\xC3: b\r\n",
      "HTTP/1.1 200 OK\r\nA: \x01\r\n",
      "HTTP/1.1 200 OK\r\nA: b\n",
      "HTTP/1.1 200 OK\r\nA: b\r\n\n",
      "HTTP/1.1 200 OK\r\nA: b\rc\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5,5\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
  };
  for (const std::string_view input : malformed) {
    EXPECT_TRUE(parse(input).starts_with(" failed: ")) << input << ": " << parse(input);
  }
  expect_outcomes({
      {"HTTP/2.0 200 OK\r\n", " failed: HTTP/2.0 isn't spoken here: use HTTP/1.1"},
      {"HTTP/0.9 200 OK\r\n", " failed: HTTP/0.9 isn't spoken here: use HTTP/1.1"},
      {"HTTP/1.1 20 OK\r\n",
       " failed: the line 'HTTP/1.1 20 OK' is malformed: 'HTTP/1.1 101 Switching Protocols' is "
       "expected"},
      {"HTTP/1.1 099 \r\n",
       " failed: the line 'HTTP/1.1 099 ' is malformed: 'HTTP/1.1 101 Switching Protocols' is "
       "expected"},
      {"HTTP/1.1 200 OK\r\nSet-Cookie: secret\n", " failed: a line doesn't end with CR LF"},
  });
}

TEST(ResponseParser, ShowsNoValuesOfFields) {
  EXPECT_EQ(parse("HTTP/1.1 200 OK\r\nSet-Cookie: secret\x01\r\n").find("secret"),
            std::string::npos);
}

TEST(ResponseParser, BoundsTheHead) {
  const std::string start = "HTTP/1.1 400 \r\nContent-Length: 0\r\nA: ", end = "\r\n\r\n";
  const std::string fits = start + std::string(limit - start.size() - end.size(), 'x') + end;
  EXPECT_TRUE(parse(fits).ends_with(" +0 done: "));
  const std::string is_over = " failed: the answer's header is over 4096 bytes";
  EXPECT_EQ(parse(start + 'x' + fits.substr(start.size())), is_over);
  EXPECT_EQ(parse("HTTP/1.1 400 " + std::string(2 * limit, 'x')), is_over);
  EXPECT_EQ(parse("HTTP/1.1 400 \r\n" + repeated("A: b\r\n", limit)), is_over);
  const std::string chunk = "HTTP/1.1 400 \r\nTransfer-Encoding: chunked\r\n\r\n1;";
  EXPECT_TRUE(parse(chunk + std::string(2 * limit, 'x'))
                  .ends_with(" failed: what comes with the body's chunks is over 4096 bytes"));
}

}  // namespace
}  // namespace simws::protocol::http
