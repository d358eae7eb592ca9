#include "host/load/target.h"

#include "base/random.h"
#include "host/load/failure.h"
#include "transport/resolver.h"

#include <utility>

namespace simws::load {
namespace {

// Of the smallest kind that fits the load: with windows left to the server's choice it would be
// another work for each server.
constexpr const char* offer_alone =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
constexpr const char* offer_in_context = "permessage-deflate";

protocol::Uri parse(const std::string& text) {
  auto uri = protocol::parse_uri(text);
  if (!uri) refuse(uri.error().message);
  return std::move(*uri);
}

protocol::ClientRequest request_of(const LoadOptions& options, const protocol::Uri& uri) {
  protocol::ClientRequest request;
  request.headers = options.headers;
  request.subprotocols = options.subprotocols;
  request.origin = options.origin;
  request.user_agent = "simws-bench/1.0";
  if (const auto checked = protocol::check_client_request(request, uri); !checked) {
    refuse(checked.error().message);
  }
  if (options.deflate) {
    request.headers.emplace_back("Sec-WebSocket-Extensions",
                                 options.in_context ? offer_in_context : offer_alone);
  }
  return request;
}

}  // namespace

Target::Target(const LoadOptions& load) : uri(parse(load.uri)), options(&load) {
  auto found = transport::resolve(uri.host, uri.port);
  if (!found) give_up("cannot find " + uri.host + ": " + found.error().message);
  addresses = std::move(*found);
  if (uri.is_secure) tls = make_tls_context(load.ca, load.verify);
  SystemRandom random;
  expectation.uri = uri;
  expectation.key = protocol::make_handshake_key(random);
  expectation.subprotocols = load.subprotocols;
  expectation.redirects_left = 1;  // told, not followed
  if (load.deflate) {
    expectation.deflate.emplace().client_context_takeover = load.in_context;
    expectation.deflate->server_context_takeover = load.in_context;
  }
  if (!load.raw) {
    request = protocol::encode_client_request(request_of(load, uri), uri, expectation.key);
  }
}

}  // namespace simws::load
