// The parser that takes HTTP/1.1 requests off a connection (RFC 9112).
#pragma once

#include "base/bytes.h"

#include <simws/http.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace simws::protocol::http {

// What a request that can't be served gets.
// In the place of a status: the peer speaks something in which it can't be answered.
inline constexpr int unanswerable = 0;

struct Refusal {
  int status = 400;
  std::string reason;  // in words, for the log and for the answer's body
};

struct RequestLimits {
  std::size_t max_header_size = 16u << 10;  // request line and fields; over it: 414 or 431
  std::size_t max_body_size = 1u << 20;     // over it: 413, as soon as it's certain
};

// head: the head is complete, and no byte of the body is taken; told once for each request.
// done: the request is complete. fail: it can't be served, nor another one on this connection.
enum class ParseStatus { need_more, head, done, fail };

// Syntax is Boost.Beast's to judge; what it lets pass and RFC 9112 forbids is refused here:
// Transfer-Encoding other than exactly one `chunked` in HTTP/1.1, any second Content-Length, any
// second Host, obs-fold, bytes >= 0x80 in names. While a head comes, up to twice its bytes are
// held.
class RequestParser {
 public:
  explicit RequestParser(RequestLimits limits);
  ~RequestParser();

  // Takes the bytes of one request off `input`: those of its head, then, from the call after `head`
  // on, those of its body. Where it has none, that call gives `done`, of an empty input too. What
  // follows the request stays in `input`. On `fail` see `refusal`.
  ParseStatus parse(Bytes& input);

  // At least one byte of a request has come, and it isn't taken.
  bool started() const;
  // The head of that request is complete.
  bool has_head() const;

  // From `head` on, until the next request's. The path is taken from a target in absolute form,
  // whose authority is Host where HTTP/1.0 has none. Of a request that is refused it's what has
  // come when has_head(), else empty.
  const RequestHead& head() const;
  int minor_version() const;
  // The connection may serve another request (RFC 9112, 9.3).
  bool keep_alive() const;
  // The client waits for "100 Continue" before it sends the body (RFC 9110, 10.1.1): true from
  // `head` on until some of the body comes.
  bool expects_continue() const;

  // So much of the body has come.
  std::size_t body_size() const;
  // So many bytes of it are still to come. Nothing: the client hasn't said how long it is.
  std::optional<std::uint64_t> missing_bytes() const;
  // REQUIRES: parse gave done. The parser is then ready for the next request.
  std::string take_body();

  // REQUIRES: parse gave fail.
  const Refusal& refusal() const;
  // What had come when it failed shows an attempt at WebSocket or is no valid request at all.
  bool is_websocket_attempt() const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace simws::protocol::http
