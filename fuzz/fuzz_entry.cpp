// What decides who may come in: the fields of proxies, cookies, tokens, queries, options. Whatever
// a client writes, only a trusted proxy is believed, and no secret is shown.
#include "base/query.h"
#include "base/request_head_builder.h"
#include "check.h"
#include "protocol/forwarded.h"
#include "protocol/http/cookies.h"
#include "protocol/http/cors.h"
#include "protocol/http/response.h"
#include "protocol/opening_handshake.h"
#include "protocol/token.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

constexpr std::string_view secret = "s3cret-of-the-test";

class ZeroRandom final : public RandomSource {
 public:
  void fill(MutableBytes bytes) override { std::ranges::fill(bytes, std::byte{0}); }
};

const std::string session(64, '0');

// A line of the input is a resource, the others are values of these fields in turn.
constexpr std::array<std::string_view, 8> names = {
    "X-Forwarded-For",  "Forwarded", "X-Forwarded-Proto",
    "X-Forwarded-Host", "Cookie",    "Authorization",
    "Origin",           "Referer"};

RequestHead make_head(std::string_view text) {
  RequestHeadBuilder builder;
  const std::size_t end = std::min(text.find('\n'), text.size());
  builder.begin("GET", text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  builder.add("Host", "robot");
  builder.add("Accept", "text/html");
  for (std::size_t i = 0; !text.empty(); ++i) {
    const std::size_t line = std::min(text.find('\n'), text.size());
    builder.add(names[i % names.size()], text.substr(0, line));
    text.remove_prefix(std::min(line + 1, text.size()));
  }
  return builder.finish();
}

void check_proxies(const RequestHead& head) {
  const std::array<std::string, 2> trusted = {"127.0.0.1", "fd00::/8"};
  for (const bool reads_forwarded : {false, true}) {
    const ProxyRules rules{*Networks::parse("trustedProxies", trusted), reads_forwarded, true};
    check(!find_client(head, *parse_ip("203.0.113.9"), rules));
    const auto client = find_client(head, *parse_ip("127.0.0.1"), rules);
    if (!client) continue;
    check(without_mapping(client->client.address) == client->client.address);
    check(parse_ip(client->client.address.to_string()) == client->client.address);
  }
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

// What is hidden is the value of a pair, a bearer, or a cookie: elsewhere it isn't known as secret.
void check_masks(const RequestHead& head) {
  const RequestHead shown = without_tokens(head);
  for_each_query_pair(query_of(shown.resource()),
                      [](std::string_view, std::string_view name, std::string_view value) {
                        check(name != "token" || value.empty() || value == "***");
                      });
  check(shown.find("Authorization").has_value() == head.find("Authorization").has_value());
  check(without_tokens(shown).resource() == shown.resource());
  http::for_each_cookie(shown.find("Cookie").value_or(""),
                        [](std::string_view name, std::string_view value) {
                          check(!name.starts_with("simws-") || value.empty() || value == "***");
                        });
}

void check_token(const RequestHead& head) {
  ZeroRandom random;
  const TokenRule rule({std::string(secret)}, 9000, random);
  const bool has_secret = has(percent_decode(head.resource()), secret) ||
                          has(head.joined("Authorization"), secret) ||
                          has(head.joined("Cookie"), session);
  const auto refused = rule.refuse(head, {});
  check(refused || has_secret);
  if (refused) check(http::encode_response(refused->response, {}).ok());
  const auto welcome = rule.welcome(head);
  if (!welcome) return;
  check(!refused && has_secret);
  const std::string& location = welcome->headers[0].second;
  check(!location.starts_with("//") && !location.starts_with("/\\"));
  bool has_token = false;
  for_each_query_pair(query_of(location),
                      [&](std::string_view, std::string_view name, std::string_view) {
                        has_token = has_token || name == "token";
                      });
  check(!has_token);
}

void check_pages(const RequestHead& head) {
  const std::vector<std::string> origins = {"https://lab.example"};
  const HeaderList fields = http::cors_fields({}, head, origins);
  if (fields.size() == 2) check(is_listed_origin(origins, fields[0].second));
  const auto entry = refuse_entry(head, EntryRules{{}, {}, "robot", origins});
  if (const auto* refused = std::get_if<Refused>(&entry)) {
    check(http::encode_response(refused->response, {}).ok());
  }
}

void check_options(std::string_view text) {
  const std::array<std::string, 1> entries = {std::string(text)};
  if (const auto networks = Networks::parse("trustedProxies", entries)) {
    const auto address = parse_ip(text.substr(0, text.find('/')));
    check(address && networks->contains(*address));
  }
  if (!check_tokens(entries).ok()) return;
  check(percent_decode(percent_encode(text)) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(fuzz::to_bytes(data, size));
  if (size > (64u << 10)) return 0;
  const RequestHead head = make_head(text);
  check_proxies(head);
  check_masks(head);
  check_token(head);
  check_pages(head);
  check_options(text);
  (void)check_upgrade_headers({{std::string(text.substr(0, 20)), std::string(text)}});
  return 0;
}
