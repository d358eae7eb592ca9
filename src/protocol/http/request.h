// One HTTP/1.1 request, and the parser that takes requests off a connection (RFC 9112).
#pragma once

#include "base/bytes.h"
#include "protocol/frame.h"
#include "protocol/http/headers.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace simws::protocol::http {

struct Request {
  std::string method;
  std::string target;  // path with query as sent, or "*"; an absolute-form comes as its path
  int minor_version = 1;
  Headers headers;
  std::string body;
  bool keep_alive = true;  // the connection may serve another request (RFC 9112, 9.3)
};

// What a request that can't be served gets.
struct Refusal {
  int status = 400;
  std::string reason;  // in words, for the log and for the answer's body
};

struct RequestLimits {
  std::size_t max_header_size = 16u << 10;  // request line and fields; over it: 414 or 431
  std::size_t max_body_size = 1u << 20;     // over it: 413, as soon as it's certain
};

// Syntax is Boost.Beast's to judge; what it lets pass and RFC 9112 forbids is refused here:
// Transfer-Encoding other than exactly one `chunked` in HTTP/1.1, any second Content-Length, any
// second Host, obs-fold, bytes >= 0x80 in names.
class RequestParser {
 public:
  explicit RequestParser(RequestLimits limits);
  ~RequestParser();

  // Takes the bytes of one request off `input`. On `done`, `request` is complete and what follows
  // it stays in `input`. On `fail` see `refusal`; the connection can't be used for another request.
  DecodeStatus parse(Bytes& input);

  // The head is complete (the body may not be).
  bool has_head() const;
  // The client waits for "100 Continue" before it sends the body (RFC 9110, 10.1.1); asked once.
  bool take_expectation();
  // At least one byte of a request has come.
  bool started() const;

  // REQUIRES: has_head().
  const Request& request() const;
  // REQUIRES: parse gave done. The parser is then ready for the next request.
  Request take_request();
  // REQUIRES: parse gave fail.
  const Refusal& refusal() const;
  // What had come when it failed shows an attempt at WebSocket or is no valid request at all.
  bool is_websocket_attempt() const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace simws::protocol::http
