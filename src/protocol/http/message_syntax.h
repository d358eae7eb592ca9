// The syntax of HTTP messages, which Boost.Beast knows (RFC 9112, 2-7).
#pragma once

#include "base/bytes.h"
#include "base/request_head_builder.h"
#include "protocol/http/request.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// What comes of a message.
struct MessageParts {
  RequestHeadBuilder head;  // a response's has neither method nor resource
  std::string body;
  int minor_version = 1;
  int status = 0;      // of a response, as are these
  std::string reason;  // its phrase
};

// Parses one message from whole lines and portions of its body.
class MessageSyntax {
 public:
  virtual ~MessageSyntax() = default;

  // Another line of the head, lines of chunks or trailers. True: all was taken.
  bool put_line(std::string_view text);
  // Whole lines of fields and the byte behind them, which is looked at only. Returns how much was
  // taken: all but that byte, or the lines before one that's wrong.
  std::size_t put_fields(std::string_view lines);
  // Of a body or a chunk's data; returns how much was taken, which is all that belongs to it.
  std::size_t put_body(Bytes portion);

  virtual bool is_done() const = 0;
  virtual bool is_chunked() const = 0;
  // Of a body whose length was said: what hasn't come.
  virtual std::optional<std::uint64_t> missing_bytes() const = 0;
  // Of the current chunk: what hasn't come.
  virtual std::uint64_t missing_of_chunk() const = 0;

  // Why less was taken: the rules' refusal of a field, or else Beast's words.
  virtual const std::optional<Refusal>& refusal() const = 0;
  virtual bool body_is_over_limit() const = 0;
  virtual std::string error_words() const = 0;
  // Not wrong, but not complete either: the last chunk's line waits for the trailers.
  virtual bool needs_more() const = 0;

 private:
  virtual std::size_t put(Bytes bytes) = 0;
  virtual bool is_wrong() const = 0;
};

// The parts outlive it.
std::unique_ptr<MessageSyntax> make_request_syntax(MessageParts& parts, std::size_t max_body_size);
std::unique_ptr<MessageSyntax> make_response_syntax(MessageParts& parts);

}  // namespace simws::protocol::http
