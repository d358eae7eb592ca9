#include "protocol/http/cors.h"

#include "base/request_head_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::protocol::http {
namespace {

using Origins = std::vector<std::string>;

const Origins lab = {"https://lab.example", "dash.example"};

RequestHead head_of(std::string_view method, const HeaderList& fields) {
  RequestHeadBuilder builder;
  builder.begin(method, "/");
  for (const auto& [name, value] : fields) builder.add(name, value);
  return builder.finish();
}

std::string words_of(const HeaderList& fields) {
  std::string words;
  for (const auto& [name, value] : fields) words.append(name).append("=").append(value).append("|");
  return words;
}

std::string fields_for(const HeaderList& request, const Origins& origins = lab,
                       const HeaderList& answer = {}) {
  return words_of(cors_fields(answer, head_of("GET", request), origins));
}

TEST(Cors, LetsThoseReadThatAreListed) {
  EXPECT_EQ(fields_for({{"Origin", "https://lab.example"}}),
            "Access-Control-Allow-Origin=https://lab.example|Vary=Origin|");
  EXPECT_EQ(fields_for({{"Origin", "http://dash.example:8080"}}),
            "Access-Control-Allow-Origin=http://dash.example:8080|Vary=Origin|");
  for (const char* stranger : {"http://lab.example", "https://lab.example:8443", "null", "",
                               "https://lab.example.evil.com", "https://lab.example/"}) {
    EXPECT_EQ(fields_for({{"Origin", stranger}}), "Vary=Origin|") << stranger;
  }
  EXPECT_EQ(fields_for({}), "Vary=Origin|");
  EXPECT_EQ(fields_for({{"Origin", "https://lab.example"}, {"Origin", "https://lab.example"}}),
            "Vary=Origin|");
}

TEST(Cors, LetsAnybodyReadOnlyWhereThatIsListed) {
  EXPECT_EQ(fields_for({{"Origin", "https://any.example"}}, {"*"}),
            "Access-Control-Allow-Origin=*|");
  EXPECT_EQ(fields_for({}, {"*"}), "");
  EXPECT_EQ(fields_for({{"Origin", "null"}}, {"null"}),
            "Access-Control-Allow-Origin=null|Vary=Origin|");
  EXPECT_EQ(fields_for({{"Origin", "https://lab.example"}}, {}), "") << "off";
}

TEST(Cors, LeavesTheApplicationsOwn) {
  EXPECT_EQ(fields_for({{"Origin", "https://lab.example"}}, lab,
                       {{"access-control-allow-origin", "https://other.example"}}),
            "");
}

TEST(Cors, AnswersPreflights) {
  const auto answer = answer_preflight(
      head_of("OPTIONS", {{"Origin", "https://lab.example"},
                          {"Access-Control-Request-Method", "PUT"},
                          {"Access-Control-Request-Headers", "authorization,x-robot"},
                          {"Access-Control-Request-Private-Network", "true"}}),
      lab);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204);
  EXPECT_EQ(words_of(answer->headers),
            "Access-Control-Allow-Methods=PUT|Access-Control-Max-Age=600|"
            "Access-Control-Allow-Headers=authorization,x-robot|"
            "Access-Control-Allow-Private-Network=true|"
            "Vary=Access-Control-Request-Method, Access-Control-Request-Headers|");
}

TEST(Cors, AnswersNoOtherRequest) {
  const std::pair<std::string, std::string> origin{"Origin", "https://lab.example"};
  const std::pair<std::string, std::string> asks{"Access-Control-Request-Method", "PUT"};
  EXPECT_TRUE(answer_preflight(head_of("OPTIONS", {origin, asks}), lab));
  EXPECT_FALSE(answer_preflight(head_of("GET", {origin, asks}), lab));
  EXPECT_FALSE(answer_preflight(head_of("OPTIONS", {origin}), lab));
  EXPECT_FALSE(answer_preflight(head_of("OPTIONS", {asks}), lab));
  EXPECT_FALSE(answer_preflight(head_of("OPTIONS", {origin, asks}), {}));
  EXPECT_FALSE(
      answer_preflight(head_of("OPTIONS", {{"Origin", "https://evil.example"}, asks}), lab));
  EXPECT_FALSE(answer_preflight(
      head_of("OPTIONS", {origin, {"Access-Control-Request-Method", "P U T"}}), lab));
}

TEST(Cors, RepeatsNoNonsenseOfAPreflight) {
  const auto answer =
      answer_preflight(head_of("OPTIONS", {{"Origin", "https://lab.example"},
                                           {"Access-Control-Request-Method", "PUT"},
                                           {"Access-Control-Request-Headers", "a b, \"c\""}}),
                       lab);
  ASSERT_TRUE(answer);
  EXPECT_EQ(words_of(answer->headers).find("Allow-Headers"), std::string::npos);
}

}  // namespace
}  // namespace simws::protocol::http
