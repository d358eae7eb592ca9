#include "protocol/opening_handshake.h"

#include "base/base64.h"
#include "base/field_value.h"
#include "base/sha1.h"
#include "protocol/extension_offer.h"
#include "protocol/http/headers.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace simws::protocol {

namespace {

using http::in_quotes;

Refused refuse(int status, std::string reason, HeaderList headers = {}) {
  Refused refused{http::plain_response(status, reason), std::move(reason)};
  auto& fields = refused.response.headers;
  fields.insert(fields.end(), headers.begin(), headers.end());
  return refused;
}

// 16 bytes in base64 are 22 characters and "==". Bits of the last character that hold nothing may
// be set: the example key of RFC 6455, 4.1 has it so.
bool is_key(std::string_view text) {
  if (text.size() != 24 || !text.ends_with("==")) return false;
  return std::all_of(text.begin(), text.end() - 2, [](char c) {
    return http::is_alpha(c) || http::is_digit(c) || c == '+' || c == '/';
  });
}

// The value of the one field of this name; empty: there's none, or several.
std::string_view single(const RequestHead& request, std::string_view name) {
  std::string_view single;
  std::size_t count = 0;
  request.for_each_of(name, [&](std::string_view value) {
    single = value;
    ++count;
  });
  return count == 1 ? single : std::string_view();
}

bool has_body(const RequestHead& request) {
  if (request.find("Transfer-Encoding")) return true;
  const auto length = request.find("Content-Length");
  return length && length->find_first_not_of('0') != length->npos;
}

std::optional<Refused> refuse_request(const RequestHead& request, int minor_version) {
  if (request.method() != "GET") {
    return refuse(405, "method " + in_quotes(request.method()) + " can't open a WebSocket: use GET",
                  {{"Allow", "GET"}});
  }
  if (minor_version < 1) {
    return refuse(400, "HTTP/1.0 can't open a WebSocket: use HTTP/1.1");
  }
  if (!http::has_list_item(request, "Connection", "upgrade")) {
    return refuse(400, "the header Connection doesn't name 'Upgrade'; a proxy may have removed it");
  }
  if (!is_key(single(request, "Sec-WebSocket-Key"))) {
    return refuse(400, "Sec-WebSocket-Key " + in_quotes(request.joined("Sec-WebSocket-Key")) +
                           " isn't one value of 16 bytes in base64");
  }
  if (single(request, "Sec-WebSocket-Version") != "13") {
    const std::string version = request.joined("Sec-WebSocket-Version");
    return refuse(426, "Sec-WebSocket-Version is " + in_quotes(version) + ": use 13",
                  {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
  }
  if (has_body(request)) {
    return refuse(400, "a request that opens a WebSocket can't have a body");
  }
  return std::nullopt;
}

// The subprotocols a client offers, sorted. Nothing: the fields aren't a list of one or more
// different tokens (RFC 6455, 4.1).
std::optional<std::vector<std::string_view>> parse_subprotocols(std::string_view list) {
  std::vector<std::string_view> offered;
  http::for_each_list_item(list, [&](std::string_view item) { offered.push_back(item); });
  std::sort(offered.begin(), offered.end());
  const bool is_valid = !offered.empty() &&
                        std::all_of(offered.begin(), offered.end(), http::is_token) &&
                        std::adjacent_find(offered.begin(), offered.end()) == offered.end();
  return is_valid ? std::optional(std::move(offered)) : std::nullopt;
}

const std::string* choose_subprotocol(const std::vector<std::string>& ours,
                                      const std::vector<std::string_view>& offered) {
  const auto chosen = std::find_if(ours.begin(), ours.end(), [&](const std::string& name) {
    return std::binary_search(offered.begin(), offered.end(), name);
  });
  return chosen == ours.end() ? nullptr : &*chosen;
}

std::array<std::byte, 20> accept_digest(std::string_view key) {
  return sha1(as_bytes(key), as_bytes("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
}

std::string switching_protocols(std::string_view key, const std::string* subprotocol,
                                std::string_view extension, std::string_view server_name) {
  constexpr std::size_t usual_size = 192;
  std::string response;
  response.reserve(usual_size);
  response.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n");
  response.append("Connection: Upgrade\r\nSec-WebSocket-Accept: ");
  append_base64(response, accept_digest(key));
  response.append("\r\n");
  if (subprotocol) {
    response.append("Sec-WebSocket-Protocol: ").append(*subprotocol).append("\r\n");
  }
  if (!extension.empty()) {
    response.append("Sec-WebSocket-Extensions: ").append(extension).append("\r\n");
  }
  if (!server_name.empty()) response.append("Server: ").append(server_name).append("\r\n");
  response.append("\r\n");
  return response;
}

std::variant<Accepted, Refused> negotiate(const RequestHead& request, const HandshakeRules& rules) {
  Accepted accepted;
  if (request.find("Sec-WebSocket-Protocol")) {
    const std::string list = request.joined("Sec-WebSocket-Protocol");
    const auto offered = parse_subprotocols(list);
    if (!offered) {
      return refuse(
          400, "Sec-WebSocket-Protocol " + in_quotes(list) + " isn't a list of different tokens");
    }
    accepted.subprotocol = choose_subprotocol(rules.subprotocols, *offered);
  }
  std::string extension;
  if (request.find("Sec-WebSocket-Extensions")) {
    const std::string list = request.joined("Sec-WebSocket-Extensions");
    const auto offers = parse_extension_offers(list);
    if (!offers) {
      return refuse(400, "Sec-WebSocket-Extensions " + in_quotes(list) + " is malformed");
    }
    auto deflate = rules.deflate ? accept_deflate(*offers, *rules.deflate) : std::nullopt;
    if (deflate) {
      accepted.deflate = deflate->parameters;
      extension = std::move(deflate->response);
    }
  }
  const auto key = request.find("Sec-WebSocket-Key");
  accepted.response =
      switching_protocols(key.value_or(""), accepted.subprotocol, extension, rules.server_name);
  return accepted;
}

bool is_handshakes_own(std::string_view name) {
  constexpr std::array<std::string_view, 5> own = {"Connection", "Upgrade", "Content-Length",
                                                   "Transfer-Encoding", "Server"};
  constexpr std::string_view prefix = "Sec-WebSocket-";
  return http::equals_ignoring_case(name.substr(0, prefix.size()), prefix) ||
         std::ranges::any_of(
             own, [&](std::string_view each) { return http::equals_ignoring_case(each, name); });
}

}  // namespace

bool is_websocket_attempt(const RequestHead& request) {
  return http::has_list_item(request, "Upgrade", "websocket");
}

std::string accept_key(std::string_view key) {
  return base64_encode(accept_digest(key));
}

std::variant<Accepted, Refused> answer_handshake(const EntryRequest& request, int minor_version,
                                                 const HandshakeRules& rules) {
  if (auto refused = refuse_request(request.head, minor_version)) return std::move(*refused);
  EntryRequest attempt = request;
  attempt.is_websocket = true;
  auto entry = refuse_entry(attempt, rules.entry);
  if (auto* refused = std::get_if<Refused>(&entry)) return std::move(*refused);
  return negotiate(request.head, rules);
}

std::variant<std::monostate, Refused> refuse_entry(const EntryRequest& request,
                                                   const EntryRules& rules) {
  const RequestHead& head = request.head;
  if (request.host) {
    if (auto reason = refuse_host(rules, *request.host)) return refuse(403, std::move(*reason));
  }
  const auto origin = head.find("Origin");
  if (!origin) {
    if (auto reason = refuse_fetch(rules, head)) return refuse(403, std::move(*reason));
    return {};
  }
  if (head.count("Origin") > 1) {
    return refuse(403,
                  "the header Origin came more than once: " + in_quotes(head.joined("Origin")));
  }
  if (!request.is_websocket && is_listed_origin(rules.cors_origins, *origin)) return {};
  if (auto reason = refuse_origin(rules, *origin, request.host.value_or(""))) {
    return refuse(403, std::move(*reason));
  }
  return {};
}

Result<void> check_upgrade_headers(const HeaderList& headers) {
  for (const auto& [name, value] : headers) {
    if (!http::is_token(name) || !is_field_value(value)) {
      return Error{ErrorCode::invalid_argument,
                   "header " + in_quotes(name) + " with the value " + in_quotes(value) +
                       " can't be sent: a name is a token, and a value has no control characters "
                       "such as line ends"};
    }
    if (!is_handshakes_own(name)) continue;
    return Error{ErrorCode::invalid_argument,
                 "header " + in_quotes(name) + " is the handshake's own: leave it out"};
  }
  return {};
}

void add_headers(Accepted& accepted, const HeaderList& headers) {
  std::string fields;
  for (const auto& [name, value] : headers) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }
  accepted.response.insert(accepted.response.size() - 2, fields);  // before the line that ends it
}

}  // namespace simws::protocol
