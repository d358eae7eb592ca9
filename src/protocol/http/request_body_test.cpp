// Bodies in chunks (RFC 9112, 7.1), and the limits of heads and bodies.
#include "protocol/http/parse_every_way_test.h"

namespace simws::protocol::http {
namespace {

using namespace std::string_view_literals;

std::string chunked(std::string_view body) {
  std::string input = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";
  return input.append(body);
}

struct Body {
  std::string_view chunks, body;
};

TEST(RequestBody, JoinsChunks) {
  const Body bodies[] = {
      {"0\r\n\r\n", ""},
      {"000\r\n\r\n", ""},
      {"5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"5\r\nhello\r\n00\r\n\r\n", "hello"},
      {"00000000000000005\r\nhello\r\n0\r\n\r\n", "hello"},
      {"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"},
      {"2\r\n\r\n\r\n1\r\n\0\r\n0\r\n\r\n"sv, "\r\n\0"sv},
      {"5;a\r\nhello\r\n0;b=c\r\n\r\n", "hello"},
      {"5 ; a = \"b;\\\"c\" ;d\r\nhello\r\n0\r\n\r\n", "hello"},
      {"5\r\nhello\r\n0\r\nX: y\r\nZ: a b\r\n\r\n", "hello"},
  };
  for (const Body& body : bodies) {
    SCOPED_TRACE(testing::PrintToString(body.chunks));
    const std::string input = chunked(body.chunks);
    const Outcome outcome = parse_every_way(input + "GET");
    EXPECT_EQ(status_of(outcome), 0) << outcome.refusal.reason;
    EXPECT_EQ(outcome.body, body.body);
    EXPECT_EQ(outcome.taken, input.size());
    for (std::size_t cut = 0; cut < input.size(); ++cut) {
      EXPECT_EQ(status_of(parse_portions({std::string_view(input).substr(0, cut)}, {})), -1) << cut;
    }
  }
}

TEST(RequestBody, LeavesTrailersOut) {
  const Outcome outcome = parse_every_way(chunked("0\r\nX-Later: y\r\n\r\n"));
  EXPECT_EQ(status_of(outcome), 0);
  EXPECT_EQ(outcome.head.count("X-Later"), 0u);
}

TEST(RequestBody, RefusesBadChunks) {
  for (const std::string_view chunks : {
           "\r\n"sv,
           "-1\r\n"sv,
           "+1\r\n"sv,
           "0x1\r\n"sv,
           "1_0\r\n"sv,
           " 5\r\n"sv,
           "5 \r\n"sv,
           "g\r\n"sv,
           ";a\r\n"sv,
           "5\n"sv,
           "5\rhello\r\n"sv,
           "0\n"sv,
           "0\r\n\n"sv,
           "10000000000000000\r\n"sv,
           "fffffffffffffffff\r\n"sv,
           "5;\r\n"sv,
           "5;=b\r\n"sv,
           "5;a=\r\n"sv,
           "5;a=\"b\r\n"sv,
           "5;a b\r\n"sv,
           "5\r\nhelloX"sv,
           "5\r\nhello\n"sv,
           "5\r\nhello\rX"sv,
           "3\r\nhello\r\n"sv,
           "0\r\nHost: a\r\n\r\n"sv,
           "0\r\nContent-Length: 5\r\n\r\n"sv,
           "0\r\nTransfer-Encoding: chunked\r\n\r\n"sv,
           "0\r\nX : y\r\n\r\n"sv,
           "0\r\nX: y\r\n folded\r\n"sv,
           "0\r\n folded\r\n"sv,
           "0\r\nX\x80: y\r\n\r\n"sv,
           "0\r\nX\r\n\r\n"sv,
           "0\r\nX: y\n"sv,
           "0;a=\"\r\n\r\n"sv,
           "0;a=\"\r\nX: y\"\r\n\r\n"sv,
       }) {
    SCOPED_TRACE(testing::PrintToString(chunks));
    const Outcome outcome = parse_every_way(chunked(chunks));
    EXPECT_EQ(status_of(outcome), 400) << outcome.refusal.reason;
    EXPECT_TRUE(outcome.is_websocket_attempt);  // no complete valid request
  }
}

TEST(RequestLimits, RefusesABodyFromItsLengthAlone) {
  for (const std::string_view length : {"11", "9223372036854775808", "18446744073709551615"}) {
    std::string input = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    input.append(length).append("\r\n\r\n");
    const Outcome outcome = parse_every_way(input, {.max_body_size = 10});
    EXPECT_EQ(status_of(outcome), 413) << length;
    EXPECT_NE(outcome.refusal.reason.find("maxBodySize"), std::string::npos);
  }
  const Outcome outcome = parse_every_way(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789", {.max_body_size = 10});
  EXPECT_EQ(outcome.body, "0123456789");
}

TEST(RequestLimits, RefusesChunksOnceTheirSumIsOverTheLimit) {
  const RequestLimits limits{.max_body_size = 10};
  EXPECT_EQ(status_of(parse_every_way(chunked("b\r\n"), limits)), 413);
  EXPECT_EQ(status_of(parse_every_way(chunked("FFFFFFFFFFFFFFFF\r\n"), limits)), 413);
  EXPECT_EQ(status_of(parse_every_way(chunked("5\r\nhello\r\n6\r\n"), limits)), 413);
  EXPECT_EQ(status_of(parse_every_way(chunked("5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n"), limits)),
            0);
}

TEST(RequestLimits, AdmitsMaxBodySizeInChunksOfOneByte) {
  std::string chunks;
  for (int i = 0; i < 20000; ++i) chunks += "1\r\nx\r\n";
  const Outcome outcome = parse_every_way(chunked(chunks + "0\r\n\r\n"), {.max_body_size = 20000});
  EXPECT_EQ(status_of(outcome), 0) << outcome.refusal.reason;
  EXPECT_EQ(outcome.body, std::string(20000, 'x'));
}

TEST(RequestLimits, LimitsChunkExtensionsAndTrailers) {
  const std::string extension(8192, 'a');
  EXPECT_EQ(status_of(parse_every_way(chunked("1;" + extension + "\r\nx\r\n0\r\n\r\n"))), 0);
  std::string chunks;
  for (int i = 0; i < 3; ++i) chunks += "1;" + extension + "\r\nx\r\n";
  EXPECT_EQ(status_of(parse_every_way(chunked(chunks))), 413);
  EXPECT_EQ(status_of(parse_every_way(chunked("1;" + extension + extension))), 413);
  EXPECT_EQ(status_of(parse_every_way(chunked("0\r\nX: " + extension + extension))), 431);
}

TEST(RequestLimits, CountsExtensionsAndTrailersToTheByteHoweverManyChunksCome) {
  constexpr std::size_t limit = 100;
  const RequestLimits limits{.max_header_size = limit};
  for (const int count : {0, 1, 300}) {
    std::string before;
    for (int i = 0; i < count; ++i) before += "1\r\nx\r\n";
    for (const std::size_t size : {limit, limit + 1}) {
      const bool is_over = size > limit;
      const std::string line = "1;" + std::string(size - 4, 'a') + "\r\n";
      const std::string trailers = "0\r\nX: " + std::string(size - 10, 'b') + "\r\n\r\n";
      EXPECT_EQ(status_of(parse_every_way(chunked(before + line), limits)), is_over ? 413 : -1)
          << count;
      EXPECT_EQ(status_of(parse_every_way(chunked(before + trailers), limits)), is_over ? 431 : 0)
          << count;
    }
  }
}

std::string head_of_size(std::size_t size) {
  const std::string_view start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  std::string head(start);
  return head.append(size - start.size() - 4, 'x').append("\r\n\r\n");
}

TEST(RequestLimits, CountsTheHeadToTheByte) {
  for (const std::size_t limit : {64u, 100u, 16384u}) {
    const RequestLimits limits{.max_header_size = limit};
    EXPECT_EQ(status_of(parse_every_way(head_of_size(limit - 1), limits)), 0) << limit;
    EXPECT_EQ(status_of(parse_every_way(head_of_size(limit), limits)), 0) << limit;
    const Outcome over = parse_every_way(head_of_size(limit + 1), limits);
    EXPECT_EQ(status_of(over), 431) << limit;
    EXPECT_NE(over.refusal.reason.find("maxHeaderSize"), std::string::npos);
  }
}

TEST(RequestLimits, AnswersOversizedHeadsBeforeTheyEnd) {
  EXPECT_EQ(status_of(parse_every_way("GET /" + std::string(65536, 'a'))), 414);
  EXPECT_EQ(status_of(parse_every_way(std::string(65536, 'A'))), 431);
  EXPECT_EQ(status_of(parse_every_way("GET / HTTP/1.1\r\nX: " + std::string(1 << 20, 'a'))), 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 10000; ++i) many += "a: b\r\n";
  EXPECT_EQ(status_of(parse_every_way(many)), 431);
}

TEST(RequestLimits, TakesManyFieldsWhereTheLimitAllows) {
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 10000; ++i) many += "a: b\r\n";
  const Outcome outcome = parse_every_way(many + "\r\n", {.max_header_size = 1 << 20});
  EXPECT_EQ(status_of(outcome), 0);
  EXPECT_EQ(outcome.head.count("A"), 10000u);
}

TEST(RequestLimits, TakesNoMoreThanTheLimitOfAnInputOverIt) {
  const std::string input = "GET /" + std::string(65536, 'a');
  const Outcome outcome = parse_portions({input}, {});
  EXPECT_LE(outcome.taken, 16384u);
}

}  // namespace
}  // namespace simws::protocol::http
