// Who may come in: the Host a client asks for, and the Origin of the page that asks (RFC 6455,
// 10.2). Any web page can make a browser connect to a local server; these rules keep strangers'
// pages out.
#pragma once

#include <simws/http.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {

struct EntryRules {
  std::vector<std::string> hosts;    // besides IP literals, localhost and the machine's own name
  std::vector<std::string> origins;  // "*", "null", "https://host[:port]" or a host name
  std::string machine_name;          // the machine's own, for "name.local" too; empty: unknown
};

// Nothing: may enter. Otherwise why not, with the value and the option that would admit it.
std::optional<std::string> refuse_host(const EntryRules& rules, std::string_view host);
// `origin` is the Origin field's value; `host` the Host field's.
std::optional<std::string> refuse_origin(const EntryRules& rules, std::string_view origin,
                                         std::string_view host);
// For requests without Origin, which browsers send for what pages embed: those that a page of
// another site causes are marked (Fetch Metadata, 2.4). A link that opens this server's page is
// none of these.
std::optional<std::string> refuse_fetch(const EntryRules& rules, const RequestHead& request);

}  // namespace simws::protocol
