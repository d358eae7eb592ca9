#include "endpoint/plain_http_answer.h"

#include "base/bytes.h"
#include "protocol/http/authority.h"
#include "protocol/http/request.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"
#include "protocol/opening_handshake.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace http = protocol::http;

namespace {

// Empty: there's none.
std::string_view host_field(std::string_view head) {
  constexpr std::string_view name = "host:";
  while (!head.empty()) {
    const std::size_t size = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, size);
    head.remove_prefix(std::min(size + 2, head.size()));
    if (http::equals_ignoring_case(line.substr(0, name.size()), name)) {
      return http::trim_ows(line.substr(name.size()));
    }
  }
  return {};
}

// A whole one that can be a request, for something else than a WebSocket.
bool is_plain_request(std::string_view text) {
  http::RequestParser parser({});
  Bytes rest = as_bytes(text);
  return parser.parse(rest) == http::ParseStatus::head &&
         !protocol::is_websocket_attempt(parser.head());
}

}  // namespace

transport::PlainHttpReply answer_plain_http(std::string_view head, int port) {
  const std::string_view host = host_field(head);
  const std::string authority =
      http::parse_authority(host) ? std::string(host) : "localhost:" + std::to_string(port);
  HttpResponse response =
      http::plain_response(400, "This server speaks TLS: open https://" + authority +
                                    " or connect to wss://" + authority);
  http::ResponseContext context;
  context.keep_alive = false;
  if (head.starts_with("HEAD ")) context.method = "HEAD";
  auto encoded = http::encode_response(std::move(response), context);
  return {encoded ? encoded->head + encoded->body : std::string(), !is_plain_request(head)};
}

}  // namespace simws::endpoint
