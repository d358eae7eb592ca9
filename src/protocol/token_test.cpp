#include "protocol/token.h"

#include "base/request_head_builder.h"
#include "protocol/http/response.h"
#include "protocol/scripted_random_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::protocol {
namespace {

using testing::HasSubstr;
using testing::Not;

// As CountingRandom has it.
const std::string session = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const std::string cookie = "simws-9000=" + session;

RequestHead head_of(std::string_view resource, const HeaderList& fields,
                    std::string_view method = "GET") {
  RequestHeadBuilder builder;
  builder.begin(method, resource);
  builder.add("Host", "localhost:9000");
  for (const auto& [name, value] : fields) builder.add(name, value);
  return builder.finish();
}

class TheTokenRule : public testing::Test {
 protected:
  int status_of(std::string_view resource, const HeaderList& fields = {},
                const std::vector<std::string>& origins = {}) {
    const RequestHead head = head_of(resource, fields);
    const auto refused = rule.refuse(head, origins);
    if (!refused) return 200;
    EXPECT_THAT(refused->reason, Not(HasSubstr("s3cret")));
    EXPECT_TRUE(http::encode_response(refused->response, {}).ok());
    return refused->response.status;
  }
  int status_with_cookie(const HeaderList& fields, const std::vector<std::string>& origins = {}) {
    HeaderList all = fields;
    all.emplace_back("Cookie", cookie);
    return status_of("/", all, origins);
  }

  test::CountingRandom random;
  const TokenRule rule{{"s3cret/+=", "other"}, 9000, random};
};

TEST_F(TheTokenRule, AdmitsATokenInTheAddress) {
  for (const char* resource :
       {"/?token=s3cret/+=", "/?token=s3cret%2f%2B%3D", "/page?a=b&token=other&c",
        "/?%74oken=other", "/??token=x&token=other"}) {
    EXPECT_EQ(status_of(resource), 200) << resource;
  }
  for (const char* resource :
       {"/", "/?", "/?token", "/?token=", "/?token=s3cret", "/?token=s3cret/+==", "/?token=Other",
        "/?Token=other", "/token=other", "/?x=token=other", "/?token=othe", "/?token=other%00",
        "/?token=wrong&token=other", "/?token=other;", "/#token=other"}) {
    EXPECT_EQ(status_of(resource), 401) << resource;
  }
}

TEST_F(TheTokenRule, AdmitsABearer) {
  for (const char* value : {"Bearer other", "bearer s3cret/+=", "BEARER   other "}) {
    EXPECT_EQ(status_of("/", {{"authorization", value}}), 200) << value;
  }
  for (const char* value : {"", "Bearer", "Bearer ", "other", "Basic other", "Bearer other x",
                            "Bearerother", "Bearer other, Bearer other"}) {
    EXPECT_EQ(status_of("/", {{"Authorization", value}}), 401) << value;
  }
}

TEST_F(TheTokenRule, AdmitsItsCookie) {
  EXPECT_EQ(status_with_cookie({}), 200);
  for (const std::string& value :
       {"a=b; " + cookie + "; c=d", cookie + ";", ";;" + cookie, "simws-9000=tossed; " + cookie}) {
    EXPECT_EQ(status_of("/", {{"Cookie", value}}), 200) << value;
  }
  EXPECT_EQ(status_of("/", {{"Cookie", "a=b"}, {"Cookie", cookie}}), 200);
  for (const std::string& value :
       {std::string("simws-9000="), std::string("simws-9000"), "simws-9001=" + session,
        "Simws-9000=" + session, cookie + "0", cookie.substr(0, cookie.size() - 1), session,
        std::string("simws-9000=other"), std::string("simws-9000=s3cret/+="),
        std::string(10'000, ';')}) {
    EXPECT_EQ(status_of("/", {{"Cookie", value}}), 401) << value;
  }
}

TEST_F(TheTokenRule, DrawsTheCookieAnewForEachServer) {
  const TokenRule next({"other"}, 9000, random);
  const RequestHead head = head_of("/", {{"Cookie", cookie}});
  EXPECT_TRUE(next.refuse(head, {}));
}

TEST_F(TheTokenRule, AsksPagesThatOnlyHaveTheCookieWhereTheyAreFrom) {
  const auto from = [&](std::string_view origin, const std::vector<std::string>& origins = {}) {
    return status_with_cookie({{"Origin", std::string(origin)}}, origins);
  };
  EXPECT_EQ(from("http://localhost:9000"), 200);
  for (const char* origin : {"http://localhost", "http://localhost:3000", "http://127.0.0.1:9000",
                             "https://localhost", "null", "", "nonsense"}) {
    EXPECT_EQ(from(origin), 403) << origin;
  }
  EXPECT_EQ(from("http://localhost:3000", {"http://localhost:3000"}), 200);
  EXPECT_EQ(from("http://localhost:3000", {"localhost"}), 200);
  EXPECT_EQ(from("http://localhost:3000", {"*"}), 200);
  EXPECT_EQ(from("http://localhost:3001", {"http://localhost:3000"}), 403);
  EXPECT_EQ(status_of("/?token=other", {{"Origin", "http://localhost:3000"}, {"Cookie", cookie}}),
            200)
      << "it has more";
}

TEST_F(TheTokenRule, KnowsThePortThatIsNotWritten) {
  const auto refused = [&](const char* host, const char* origin, bool is_secure) {
    const RequestHead head = head_of("/", {{"Origin", origin}, {"Cookie", cookie}});
    EntryRequest request(head);
    request.host = host;
    request.is_secure = is_secure;
    return rule.refuse(request, {}).has_value();
  };
  EXPECT_FALSE(refused("robot", "http://robot", false));
  EXPECT_FALSE(refused("robot:80", "http://robot", false));
  EXPECT_FALSE(refused("robot", "https://robot", true));
  EXPECT_FALSE(refused("robot:443", "https://robot", true));
  EXPECT_FALSE(refused("[::1]:443", "https://[::1]", true));
  EXPECT_TRUE(refused("robot", "https://robot", false));
  EXPECT_TRUE(refused("robot", "http://robot", true));
  EXPECT_TRUE(refused("", "http://robot", false));
}

TEST_F(TheTokenRule, BelievesWhatBrowsersSayOfPagesOfOtherPorts) {
  const auto fetched = [&](const char* site, const char* mode, const char* destination) {
    return status_with_cookie(
        {{"Sec-Fetch-Site", site}, {"Sec-Fetch-Mode", mode}, {"Sec-Fetch-Dest", destination}});
  };
  EXPECT_EQ(fetched("same-origin", "no-cors", "script"), 200);
  EXPECT_EQ(fetched("none", "navigate", "document"), 200);
  EXPECT_EQ(fetched("same-site", "navigate", "document"), 200);
  EXPECT_EQ(fetched("same-site", "no-cors", "script"), 403);
  EXPECT_EQ(fetched("same-site", "navigate", "iframe"), 403);
}

TEST_F(TheTokenRule, SaysHowToEnter) {
  const RequestHead without = head_of("/", {});
  const auto none = rule.refuse(without, {});
  ASSERT_TRUE(none);
  EXPECT_THAT(none->reason, HasSubstr("option token"));
  EXPECT_EQ(none->response.headers[2],
            (std::pair<std::string, std::string>("WWW-Authenticate", "Bearer realm=\"simWS\"")));
  const RequestHead with_wrong = head_of("/?token=x", {});
  EXPECT_THAT(rule.refuse(with_wrong, {})->response.headers[2].second, HasSubstr("invalid_token"));
  const RequestHead visit = head_of("/", {{"Accept", "text/html"}});
  const auto page = rule.refuse(visit, {});
  EXPECT_EQ(page->response.status, 401);
  EXPECT_THAT(page->response.body, HasSubstr("<form>"));
  const RequestHead foreign = head_of("/", {{"Origin", "http://localhost:1"}, {"Cookie", cookie}});
  EXPECT_THAT(rule.refuse(foreign, {})->reason, HasSubstr("origins={'http://localhost:1'}"));
}

std::string location_of(const TokenRule& rule, std::string_view resource) {
  const RequestHead head = head_of(resource, {{"Accept", "text/html,*/*;q=0.8"}});
  const auto answer = rule.welcome(head);
  if (!answer) return "none";
  EXPECT_EQ(answer->status, 303);
  EXPECT_TRUE(http::encode_response(*answer, {}).ok());
  return answer->headers[0].second;
}

TEST_F(TheTokenRule, LeadsAVisitToTheAddressWithoutTheToken) {
  EXPECT_EQ(location_of(rule, "/?token=other"), "/");
  EXPECT_EQ(location_of(rule, "/page?token=other"), "/page");
  EXPECT_EQ(location_of(rule, "/page?a=1&token=other&b=%20&token=x&"), "/page?a=1&b=%20");
  EXPECT_EQ(location_of(rule, "//evil.example/?token=other"), "/.//evil.example/");
  EXPECT_EQ(location_of(rule, "/\\evil.example/?token=other"), "/./\\evil.example/");
  EXPECT_EQ(location_of(rule, "/?token=wrong"), "none");
  EXPECT_EQ(location_of(rule, "/"), "none");
}

TEST_F(TheTokenRule, SetsTheCookieWithItsAttributes) {
  const RequestHead head = head_of("/?token=other", {{"Accept", "text/html"}});
  EntryRequest request(head);
  const auto plain = rule.welcome(request);
  EXPECT_EQ(plain->headers[1].second, cookie + "; Path=/; HttpOnly; SameSite=Strict");
  request.is_secure = true;
  EXPECT_EQ(rule.welcome(request)->headers[1].second,
            cookie + "; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(plain->headers[2],
            (std::pair<std::string, std::string>("Referrer-Policy", "no-referrer")));
  EXPECT_EQ(plain->headers[3], (std::pair<std::string, std::string>("Cache-Control", "no-store")));
}

TEST_F(TheTokenRule, LeadsNobodyElseElsewhere) {
  const HeaderList browser = {{"Accept", "text/html"}};
  EXPECT_FALSE(rule.welcome(head_of("/?token=other", {})));
  EXPECT_FALSE(rule.welcome(head_of("/?token=other", {{"Accept", "*/*"}})));
  EXPECT_FALSE(rule.welcome(head_of("/?token=other", browser, "POST")));
  const RequestHead head = head_of("/?token=other", browser);
  EntryRequest websocket(head);
  websocket.is_websocket = true;
  EXPECT_FALSE(rule.welcome(websocket));
}

TEST(Tokens, CanBeShownInEveryWay) {
  const auto check = [](std::vector<std::string> tokens) { return check_tokens(tokens); };
  EXPECT_TRUE(check({}));
  EXPECT_TRUE(check({"a", "!~", std::string(1024, 't')}));
  for (const std::string& wrong : {std::string(), std::string("s3cret x"), std::string("s3cret\n"),
                                   std::string("s3cr\xc3\xa9t"), std::string(1025, 's')}) {
    const auto checked = check({"good", wrong});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr("option token: entry 2 "));
    EXPECT_THAT(checked.error().message, Not(HasSubstr("s3c")));
  }
}

std::string masked(std::string_view resource, const HeaderList& fields = {}) {
  const RequestHead head = without_tokens(head_of(resource, fields));
  std::string text(head.resource());
  head.for_each([&](std::string_view name, std::string_view value) {
    if (name != "Host") text.append(" ").append(name).append(": ").append(value);
  });
  return text;
}

TEST(WithoutTokens, HidesThem) {
  EXPECT_EQ(masked("/?token=other"), "/?token=***");
  EXPECT_EQ(masked("/p?a=1&&%74oken=x&token=y&b"), "/p?a=1&&%74oken=***&token=***&b");
  EXPECT_EQ(masked("/", {{"Authorization", "bearer s3cret"}}), "/ Authorization: bearer ***");
  EXPECT_EQ(masked("/", {{"cookie", "a=b;simws-9000=x; simws-80=y;c"}}),
            "/ cookie: a=b;simws-9000=***; simws-80=***;c");
  EXPECT_EQ(masked("/", {{"Referer", "http://robot/?token=other&x=1"}}),
            "/ Referer: http://robot/?token=***&x=1");
}

TEST(WithoutTokens, HidesWhatProxiesRepeat) {
  EXPECT_EQ(masked("/?token=a", {{"X-Forwarded-Uri", "/p?x=1&token=a"},
                                 {"X-Original-URL", "http://robot/?%74oken=a"}}),
            "/?token=*** X-Forwarded-Uri: /p?x=1&token=*** "
            "X-Original-URL: http://robot/?%74oken=***");
}

TEST(WithoutTokens, HidesWhatIsNearlyABearer) {
  EXPECT_EQ(masked("/", {{"Authorization", "Bearer\ts3cret"}}), "/ Authorization: Bearer\t***");
  EXPECT_EQ(masked("/", {{"Authorization", "Bearer=s3cret, x"}}), "/ Authorization: Bearer***");
}

TEST(WithoutTokens, LeavesAllElse) {
  for (const char* resource : {"/", "/?", "/?a&&b=c&", "/?token", "/?token=", "/token=x", "*"}) {
    EXPECT_EQ(masked(resource), resource);
  }
  const HeaderList fields = {{"Authorization", "Basic eA=="},
                             {"Cookie", " a ; b=c;"},
                             {"Referer", "http://robot/"},
                             {"X", "token=other"}};
  EXPECT_EQ(masked("/", fields),
            "/ Authorization: Basic eA== Cookie:  a ; b=c; Referer: http://robot/ X: token=other");
  EXPECT_EQ(head_of("/", fields).size(), without_tokens(head_of("/", fields)).size());
}

TEST(SecretValues, AreHiddenByTheirNames) {
  const std::pair<const char*, const char*> cases[] = {
      {"/", "/"},
      {"/token", "/token"},
      {"/?x=1&token=a%20b#", "/?x=1&token=***"},
      {"/?access_token=a&apiKey=b&PASSWORD=c&x=d",
       "/?access_token=***&apiKey=***&PASSWORD=***&x=d"},
      {"/?%74oken=a&client_secret=b&author=c", "/?%74oken=***&client_secret=***&author=***"},
      {"/?keyboard=de&token", "/?keyboard=de&token"},
  };
  for (const auto& [address, shown] : cases) EXPECT_EQ(without_secret_values(address), shown);
}

}  // namespace
}  // namespace simws::protocol
