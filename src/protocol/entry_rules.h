// Who may come in: the Host a client asks for, and the Origin of the page that asks (RFC 6455, 10.2).
// Any web page can make a browser connect to a local server; these rules keep strangers' pages out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

struct EntryRules {
  std::vector<std::string> hosts;    // names allowed besides IP literals, localhost, the machine's own
  std::vector<std::string> origins;  // "*", "null", "https://host[:port]" or a host name
  std::string machine_name;          // the machine's own host name; empty: unknown
};

// An authority "host[:port]" taken apart (RFC 3986, 3.2): user-info, a bad port, an unclosed bracket
// or anything else that isn't exactly that is refused. The host comes lower-cased, IPv6 without
// brackets, without a trailing dot.
struct Authority {
  std::string host;
  bool is_ip_literal = false;
};
std::optional<Authority> parse_authority(std::string_view text);

// Nothing: may enter. Otherwise why not, with the value and the option that would admit it.
std::optional<std::string> refuse_host(const EntryRules& rules, std::string_view host);
// `origin` is the Origin field's value; `host` the Host field's.
std::optional<std::string> refuse_origin(const EntryRules& rules, std::string_view origin,
                                         std::string_view host);

}  // namespace simws::protocol
