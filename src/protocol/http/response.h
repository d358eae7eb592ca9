// HTTP/1.1 answers as bytes (RFC 9112, 4).
#pragma once

#include <simws/http.h>
#include <simws/result.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// How the answer depends on its request and its server.
struct ResponseContext {
  std::string_view method = "GET";  // no body in the answer to HEAD
  std::string_view resource = "";   // for the default Content-Type
  std::string_view server_name = "simWS";
  bool keep_alive = true;                     // otherwise "Connection: close"
  int minor_version = 1;                      // of the request: keep-alive is said to HTTP/1.0 only
  std::span<const std::string> origins = {};  // whose pages may frame an answer in HTML
  std::optional<std::time_t> now = {};        // for Date; nothing: it isn't sent
  // Of a body that follows in pieces; nothing: it's the response's own.
  std::optional<std::uint64_t> content_length = {};
};

// The body isn't copied; it's empty where none may be sent.
struct EncodedResponse {
  std::string head;
  std::string body;
};

std::string_view reason_phrase(int status);

// By the extension of the path, query left out; without one it's a page (text/html), with an
// unknown one application/octet-stream.
std::string_view content_type_of(std::string_view resource);
// By that of a file's name, in which nothing is a query.
std::string_view content_type_of_file(std::string_view file);

// Error: a status outside 200-599, a field name or value that can't be sent (no token, CR, LF,
// or another control character but the tab). 204, 205 and 304 go without a body (RFC 9110, 15.3.5,
// 15.3.6 and 15.4.5). Content-Length, Transfer-Encoding, Connection, Keep-Alive, Server and Date of
// the application are left out: they're the server's own. HTML (text/html) comes with the fields
// that keep strangers' pages from framing it.
Result<EncodedResponse> encode_response(HttpResponse response, const ResponseContext& context);

// A short answer in plain words for people, e.g. "404 Not Found".
HttpResponse plain_response(int status, std::string_view text);

}  // namespace simws::protocol::http
