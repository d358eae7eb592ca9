#include "protocol/client_handshake.h"

#include "base/base64.h"
#include "base/field_value.h"
#include "protocol/entry_options.h"
#include "protocol/extension_offer.h"
#include "protocol/http/headers.h"
#include "protocol/http/origin.h"
#include "protocol/http/syntax.h"
#include "protocol/opening_handshake.h"
#include "protocol/redirect.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace simws::protocol {

namespace {

using http::equals_ignoring_case;
using http::in_quotes;

constexpr std::string_view server = "the server";
constexpr std::size_t most_header_bytes = 64u << 10;

// Fields that are the handshake's or the connection's own, and what to do instead.
struct Reserved {
  std::string_view name;
  std::string_view advice;
};
constexpr std::array reserved_fields{
    Reserved{"Host", "it follows from the URI"},
    Reserved{"Origin", "use the option origin"},
    Reserved{"User-Agent", "use the option userAgent"},
    Reserved{"Sec-WebSocket-Protocol", "use the option subprotocols"},
    Reserved{"Proxy-Authorization", "use the option proxy"},
    Reserved{"Connection", "it's the handshake's own"},
    Reserved{"Upgrade", "it's the handshake's own"},
    Reserved{"Keep-Alive", "it's the handshake's own"},
    Reserved{"Proxy-Connection", "it's the handshake's own"},
    Reserved{"TE", "it's the handshake's own"},
    Reserved{"Trailer", "it's the handshake's own"},
    Reserved{"Expect", "the request has no body"},
    Reserved{"Content-Length", "the request has no body"},
    Reserved{"Transfer-Encoding", "the request has no body"},
};

std::string_view advice_against(std::string_view name) {
  const auto found = std::ranges::find_if(reserved_fields, [&](const Reserved& field) {
    return equals_ignoring_case(field.name, name);
  });
  if (found != reserved_fields.end()) return found->advice;
  constexpr std::string_view own = "sec-websocket-";
  return http::to_lower(name).starts_with(own) ? "it's the handshake's own" : "";
}

Error bad_option(std::string_view option, std::string_view why) {
  std::string message = "option ";
  return {ErrorCode::invalid_argument, message.append(option).append(": ").append(why)};
}

Result<void> check_header(std::string_view name, std::string_view value) {
  const std::string shown = in_quotes(name);
  if (!http::is_token(name)) {
    return bad_option("headers",
                      shown + " is no name of a header: use letters, digits and !#$%&'*+-.^_`|~");
  }
  const std::string_view advice = advice_against(name);
  if (!advice.empty()) {
    return bad_option("headers", shown + " can't be set: " + std::string(advice));
  }
  if (!is_field_value(value)) {
    return bad_option("headers", "the value of " + shown +
                                     " can't be sent: leave out control characters such as line "
                                     "ends");
  }
  return {};
}

Result<void> check_headers(const HeaderList& headers, const Uri& uri) {
  std::size_t size = 0, authorizations = uri.credentials.empty() ? 0 : 1;
  for (const auto& [name, value] : headers) {
    if (auto checked = check_header(name, value); !checked.ok()) return checked;
    size += name.size() + value.size();
    authorizations += equals_ignoring_case(name, "Authorization") ? 1 : 0;
  }
  if (authorizations > 1) {
    return bad_option("headers",
                      "'Authorization' is given twice, here and maybe by user and password in the "
                      "URI: leave one out");
  }
  if (size > most_header_bytes) {
    return bad_option("headers", std::to_string(size) + " bytes are too many: 65536 may be sent");
  }
  return {};
}

bool is_credential(std::string_view name) {
  return equals_ignoring_case(name, "Authorization") || equals_ignoring_case(name, "Cookie");
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

void append_unless_empty(std::string& head, std::string_view name, std::string_view value) {
  if (!value.empty()) append_field(head, name, value);
}

std::string in_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) {
    if (!list.empty()) list += ", ";
    list += item;
  }
  return list;
}

// Why an answer with 101 doesn't open what was asked for; nothing: it does.
using Problem = std::optional<std::string>;

// RFC 6455, 4.1: items 2 and 3 of what the client must validate.
Problem judge_upgrade(const RequestHead& fields) {
  const std::string upgrade = fields.joined("Upgrade");
  if (!equals_ignoring_case(upgrade, "websocket")) {
    return "the header Upgrade is " + in_quotes(upgrade) + " instead of 'websocket'";
  }
  if (http::has_list_item(fields, "Connection", "upgrade")) return std::nullopt;
  return "the header Connection doesn't name 'Upgrade'";
}

// Item 4. A field that comes twice isn't the one that was asked for (11.3.3).
Problem judge_accept(const RequestHead& fields, std::string_view key) {
  const std::string accept = fields.joined("Sec-WebSocket-Accept");
  if (accept == accept_key(key)) return std::nullopt;
  if (accept.empty()) return "the header Sec-WebSocket-Accept is missing";
  return "Sec-WebSocket-Accept " + in_quotes(accept) + " doesn't belong to this handshake's key";
}

// Item 5. Nothing else is offered than compression, and that once.
Problem judge_extensions(const RequestHead& fields, const std::optional<DeflateWishes>& offered,
                         std::optional<DeflateParameters>& agreed) {
  const std::string list = fields.joined("Sec-WebSocket-Extensions");
  const auto extensions = parse_extension_offers(list);
  if (extensions && extensions->empty()) return std::nullopt;
  const bool is_offered =
      offered && extensions && extensions->size() == 1 && extensions->front().name == deflate_name;
  if (!is_offered) return "Sec-WebSocket-Extensions " + in_quotes(list) + " wasn't offered";
  auto outcome = judge_deflate(extensions->front(), *offered);
  if (const auto* why = std::get_if<std::string>(&outcome)) {
    return "Sec-WebSocket-Extensions " + in_quotes(list) + ": " + *why;
  }
  agreed = std::get<DeflateParameters>(outcome);
  return std::nullopt;
}

// Item 6. Without the field none of those offered is in use.
Problem judge_subprotocol(const RequestHead& fields, const std::vector<std::string>& offered) {
  if (!fields.find("Sec-WebSocket-Protocol")) return std::nullopt;
  const std::string chosen = fields.joined("Sec-WebSocket-Protocol");
  if (std::ranges::find(offered, chosen) != offered.end()) return std::nullopt;
  return "the subprotocol " + in_quotes(chosen) + " wasn't offered";
}

}  // namespace

ClientRequest ClientRequest::without_credentials() const {
  ClientRequest request = *this;
  std::erase_if(request.headers, [](const auto& field) { return is_credential(field.first); });
  return request;
}

Result<void> check_client_request(const ClientRequest& request, const Uri& uri) {
  if (auto checked = check_headers(request.headers, uri); !checked.ok()) return checked;
  if (auto checked = check_subprotocols(request.subprotocols); !checked.ok()) return checked;
  const std::string& origin = request.origin;
  if (!origin.empty() && origin != "null" && !http::parse_origin(origin)) {
    return bad_option("origin", in_quotes(origin) + " is no origin: use 'https://lab.example'");
  }
  if (!is_field_value(request.user_agent)) {
    return bad_option("userAgent", in_quotes(request.user_agent) +
                                       " can't be sent: leave out control characters such as line "
                                       "ends");
  }
  return {};
}

std::string make_handshake_key(RandomSource& random) {
  std::array<std::byte, 16> nonce;
  random.fill(nonce);
  return base64_encode(nonce);
}

std::string encode_client_request(const ClientRequest& request, const Uri& uri,
                                  std::string_view key) {
  std::string head = "GET " + uri.resource + " HTTP/1.1\r\n";
  append_field(head, "Host", uri.host_field());
  append_field(head, "Upgrade", "websocket");
  append_field(head, "Connection", "Upgrade");
  append_field(head, "Sec-WebSocket-Key", key);
  append_field(head, "Sec-WebSocket-Version", "13");
  append_unless_empty(head, "Sec-WebSocket-Protocol", in_list(request.subprotocols));
  if (request.deflate) {
    append_field(head, "Sec-WebSocket-Extensions", offer_deflate(*request.deflate));
  }
  append_unless_empty(head, "Origin", request.origin);
  append_unless_empty(head, "User-Agent", request.user_agent);
  if (!uri.credentials.empty()) {
    append_field(head, "Authorization", basic_authorization(uri.credentials));
  }
  for (const auto& [name, value] : request.headers) append_field(head, name, value);
  return head += "\r\n";
}

HandshakeReader::HandshakeReader(ClientExpectation expectation)
    : expectation_(std::move(expectation)), answer_(expectation_.max_header_size) {}

HandshakeOutcome HandshakeReader::receive(Bytes& input) {
  for (;;) {
    switch (answer_.parse(input)) {
      case http::ParseStatus::need_more:
        return {};
      case http::ParseStatus::head:
        if (auto outcome = judge_head(); outcome.index() != 0) return outcome;
        break;
      case http::ParseStatus::done:
        return *failure_so_far();
      case http::ParseStatus::fail:
        return answer_.has_head() ? *failure_so_far() : unusable_answer(server, answer_.refusal());
    }
  }
}

std::optional<AttemptFailure> HandshakeReader::failure_so_far() const {
  if (!answer_.has_head() || answer_.status() == 101) return std::nullopt;
  AttemptFailure failure = failed_with_status(server, answer_);
  if (failure.status == 401) {
    failure.reason += "; give user and password in the URI, or the header Authorization";
  } else if (failure.status < 300) {
    failure.reason += "; it serves no WebSocket at this path";
  }
  return failure;
}

// monostate: what it says lies in its body.
HandshakeOutcome HandshakeReader::judge_head() {
  if (answer_.status() == 101) return judge_opened();
  if (is_redirect(answer_.status())) return redirect();
  return {};
}

HandshakeOutcome HandshakeReader::judge_opened() {
  const RequestHead& fields = answer_.fields();
  std::optional<DeflateParameters> deflate;
  Problem problem;
  if (answer_.minor_version() < 1) problem = "HTTP/1.0 can't open a WebSocket";
  if (!problem) problem = judge_upgrade(fields);
  if (!problem) problem = judge_accept(fields, expectation_.key);
  if (!problem) problem = judge_extensions(fields, expectation_.deflate, deflate);
  if (!problem) problem = judge_subprotocol(fields, expectation_.subprotocols);
  if (problem) return unusable_answer(server, *problem);
  return Opened{fields.joined("Sec-WebSocket-Protocol"), deflate, fields};
}

HandshakeOutcome HandshakeReader::redirect() {
  auto followed = follow_redirect(expectation_.uri, answer_);
  if (auto* failure = std::get_if<AttemptFailure>(&followed)) return std::move(*failure);
  Uri& to = std::get<Uri>(followed);
  if (expectation_.redirects_left == 0) {
    return AttemptFailure{FailureKind::redirect,
                          "the server redirects to " + in_quotes(to.shown()) +
                              ", which is one more than maxRedirects admits",
                          0,
                          {}};
  }
  const bool to_same_origin = is_same_origin(expectation_.uri, to);
  return Redirected{std::move(to), to_same_origin};
}

}  // namespace simws::protocol
