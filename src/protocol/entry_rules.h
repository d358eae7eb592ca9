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
  std::vector<std::string> cors_origins = {};  // as `origins`: for requests that are no WebSocket's
};

// A request at the door.
struct EntryRequest {
  // As it came, without a proxy that is trusted.
  EntryRequest(const RequestHead& of) : head(of), host(of.find("Host")) {}

  const RequestHead& head;
  std::optional<std::string_view> host;  // that was asked for; HTTP/1.0 may go without
  bool is_secure = false;                // it came by https or wss
  bool is_websocket = false;             // it asks for one
};

// The Origin names exactly the host and port that were asked for; or the scheme too.
bool has_own_host_and_port(const EntryRequest& request, std::string_view origin);
bool is_own_origin(const EntryRequest& request, std::string_view origin);

// One of `list`, whose entries are as EntryRules::origins has them, admits the value of Origin.
bool is_listed_origin(const std::vector<std::string>& list, std::string_view origin);

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
