#include "protocol/entry_rules.h"

#include "protocol/http/authority.h"
#include "protocol/http/origin.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstdint>

namespace simws::protocol {

namespace {

using http::Authority;
using http::Origin;
using http::parse_authority;
using http::parse_origin;

bool is_listed(const std::vector<std::string>& list, std::string_view entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

// `entry` is a whole origin, or a host which may come with a port.
bool entry_admits(std::string_view entry, const Origin& origin) {
  if (http::is_origin_of_file(entry)) return false;  // no host of that name
  if (const auto listed = parse_origin(entry)) {
    return listed->scheme == origin.scheme && listed->authority.host == origin.authority.host &&
           listed->port() == origin.port();
  }
  const auto listed = parse_authority(entry);
  return listed && listed->host == origin.authority.host &&
         (!listed->port || listed->port == origin.port());
}

bool admits_any(const EntryRules& rules) {
  return is_listed(rules.origins, "*");
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

std::optional<std::uint16_t> port_of(const Authority& authority, bool is_secure) {
  if (authority.port) return authority.port;
  return is_secure ? std::uint16_t{443} : std::uint16_t{80};
}

// By its own name, and by that of multicast DNS (RFC 6762, 3), which has no domain.
bool names_machine(std::string_view machine_name, const Authority& host) {
  if (names_host(machine_name, host)) return true;
  std::string local(machine_name.substr(0, machine_name.find('.')));
  return !local.empty() && names_host(local.append(".local"), host);
}

}  // namespace

bool has_own_host_and_port(const EntryRequest& request, std::string_view text) {
  const auto origin = parse_origin(text);
  const auto own = parse_authority(request.host.value_or(""));
  return origin && own && origin->authority.host == own->host &&
         origin->port() == port_of(*own, request.is_secure);
}

bool is_own_origin(const EntryRequest& request, std::string_view text) {
  const auto origin = parse_origin(text);
  return origin && origin->scheme == (request.is_secure ? "https" : "http") &&
         has_own_host_and_port(request, text);
}

bool is_listed_origin(const std::vector<std::string>& list, std::string_view origin) {
  if (http::is_origin_of_file(origin)) {
    return is_listed(list, "null") || is_listed(list, "*") ||
           is_listed(list, http::to_lower(origin));
  }
  const auto parsed = parse_origin(origin);
  if (!parsed) return false;
  return is_listed(list, "*") || std::any_of(list.begin(), list.end(), [&](const auto& entry) {
           return entry_admits(entry, *parsed);
         });
}

std::optional<std::string> refuse_host(const EntryRules& rules, std::string_view host) {
  const auto authority = parse_authority(host);
  if (!authority) return "host " + http::in_quotes(host) + " is malformed: host[:port] is expected";
  if (authority->is_ip_literal || authority->is_loopback) return std::nullopt;
  if (names_machine(rules.machine_name, *authority)) return std::nullopt;
  for (const std::string& entry : rules.hosts) {
    if (names_host(entry, *authority)) return std::nullopt;
  }
  return "host " + http::in_quotes(host) +
         " is not a name of this server; to admit it, start the server with hosts={" +
         http::in_quotes(authority->host) + "}";
}

std::optional<std::string> refuse_origin(const EntryRules& rules, std::string_view origin,
                                         std::string_view host) {
  if (is_listed_origin(rules.origins, origin)) return std::nullopt;
  if (http::is_origin_of_file(origin)) return refusal_of_origin(origin);
  const auto parsed = parse_origin(origin);
  if (!parsed) {
    return "origin " + http::in_quotes(origin) + " is malformed: scheme://host[:port] is expected";
  }
  const auto own = parse_authority(host);
  if (own && own->host == parsed->authority.host) return std::nullopt;
  if (parsed->authority.is_loopback) return std::nullopt;
  return refusal_of_origin(origin);
}

std::optional<std::string> refuse_fetch(const EntryRules& rules, const RequestHead& request) {
  const auto says = [&](std::string_view field, std::string_view value) {
    return http::equals_ignoring_case(request.find(field).value_or(""), value);
  };
  if (!says("Sec-Fetch-Site", "cross-site") || admits_any(rules)) return std::nullopt;
  if (says("Sec-Fetch-Mode", "navigate") && says("Sec-Fetch-Dest", "document")) return std::nullopt;
  return "a page of another site may not load this (Sec-Fetch-Site: cross-site); to admit any "
         "page, "
         "start the server with origins={'*'}";
}

}  // namespace simws::protocol
