#include "protocol/entry_rules.h"

#include "protocol/http/authority.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstdint>

namespace simws::protocol {

namespace {

using http::Authority;
using http::parse_authority;

// "scheme://host[:port]" (RFC 6454, 6.1), and nothing more.
struct Origin {
  std::string scheme;
  Authority authority;
};

bool is_scheme(std::string_view text) {
  return !text.empty() && http::is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return http::is_alpha(c) || http::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

std::optional<Origin> parse_origin(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == text.npos || !is_scheme(text.substr(0, colon))) return std::nullopt;
  auto authority = parse_authority(text.substr(colon + 3));
  if (!authority) return std::nullopt;
  return Origin{http::to_lower(text.substr(0, colon)), std::move(*authority)};
}

std::optional<std::uint16_t> port_of(const Origin& origin) {
  if (origin.authority.port) return origin.authority.port;
  if (origin.scheme == "http" || origin.scheme == "ws") return std::uint16_t{80};
  if (origin.scheme == "https" || origin.scheme == "wss") return std::uint16_t{443};
  return std::nullopt;
}

bool is_listed(const std::vector<std::string>& list, std::string_view entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

// `entry` is a whole origin, or a host which may come with a port.
bool entry_admits(std::string_view entry, const Origin& origin) {
  if (entry == "null") return false;  // the opaque origin, no host of that name
  if (const auto listed = parse_origin(entry)) {
    return listed->scheme == origin.scheme && listed->authority.host == origin.authority.host &&
           port_of(*listed) == port_of(origin);
  }
  const auto listed = parse_authority(entry);
  return listed && listed->host == origin.authority.host &&
         (!listed->port || listed->port == port_of(origin));
}

bool origin_is_listed(const EntryRules& rules, const Origin& origin) {
  return is_listed(rules.origins, "*") ||
         std::any_of(rules.origins.begin(), rules.origins.end(),
                     [&](const std::string& entry) { return entry_admits(entry, origin); });
}

std::string refusal_of_origin(std::string_view origin) {
  const std::string value = http::in_quotes(origin);
  return "origin " + value + " may not connect; to admit it, start the server with origins={" +
         value + "}";
}

bool names_host(std::string_view entry, const Authority& host) {
  const auto listed = parse_authority(entry);
  return listed && listed->host == host.host;
}

}  // namespace

std::optional<std::string> refuse_host(const EntryRules& rules, std::string_view host) {
  const auto authority = parse_authority(host);
  if (!authority) return "host " + http::in_quotes(host) + " is malformed: host[:port] is expected";
  if (authority->is_ip_literal || authority->is_loopback) return std::nullopt;
  if (names_host(rules.machine_name, *authority)) return std::nullopt;
  for (const std::string& entry : rules.hosts) {
    if (names_host(entry, *authority)) return std::nullopt;
  }
  return "host " + http::in_quotes(host) +
         " is not a name of this server; to admit it, start the server with hosts={" +
         http::in_quotes(authority->host) + "}";
}

std::optional<std::string> refuse_origin(const EntryRules& rules, std::string_view origin,
                                         std::string_view host) {
  if (origin == "null") {
    if (is_listed(rules.origins, "null") || is_listed(rules.origins, "*")) return std::nullopt;
    return refusal_of_origin(origin);
  }
  if (http::equals_ignoring_case(origin, "file://")) return std::nullopt;
  const auto parsed = parse_origin(origin);
  if (!parsed) {
    return "origin " + http::in_quotes(origin) + " is malformed: scheme://host[:port] is expected";
  }
  const auto own = parse_authority(host);
  if (own && own->host == parsed->authority.host) return std::nullopt;
  if (parsed->authority.is_loopback || origin_is_listed(rules, *parsed)) return std::nullopt;
  return refusal_of_origin(origin);
}

}  // namespace simws::protocol
