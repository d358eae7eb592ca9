// The server's side of the opening handshake (RFC 6455, 4.2).
#pragma once

#include "protocol/deflate_parameters.h"
#include "protocol/entry_rules.h"

#include <simws/http.h>
#include <simws/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simws::protocol {

// The client asks for WebSocket: Upgrade names `websocket`. Everything else is plain HTTP.
bool is_websocket_attempt(const RequestHead& request);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455, 4.2.2).
std::string accept_key(std::string_view key);

struct Accepted {
  std::string response;                      // "HTTP/1.1 101 Switching Protocols..." whole
  const std::string* subprotocol = nullptr;  // of the server's; null: none
  std::optional<DeflateParameters> deflate;  // none: messages aren't compressed
};

struct Refused {
  HttpResponse response;  // status, fields such as Sec-WebSocket-Version, words for people
  std::string reason;     // for the fail callback and the log
};

struct HandshakeRules {
  EntryRules entry;
  std::vector<std::string> subprotocols;  // the server's, best first
  std::string server_name;
  std::optional<DeflateWishes> deflate = std::nullopt;  // none: it isn't agreed on
};

// Both judge the head alone, before anything of a body is read. Host and Origin are judged for
// WebSocket too; `refuse_entry` is for plain requests.
std::variant<Accepted, Refused> answer_handshake(const EntryRequest& request, int minor_version,
                                                 const HandshakeRules& rules);

std::variant<std::monostate, Refused> refuse_entry(const EntryRequest& request,
                                                   const EntryRules& rules);

// Fields that an application may add to the answer that opens a WebSocket. Error: a name or value
// that can't be sent, or one that is the handshake's own.
Result<void> check_upgrade_headers(const HeaderList& headers);
// REQUIRES: they are checked.
void add_headers(Accepted& accepted, const HeaderList& headers);

}  // namespace simws::protocol
