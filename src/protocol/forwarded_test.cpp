#include "protocol/forwarded.h"

#include "base/request_head_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::protocol {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

RequestHead head_of(const Fields& fields) {
  RequestHeadBuilder builder;
  builder.begin("GET", "/");
  for (const auto& [name, value] : fields) builder.add(name, value);
  return builder.finish();
}

ProxyRules rules_of(bool reads_forwarded = false, bool trusts_host = false) {
  const std::vector<std::string> trusted = {"127.0.0.1", "10.0.0.0/8", "fd00::/8"};
  return {*Networks::parse("trustedProxies", trusted), reads_forwarded, trusts_host};
}

// "address port", "s" or "p" for the scheme and "@host" where they are said; "-": nothing is.
std::string words_of(const std::optional<ForwardedRequest>& request) {
  if (!request) return "-";
  std::string words = request->client.address.to_string();
  if (request->client.port > 0) words += " " + std::to_string(request->client.port);
  if (request->is_secure) words += *request->is_secure ? " s" : " p";
  if (request->host) words += " @" + *request->host;
  return words;
}

std::string client_of(const Fields& fields, const ProxyRules& rules = rules_of(),
                      std::string_view peer = "127.0.0.1") {
  return words_of(find_client(head_of(fields), *parse_ip(peer), rules));
}

std::string by_x_forwarded_for(std::string_view value) {
  return client_of({{"X-Forwarded-For", std::string(value)}});
}
std::string by_forwarded(std::string_view value) {
  return client_of({{"Forwarded", std::string(value)}}, rules_of(true, true));
}

TEST(FindClient, BelievesTrustedProxiesOnly) {
  const Fields fields = {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}};
  EXPECT_EQ(client_of(fields), "203.0.113.9 s");
  EXPECT_EQ(client_of(fields, rules_of(), "10.1.2.3"), "203.0.113.9 s");
  EXPECT_EQ(client_of(fields, rules_of(), "::ffff:10.1.2.3"), "203.0.113.9 s");
  EXPECT_EQ(client_of(fields, rules_of(), "127.0.0.2"), "-");
  EXPECT_EQ(client_of(fields, ProxyRules{}), "-");
  EXPECT_EQ(client_of({}), "-");
}

TEST(FindClient, ReadsFromTheEndUpToTheFirstThatIsNotTrusted) {
  const std::string_view cases[][2] = {
      {"203.0.113.9", "203.0.113.9"},
      {"198.51.100.1, 203.0.113.9", "203.0.113.9"},
      {"198.51.100.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"},
      {"198.51.100.1,203.0.113.9,10.0.0.7,10.0.0.8", "203.0.113.9"},
      {"10.0.0.9, 10.0.0.7", "10.0.0.9"},
      {"127.0.0.1, 203.0.113.9", "203.0.113.9"},
      {" , 203.0.113.9 ,, ", "203.0.113.9"},
      {"", "-"},
      {" , ", "-"},
  };
  for (const auto& [value, client] : cases) EXPECT_EQ(by_x_forwarded_for(value), client) << value;
}

TEST(FindClient, StopsAtWhatIsNoAddress) {
  const std::string_view cases[][2] = {
      {"nonsense", "-"},
      {"203.0.113.9, nonsense", "-"},
      {"203.0.113.9, nonsense, 10.0.0.7", "10.0.0.7"},
      {"203.0.113.9, unknown, 10.0.0.7", "10.0.0.7"},
      {"\"203.0.113.1, 203.0.113.9", "203.0.113.9"},
      {"203.0.113.9:", "-"},
      {"203.0.113.9:99999", "-"},
      {"203.0.113.9:80:80", "-"},
      {"203.0.113.9.", "-"},
      {"0x7f.1", "-"},
      {"[2001:db8::1", "-"},
      {"2001:db8::1]", "-"},
      {"[203.0.113.9]", "-"},
      {"[2001:db8::1]80", "-"},
      {"fe80::1%eth0", "-"},
      {"robot.lab.example", "-"},
  };
  for (const auto& [value, client] : cases) EXPECT_EQ(by_x_forwarded_for(value), client) << value;
}

TEST(FindClient, TakesPortsAndEveryFormOfAddress) {
  const std::string_view cases[][2] = {
      {"203.0.113.9:4711", "203.0.113.9 4711"},
      {"2001:DB8::1", "2001:db8::1"},
      {"[2001:db8::1]", "2001:db8::1"},
      {"[2001:db8::1]:4711", "2001:db8::1 4711"},
      {"::ffff:203.0.113.9", "203.0.113.9"},
      {"203.0.113.9, fd00::7", "203.0.113.9"},
      {"203.0.113.9, [fd00::7]:80", "203.0.113.9"},
  };
  for (const auto& [value, client] : cases) EXPECT_EQ(by_x_forwarded_for(value), client) << value;
}

TEST(FindClient, JoinsFieldsInTheirOrder) {
  EXPECT_EQ(client_of({{"X-Forwarded-For", "198.51.100.1"},
                       {"x-forwarded-for", "203.0.113.9"},
                       {"X-FORWARDED-FOR", "10.0.0.7"}}),
            "203.0.113.9");
}

TEST(FindClient, TakesTheSchemeThatTheSameProxySaw) {
  const auto scheme = [](std::string_view clients, std::string_view schemes) {
    return client_of(
        {{"X-Forwarded-For", std::string(clients)}, {"X-Forwarded-Proto", std::string(schemes)}});
  };
  EXPECT_EQ(scheme("203.0.113.9", "http"), "203.0.113.9 p");
  EXPECT_EQ(scheme("203.0.113.9", "WSS"), "203.0.113.9 s");
  EXPECT_EQ(scheme("203.0.113.9", "gopher"), "203.0.113.9");
  EXPECT_EQ(scheme("203.0.113.9", "https, http"), "203.0.113.9 p") << "the first is the client's";
  EXPECT_EQ(scheme("203.0.113.9, 10.0.0.7", "https, http"), "203.0.113.9 s");
  EXPECT_EQ(scheme("203.0.113.9, 10.0.0.7", "https"), "203.0.113.9 s") << "passed on as it was";
}

TEST(FindClient, TakesTheHostWhereItIsTrusted) {
  const Fields fields = {{"X-Forwarded-For", "203.0.113.9"},
                         {"X-Forwarded-Host", "evil.example, robot.example:8443"}};
  EXPECT_EQ(client_of(fields), "203.0.113.9");
  EXPECT_EQ(client_of(fields, rules_of(false, true)), "203.0.113.9 @robot.example:8443");
}

TEST(FindClient, ReadsOneOfTheTwoKindsOfFields) {
  const Fields both = {{"X-Forwarded-For", "203.0.113.9"}, {"Forwarded", "for=198.51.100.1"}};
  EXPECT_EQ(client_of(both), "203.0.113.9");
  EXPECT_EQ(client_of(both, rules_of(true)), "198.51.100.1");
}

TEST(FindClient, KnowsTheGrammarOfForwarded) {
  const std::string_view cases[][2] = {
      {"for=203.0.113.9", "203.0.113.9"},
      {"For=\"203.0.113.9\"", "203.0.113.9"},
      {"for=\"203.0.113.9:4711\";proto=https;by=10.0.0.1", "203.0.113.9 4711 s"},
      {"for=\"[2001:db8::1]:4711\" ; host=\"robot.example:80\"",
       "2001:db8::1 4711 @robot.example:80"},
      {"for=\"203.0.113.9:_port\"", "203.0.113.9"},
      {"for=\"\\2\\03.0.113.9\"", "203.0.113.9"},
      {";;for=203.0.113.9;;", "203.0.113.9"},
      {"for=198.51.100.1, for=203.0.113.9;proto=http", "203.0.113.9 p"},
      {"for=203.0.113.9;proto=https, for=10.0.0.7;proto=http", "203.0.113.9 s"},
      {"x=\"a,b;c\";for=203.0.113.9", "203.0.113.9"},
  };
  for (const auto& [value, client] : cases) EXPECT_EQ(by_forwarded(value), client) << value;
}

TEST(FindClient, StopsAtMalformedElementsOfForwarded) {
  const std::string_view cases[][2] = {
      {"", "-"},
      {"for", "-"},
      {"for=", "-"},
      {"=203.0.113.9", "-"},
      {"for =203.0.113.9", "-"},
      {"for=203.0.113.9:80", "-"},
      {"for=\"2001:db8::1\"", "-"},
      {"for=[2001:db8::1]", "-"},
      {"for=203.0.113.9;for=198.51.100.1", "-"},
      {"for=203.0.113.9;x", "-"},
      {"for=\"203.0.113.9", "-"},
      {"for=\"203.0.113.9\\\"", "-"},
      {"for=\"203.0.113.9\"x", "-"},
      {"for=unknown", "-"},
      {"for=_hidden", "-"},
      {"proto=https", "-"},
      {"for=203.0.113.9, for=_hidden", "-"},
      {"for=203.0.113.9, nonsense, for=10.0.0.7", "10.0.0.7"},
  };
  for (const auto& [value, client] : cases) EXPECT_EQ(by_forwarded(value), client) << value;
}

}  // namespace
}  // namespace simws::protocol
