// URIs of clients and proxies: what is taken can be sent and shown, and means the same once more.
#include "check.h"
#include "protocol/client_handshake.h"
#include "protocol/http/authority.h"
#include "protocol/http/request.h"
#include "protocol/proxy.h"
#include "protocol/uri.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace {

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

void check_site(const std::string& host, std::uint16_t port, const std::string& credentials) {
  check(port > 0 && !host.empty() && host.size() <= 253 && is_visible(host));
  check(std::ranges::none_of(credentials, [](char c) { return c >= 0 && c < 0x20; }));
  check(credentials.empty() || credentials.find(':') != std::string::npos);
}

bool is_same(const Uri& a, const Uri& b) {
  return is_same_origin(a, b) && a.resource == b.resource && a.is_ip_literal == b.is_ip_literal &&
         a.is_loopback == b.is_loopback;
}

void check_means_the_same_again(const Uri& uri) {
  const std::string text = (uri.is_secure ? "wss://" : "ws://") + uri.authority() + uri.resource;
  if (text.size() > max_uri_size) return;  // escapes may have made it longer
  const auto again = parse_uri(text);
  check(again.ok() && is_same(*again, uri));
}

// A server takes the request for what it's meant to be.
void check_request(const Uri& uri) {
  const std::string head = encode_client_request({}, uri, "dGhlIHNhbXBsZSBub25jZQ==");
  http::RequestParser parser({.max_header_size = 8 * max_uri_size, .max_body_size = 0});
  Bytes bytes = as_bytes(head);
  check(parser.parse(bytes) == http::ParseStatus::head && bytes.empty());
  check(parser.head().method() == "GET" && parser.head().resource() == uri.resource);
  const auto host = http::parse_authority(*parser.head().find("Host"));
  check(host && host->host == uri.host);
  check(parser.head().count("Authorization") == (uri.credentials.empty() ? 0u : 1u));
}

void check_uri(const Uri& uri) {
  check_site(uri.host, uri.port, uri.credentials);
  check(uri.resource.starts_with('/') && is_visible(uri.resource));
  check(uri.resource.find('#') == std::string::npos);
  const std::string shown = uri.shown();
  check(is_visible(shown) && (uri.credentials.empty() || shown.find("://***@") != shown.npos));
  check_means_the_same_again(uri);
  check_request(uri);
  is_excepted(uri, uri.host);
  check(is_excepted(uri, uri.authority()));
}

void check_error(const Error& error) {
  check(!error.message.empty() && error.message.size() < 1200);
  check(std::ranges::all_of(error.message, [](char c) { return c >= 0x20 && c <= 0x7e; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(fuzz::to_bytes(data, size));
  if (const auto uri = parse_uri(text); uri.ok()) {
    check_uri(*uri);
  } else {
    check_error(uri.error());
  }
  if (const auto proxy = parse_proxy(text); proxy.ok()) {
    check_site(proxy->host, proxy->port, proxy->credentials);
  } else {
    check_error(proxy.error());
  }
  is_excepted(*parse_uri("ws://robot.lab:9000"), text);
  check(without_secrets(text).size() <= 2 * text.size() + 8);
  return 0;
}
