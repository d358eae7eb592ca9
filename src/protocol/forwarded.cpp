#include "protocol/forwarded.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::protocol {

namespace {

using http::equals_ignoring_case;

// ":port"; an obfuscated one (RFC 7239, 6.3) is none that's known.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty()) return std::uint16_t{0};
  if (text.front() != ':') return std::nullopt;
  if (text.starts_with(":_")) return std::uint16_t{0};
  return http::parse_number<std::uint16_t>(text.substr(1), 5, 10);
}

std::optional<Peer> make_peer(std::string_view ip, std::string_view port_text) {
  const auto address = parse_ip(ip);
  const auto port = parse_port(port_text);
  if (!address || !port) return std::nullopt;
  return Peer{without_mapping(*address), *port};
}

// "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:80" and, as X-Forwarded-For has it,
// "2001:db8::1".
std::optional<Peer> parse_peer(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos || text.find(':') > end) return std::nullopt;
    return make_peer(text.substr(1, end - 1), text.substr(end + 1));
  }
  const std::size_t colon = std::min(text.find(':'), text.size());
  const bool is_bare_ipv6 = colon < text.size() && text.find(':', colon + 1) != text.npos;
  if (is_bare_ipv6) return make_peer(text, {});
  return make_peer(text.substr(0, colon), text.substr(colon));
}

std::optional<bool> parse_scheme(std::string_view text) {
  if (equals_ignoring_case(text, "https") || equals_ignoring_case(text, "wss")) return true;
  if (equals_ignoring_case(text, "http") || equals_ignoring_case(text, "ws")) return false;
  return std::nullopt;
}

// A token or a quoted string (RFC 9110, 5.6.4).
std::optional<std::string> parse_value(std::string_view text) {
  if (http::is_token(text)) return std::string(text);
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] == '\\' && ++i + 1 == text.size()) return std::nullopt;
    value += text[i];
  }
  return value;
}

struct ForwardedElement {
  std::optional<std::string> client, scheme, host;

  // False: it's no pair, or the second of its name (RFC 7239, 4).
  bool add(std::string_view pair) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view name = pair.substr(0, equals);
    auto value = parse_value(pair.substr(std::min(equals + 1, pair.size())));
    if (!http::is_token(name) || !value) return false;
    std::optional<std::string>* const place = place_of(name);
    if (!place) return true;
    if (*place) return false;
    *place = std::move(value);
    return true;
  }

 private:
  std::optional<std::string>* place_of(std::string_view name) {
    if (equals_ignoring_case(name, "for")) return &client;
    if (equals_ignoring_case(name, "proto")) return &scheme;
    if (equals_ignoring_case(name, "host")) return &host;
    return nullptr;
  }
};

// Nothing: it's malformed.
std::optional<ForwardedElement> parse_element(std::string_view element) {
  ForwardedElement parsed;
  while (!element.empty()) {
    const std::size_t end = http::list_item_end(element, ';');
    const std::string_view pair = http::trim_ows(element.substr(0, end));
    if (!pair.empty() && !parsed.add(pair)) return std::nullopt;
    element.remove_prefix(std::min(end + 1, element.size()));
  }
  return parsed;
}

std::vector<std::string_view> elements_of(std::string_view list) {
  std::vector<std::string_view> elements;
  http::for_each_list_item(list, [&](std::string_view each) { elements.push_back(each); });
  return elements;
}

// X-Forwarded-* know no quoted strings: a quotation mark that a client sends hides no comma.
std::vector<std::string_view> items_of(std::string_view list) {
  std::vector<std::string_view> items;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view item = http::trim_ows(list.substr(0, end));
    if (!item.empty()) items.push_back(item);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return items;
}

// The item that stands as far from the end; where there are fewer, the first: a proxy that replaces
// the field rather than append to it has written that.
std::string_view from_end(const std::vector<std::string_view>& items, std::size_t steps) {
  if (items.empty()) return {};
  return items[items.size() - std::min(steps, items.size())];
}

// The fields that proxies append to, read from their end.
class XForwarded {
 public:
  explicit XForwarded(const RequestHead& request)
      : clients_text_(request.joined("X-Forwarded-For")),
        schemes_text_(request.joined("X-Forwarded-Proto")),
        hosts_text_(request.joined("X-Forwarded-Host")),
        clients_(items_of(clients_text_)) {}

  std::size_t count() const { return clients_.size(); }
  std::optional<Peer> client(std::size_t steps) const {
    return parse_peer(from_end(clients_, steps));
  }
  std::optional<std::string> scheme(std::size_t steps) const {
    return std::string(from_end(items_of(schemes_text_), steps));
  }
  std::optional<std::string> host(std::size_t steps) const {
    const std::string_view host = from_end(items_of(hosts_text_), steps);
    return host.empty() ? std::nullopt : std::optional<std::string>(host);
  }

 private:
  const std::string clients_text_, schemes_text_, hosts_text_;
  const std::vector<std::string_view> clients_;
};

class Forwarded {
 public:
  explicit Forwarded(const RequestHead& request)
      : text_(request.joined("Forwarded")), elements_(elements_of(text_)) {}

  std::size_t count() const { return elements_.size(); }
  std::optional<Peer> client(std::size_t steps) const {
    const auto element = parse_element(from_end(elements_, steps));
    return element && element->client ? parse_node(*element->client) : std::nullopt;
  }
  std::optional<std::string> scheme(std::size_t steps) const {
    return parse_element(from_end(elements_, steps))->scheme;
  }
  std::optional<std::string> host(std::size_t steps) const {
    return parse_element(from_end(elements_, steps))->host;
  }

 private:
  // IPv6 stands in brackets (RFC 7239, 6).
  static std::optional<Peer> parse_node(std::string_view node) {
    const auto peer = parse_peer(node);
    return peer && (node.starts_with('[') || !peer->address.is_ipv6) ? peer : std::nullopt;
  }

  const std::string text_;
  const std::vector<std::string_view> elements_;
};

template <typename Fields>
std::optional<ForwardedRequest> read_from_end(const Fields& fields, const ProxyRules& rules) {
  std::optional<Peer> client;
  std::size_t steps = 0;
  while (steps < fields.count()) {
    const auto before = fields.client(steps + 1);
    if (!before) break;
    client = before;
    ++steps;
    if (!rules.trusted.contains(client->address)) break;
  }
  if (!client) return std::nullopt;
  ForwardedRequest request{*client, parse_scheme(fields.scheme(steps).value_or("")), {}};
  if (rules.trusts_host) request.host = fields.host(steps);
  return request;
}

}  // namespace

std::optional<ForwardedRequest> find_client(const RequestHead& request, const IpAddress& peer,
                                            const ProxyRules& rules) {
  if (!rules.trusted.contains(peer)) return std::nullopt;
  return rules.reads_forwarded ? read_from_end(Forwarded(request), rules)
                               : read_from_end(XForwarded(request), rules);
}

}  // namespace simws::protocol
