#include "protocol/http/framing.h"

#include "protocol/http/response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

const std::vector<std::string> nobody;

std::string encode(const HttpResponse& response, const ResponseContext& context = {}) {
  auto encoded = encode_response(response, context);
  EXPECT_TRUE(encoded.ok());
  return encoded.ok() ? encoded->head + encoded->body : std::string();
}

std::string policy_of(const std::vector<std::string>& origins) {
  const HeaderList fields = framing_fields({}, origins);
  return fields.size() == 2 && fields[1].first == "Content-Security-Policy" ? fields[1].second
                                                                            : "none";
}

TEST(FramingFields, KeepPagesToTheirOwnHost) {
  EXPECT_THAT(framing_fields({}, nobody), ElementsAre(Pair("X-Content-Type-Options", "nosniff"),
                                                      Pair("X-Frame-Options", "SAMEORIGIN")));
}

TEST(FramingFields, NameTheOriginsThatAreListed) {
  EXPECT_EQ(policy_of({"https://Lab.example.", "http://a.example:8080"}),
            "frame-ancestors 'self' https://lab.example http://a.example:8080");
  EXPECT_EQ(policy_of({"bare.example", "port.example:81", "192.168.1.20"}),
            "frame-ancestors 'self' http://bare.example:* https://bare.example:* "
            "http://port.example:81 https://port.example:81 "
            "http://192.168.1.20:* https://192.168.1.20:*");
}

// They'd be taken for something else, or not understood.
TEST(FramingFields, LeaveOutWhatAPolicyHasNoWordsFor) {
  EXPECT_EQ(policy_of({"null", "file://", "http://[::1]:80", "[::1]", "http://a;b", "a,b", "*.c",
                       "http://*.c", "a'b", "", "a b"}),
            "frame-ancestors 'self'");
}

TEST(FramingFields, LetAnyPageFrameWhereAnyMayConnect) {
  EXPECT_THAT(framing_fields({}, std::vector<std::string>{"a.example", "*"}),
              ElementsAre(Pair("X-Content-Type-Options", "nosniff")));
}

TEST(FramingFields, LeaveThoseOfTheApplicationAsTheyAre) {
  const std::vector<std::string> lab = {"https://lab.example"};
  const HeaderList policy = {{"content-security-policy", "default-src 'self'"}};
  EXPECT_THAT(framing_fields(policy, lab), ElementsAre(Pair("X-Content-Type-Options", "nosniff")));
  EXPECT_THAT(framing_fields({{"x-content-type-options", ""}}, nobody),
              ElementsAre(Pair("X-Frame-Options", "SAMEORIGIN")));
  const HeaderList denied = {{"x-frame-options", "DENY"}};
  EXPECT_THAT(framing_fields(denied, nobody),
              ElementsAre(Pair("X-Content-Type-Options", "nosniff")));
  EXPECT_THAT(framing_fields(denied, lab), ElementsAre(Pair("X-Content-Type-Options", "nosniff")));
}

TEST(Response, OfHtmlIsNotFramedByStrangers) {
  const std::string framed =
      "\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: SAMEORIGIN\r\n";
  EXPECT_THAT(encode({200, "<p>", {}}, {.resource = "/"}), HasSubstr(framed));
  EXPECT_THAT(encode({200, "<p>", {}}, {.resource = "/a.htm?x"}), HasSubstr(framed));
  for (const char* type : {"text/html", "Text/HTML", "text/html;charset=utf-8", "text/html ; x"}) {
    const HttpResponse page{404, "<p>", {{"content-type", type}}};
    EXPECT_THAT(encode(page, {.resource = "/a.png"}), HasSubstr(framed)) << type;
    EXPECT_THAT(encode(page, {.method = "HEAD"}), HasSubstr(framed)) << type;
  }
  for (const char* type :
       {"text/htmlx", "text/plain", "application/json", "text/plain; text/html"}) {
    EXPECT_THAT(encode({200, "<p>", {{"Content-Type", type}}}), Not(HasSubstr("X-Frame"))) << type;
  }
  EXPECT_THAT(encode({200, "{}", {}}, {.resource = "/a.json"}), Not(HasSubstr("X-Frame")));
  EXPECT_THAT(encode({404, "", {}}, {.resource = "/"}), Not(HasSubstr("X-Frame")));
}

TEST(Response, OfHtmlIsFramedByPagesThatMayConnect) {
  const std::vector<std::string> origins = {"https://lab.example"};
  EXPECT_THAT(
      encode({200, "<p>", {}}, {.origins = origins}),
      HasSubstr("\r\nContent-Security-Policy: frame-ancestors 'self' https://lab.example\r\n"));
}

}  // namespace
}  // namespace simws::protocol::http
