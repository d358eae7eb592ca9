#include "protocol/broker/server_list.h"

#include "base/query.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace simws::protocol {

namespace {

constexpr std::string_view hidden = "***";

struct Url {
  std::string_view text;
  std::string_view scheme;  // with "://"; empty: none
  std::string_view user;    // before "@"; empty: none
  std::string_view host;    // and port
};

Url divide(std::string_view text) {
  Url url{text, {}, {}, {}};
  const std::size_t scheme = text.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  url.scheme = text.substr(0, begin);
  url.host = text.substr(begin);
  const std::size_t at = url.host.rfind('@');
  if (at == std::string_view::npos) return url;
  url.user = url.host.substr(0, at);
  url.host.remove_prefix(at + 1);
  return url;
}

std::vector<Url> each_of(std::string_view urls) {
  std::vector<Url> all;
  for (;;) {
    const std::size_t comma = std::min(urls.find(','), urls.size());
    all.push_back(divide(http::trim_ows(urls.substr(0, comma))));
    if (comma == urls.size()) return all;
    urls.remove_prefix(comma + 1);
  }
}

void append_shown(const Url& url, std::string& to) {
  to.append(url.scheme);
  if (!url.user.empty()) to.append(hidden).append("@");
  to.append(url.host);
}

Error fault(const Url& url, std::string_view what) {
  std::string text = "broker '";
  append_shown(url, text);
  return {ErrorCode::invalid_argument, text.append("' ").append(what)};
}

bool is_of_a_host(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '/' && c != '?' && c != '#' && c != 0x7F;
}

bool take_credentials(std::string_view text, ServerList& into) {
  const std::size_t colon = text.find(':');
  const auto first = percent_decoded(text.substr(0, colon));
  if (!first) return false;
  if (!into.user.empty() || !into.token.empty()) return true;
  if (colon == std::string_view::npos) {
    into.token = *first;
    return true;
  }
  const auto second = percent_decoded(text.substr(colon + 1));
  if (!second) return false;
  into.user = *first;
  into.password = *second;
  return true;
}

bool is_port(std::string_view text) {
  const auto port = http::parse_number<std::uint16_t>(text, 5, 10);
  return port && *port > 0;
}

// Why it's no host[:port]; empty: it's one.
std::string_view fault_of(std::string_view host) {
  if (host.empty() || host.front() == ':') return "names no host; write nats://host:4222";
  if (!std::ranges::all_of(host, is_of_a_host)) {
    return "has something in its host, or behind it, that can't be there; write nats://host:4222";
  }
  if (host.front() == '[') {
    const std::size_t end = host.find(']');
    if (end == host.npos) return "has a '[' without ']'; write nats://[::1]:4222";
    host.remove_prefix(end + 1);
  } else if (host.find(':') != host.rfind(':')) {
    return "has several ':' in its host; write an IPv6 address in brackets: nats://[::1]:4222";
  }
  const std::size_t colon = host.find(':');
  if (colon == host.npos || is_port(host.substr(colon + 1))) return {};
  return "has a port that can't be; write a number from 1 to 65535 behind the ':'";
}

std::optional<Error> take_url(const Url& url, ServerList& into) {
  if (url.scheme != "nats://" && url.scheme != "tls://") {
    return fault(url, "is no address of a NATS server; write nats://host:4222, or tls://host:4222");
  }
  if (!take_credentials(url.user, into)) {
    return fault(url,
                 "has a '%' before the '@' that isn't followed by two hexadecimal digits; "
                 "write %25 for '%'");
  }
  std::string_view host = url.host;
  if (host.ends_with('/')) host.remove_suffix(1);
  if (const std::string_view why = fault_of(host); !why.empty()) return fault(url, why);
  into.is_secure |= url.scheme == "tls://";
  into.urls.push_back(std::string(url.scheme).append(host));
  return std::nullopt;
}

void hide(std::string_view secret, std::string& in) {
  if (secret.empty()) return;
  std::size_t at = 0;
  while ((at = in.find(secret, at)) != std::string::npos) {
    in.replace(at, secret.size(), hidden);
    at += hidden.size();
  }
}

}  // namespace

std::string ServerList::shown() const {
  std::string text;
  for (const std::string& url : urls) {
    if (!text.empty()) text += ",";
    text += url;
  }
  return text;
}

Result<ServerList> parse_servers(std::string_view urls) {
  ServerList servers;
  for (const Url& url : each_of(urls)) {
    if (auto wrong = take_url(url, servers)) return std::move(*wrong);
  }
  return servers;
}

std::string shown_url(std::string_view urls) {
  std::string shown;
  for (const Url& url : each_of(urls)) {
    if (!shown.empty()) shown += ',';
    append_shown(url, shown);
  }
  return shown;
}

std::string without_secrets(std::string text, std::string_view urls) {
  for (const Url& url : each_of(urls)) {
    hide(url.user, text);
    hide(url.user.substr(std::min(url.user.find(':') + 1, url.user.size())), text);
  }
  return text;
}

}  // namespace simws::protocol
