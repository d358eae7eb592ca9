#include "protocol/token.h"

#include "base/hex_digits.h"
#include "base/query.h"
#include "base/request_head_builder.h"
#include "protocol/http/cookies.h"
#include "protocol/http/headers.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace simws::protocol {

namespace {

using http::equals_ignoring_case;

constexpr std::string_view mask = "***";
constexpr std::string_view parameter = "token";
constexpr std::string_view cookie_prefix = "simws-";
constexpr std::size_t longest_token = 1024;

// What a browser shows where a page is asked for without a token. A link from another site leads
// here too: the cookie that it brought isn't sent before a page of this server asks.
constexpr std::string_view page = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>A token is needed</title>
<style>
  body { max-width: 30em; margin: 4em auto; padding: 0 1em; font: 16px system-ui, sans-serif; }
  input { font: inherit; padding: .3em; }
  button { font: inherit; padding: .3em 1em; }
</style>
<h1>A token is needed</h1>
<form>
  <input name="token" type="password" aria-label="The token" autocomplete="off" autofocus>
  <button>Open</button>
</form>
<p>Have you followed a link that has the token? Then <a href="">go on</a>.
</html>
)html";

// Takes as long whatever differs, and whichever of them is longer.
bool is_same(std::string_view secret, std::string_view given) {
  volatile unsigned difference = secret.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto a = static_cast<unsigned char>(secret[i % secret.size()]);
    difference = difference | static_cast<unsigned>(a ^ static_cast<unsigned char>(given[i]));
  }
  return difference == 0;
}

std::string draw_session(RandomSource& random) {
  std::array<std::byte, 32> bytes;
  random.fill(bytes);
  return hex_digits(bytes);
}

bool is_token_name(std::string_view name) {
  return name == parameter || (name.find('%') != name.npos && percent_decode(name) == parameter);
}

// Nothing: it has none.
std::optional<std::string> token_in_address(const RequestHead& request) {
  std::optional<std::string> first;
  for_each_query_pair(query_of(request.resource()),
                      [&](std::string_view, std::string_view name, std::string_view value) {
                        if (!first && is_token_name(name)) first = percent_decode(value);
                      });
  return first;
}

// The path, and of the query what is left; browsers take "//host" and "/\\host" for another server.
std::string address_without_token(std::string_view resource) {
  const std::string_view path = path_of(resource);
  std::string query;
  for_each_query_pair(query_of(resource),
                      [&](std::string_view pair, std::string_view name, std::string_view) {
                        if (is_token_name(name)) return;
                        query.append(query.empty() ? "?" : "&").append(pair);
                      });
  const bool is_ambiguous = path.size() > 1 && (path[1] == '/' || path[1] == '\\');
  return std::string(is_ambiguous ? "/." : "").append(path).append(query);
}

// What is behind "Bearer "; nothing: it's another scheme.
std::optional<std::string_view> bearer_of(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  if (!equals_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
  return http::trim_ows(authorization.substr(scheme.size()));
}

bool is_visit(const EntryRequest& request) {
  return !request.is_websocket && request.head.method() == "GET" &&
         http::accepts_html(request.head);
}

// A page that has the cookie, too, since it's of this host; browsers that say so say it of what
// carries no Origin.
bool is_of_another_port(const EntryRequest& request, const std::vector<std::string>& origins) {
  const auto origin = request.head.find("Origin");
  if (origin) {
    return !has_own_host_and_port(request, *origin) && !is_listed_origin(origins, *origin);
  }
  const std::string_view site = request.head.find("Sec-Fetch-Site").value_or("");
  if (site.empty() || site == "same-origin" || site == "none") return false;
  const bool is_link = request.head.find("Sec-Fetch-Mode") == "navigate" &&
                       request.head.find("Sec-Fetch-Dest") == "document";
  return !is_link && std::ranges::find(origins, "*") == origins.end();
}

Refused refuse_without_token(const EntryRequest& request, bool has_wrong_one) {
  Refused refused;
  refused.reason = has_wrong_one ? "a wrong token" : "no token";
  refused.reason +=
      "; the option token asks for one in the address (?token=), in the header Authorization "
      "(Bearer), or for the cookie of a page that was opened with it";
  if (is_visit(request)) {
    refused.response = {401, std::string(page), {{"Content-Type", "text/html; charset=utf-8"}}};
  } else {
    refused.response = http::plain_response(401, refused.reason);
  }
  refused.response.headers.emplace_back(
      "WWW-Authenticate",
      has_wrong_one ? R"(Bearer realm="simWS", error="invalid_token")" : R"(Bearer realm="simWS")");
  refused.response.headers.emplace_back("Cache-Control", "no-store");
  refused.response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return refused;
}

Refused refuse_page(const EntryRequest& request) {
  const auto origin = request.head.find("Origin");
  const std::string reason =
      (origin ? "the page of " + http::in_quotes(*origin) : std::string("a page of another port")) +
      " has the cookie only, which all ports of a host share; to admit it, start the server with "
      "origins={" +
      (origin ? http::in_quotes(*origin) : "'*'") +
      "}, or behind a proxy that ends https with trustedProxies, or give the page the token";
  return {http::plain_response(403, reason), reason};
}

}  // namespace

TokenRule::TokenRule(std::vector<std::string> tokens, int port, RandomSource& random)
    : tokens_(std::move(tokens)),
      cookie_name_(std::string(cookie_prefix) + std::to_string(port)),
      session_(draw_session(random)) {}

bool TokenRule::is_token(std::string_view given) const {
  bool found = false;
  for (const std::string& token : tokens_) found = is_same(token, given) || found;
  return found;
}

bool TokenRule::has_token_in_address(const RequestHead& request) const {
  const auto given = token_in_address(request);
  return given && is_token(*given);
}

bool TokenRule::has_token_in_field(const RequestHead& request) const {
  const auto given = bearer_of(request.find("Authorization").value_or(""));
  return given && is_token(*given);
}

// Other servers of the host may have set cookies of the same name for their paths.
bool TokenRule::has_cookie(const RequestHead& request) const {
  bool found = false;
  request.for_each_of("Cookie", [&](std::string_view text) {
    http::for_each_cookie(text, [&](std::string_view name, std::string_view value) {
      if (name == cookie_name_) found = is_same(session_, value) || found;
    });
  });
  return found;
}

std::optional<Refused> TokenRule::refuse(const EntryRequest& request,
                                         const std::vector<std::string>& origins) const {
  const RequestHead& head = request.head;
  if (has_token_in_address(head) || has_token_in_field(head)) return std::nullopt;
  if (has_cookie(head)) {
    if (!is_of_another_port(request, origins)) return std::nullopt;
    return refuse_page(request);
  }
  const bool has_wrong_one =
      token_in_address(head) || bearer_of(head.find("Authorization").value_or(""));
  return refuse_without_token(request, has_wrong_one);
}

std::optional<HttpResponse> TokenRule::welcome(const EntryRequest& request) const {
  if (!is_visit(request) || !has_token_in_address(request.head)) return std::nullopt;
  std::string cookie = cookie_name_ + "=" + session_ + "; Path=/; HttpOnly; SameSite=Strict";
  if (request.is_secure) cookie += "; Secure";
  return HttpResponse{303,
                      {},
                      {{"Location", address_without_token(request.head.resource())},
                       {"Set-Cookie", std::move(cookie)},
                       {"Referrer-Policy", "no-referrer"},
                       {"Cache-Control", "no-store"}}};
}

Result<void> check_tokens(std::span<const std::string> tokens) {
  const auto is_visible = [](char c) { return c > 0x20 && c < 0x7f; };
  for (const std::string& token : tokens) {
    const bool is_usable =
        !token.empty() && token.size() <= longest_token && std::ranges::all_of(token, is_visible);
    if (is_usable) continue;
    return Error{ErrorCode::invalid_argument,
                 "option token: entry " + std::to_string(&token - tokens.data() + 1) +
                     " is no token: it has 1 to " + std::to_string(longest_token) +
                     " visible ASCII characters, of which none is a space"};
  }
  return {};
}

namespace {

// A text of which parts are hidden, in their order.
class Masked {
 public:
  explicit Masked(std::string_view text) : rest_(text) {}

  // REQUIRES: it's of the text, behind what was hidden before.
  void hide(std::string_view part) {
    if (part.empty()) return;
    const auto before = static_cast<std::size_t>(part.data() - rest_.data());
    shown_.append(rest_.substr(0, before)).append(mask);
    rest_.remove_prefix(before + part.size());
  }
  std::string finish() { return std::move(shown_.append(rest_)); }

 private:
  std::string shown_;
  std::string_view rest_;
};

// Of any text with a query: a resource, an address.
std::string masked_query(std::string_view text) {
  Masked masked(text);
  for_each_query_pair(query_of(text),
                      [&](std::string_view, std::string_view name, std::string_view value) {
                        if (is_token_name(name)) masked.hide(value);
                      });
  return masked.finish();
}

std::string masked_cookies(std::string_view field) {
  Masked masked(field);
  http::for_each_cookie(field, [&](std::string_view name, std::string_view value) {
    if (name.starts_with(cookie_prefix)) masked.hide(value);
  });
  return masked.finish();
}

// However its sender has written it, who may have meant it well.
std::string masked_bearer(std::string_view field) {
  constexpr std::string_view scheme = "Bearer";
  Masked masked(field);
  if (equals_ignoring_case(field.substr(0, scheme.size()), scheme)) {
    masked.hide(http::trim_ows(field.substr(scheme.size())));
  }
  return masked.finish();
}

// Proxies repeat addresses in fields of many names.
std::string masked_value(std::string_view name, std::string_view value) {
  if (equals_ignoring_case(name, "Cookie")) return masked_cookies(value);
  if (equals_ignoring_case(name, "Authorization")) return masked_bearer(value);
  return masked_query(value);
}

// "token", "access_token", "apiKey", "password".
bool is_secret_name(std::string_view name) {
  const std::string decoded = http::to_lower(percent_decode(name));
  for (const std::string_view word : {"token", "secret", "password", "auth"}) {
    if (decoded.find(word) != decoded.npos) return true;
  }
  return decoded.ends_with("key");
}

bool may_have_token(const RequestHead& request) {
  return !query_of(request.resource()).empty() || request.find("Authorization") ||
         request.find("Cookie") || request.find("Referer");
}

}  // namespace

std::string without_secret_values(std::string_view address) {
  Masked masked(address);
  for_each_query_pair(query_of(address),
                      [&](std::string_view, std::string_view name, std::string_view value) {
                        if (is_secret_name(name)) masked.hide(value);
                      });
  return masked.finish();
}

RequestHead without_tokens(const RequestHead& request) {
  if (!may_have_token(request)) return request;
  RequestHeadBuilder masked;
  masked.begin(request.method(), masked_query(request.resource()));
  request.for_each([&](std::string_view name, std::string_view value) {
    masked.add(name, masked_value(name, value));
  });
  return masked.finish();
}

}  // namespace simws::protocol
