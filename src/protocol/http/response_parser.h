// The parser that takes the HTTP/1.1 answer to a client's request off a connection (RFC 9112).
#pragma once

#include "base/bytes.h"
#include "protocol/http/request.h"

#include <simws/http.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// Judges as RequestParser does. Interim answers (1xx but 101) are skipped; all heads together may
// take `max_header_size` bytes, so there's no endless row of them.
class ResponseParser {
 public:
  explicit ResponseParser(std::size_t max_header_size);
  ~ResponseParser();

  // Takes the head of the final answer off `input`: gives `head`, and what follows stays there.
  // From the next call on takes what the body has up to `done`, which comes with the first line
  // of text, after 1 KiB or at the body's end, whichever comes first: a client doesn't read on.
  // On `fail` see `refusal`.
  ParseStatus parse(Bytes& input);

  // The final answer's head is complete. These are for then:
  bool has_head() const;
  int status() const;  // from 100 on
  int minor_version() const;
  std::string_view reason_phrase() const;  // of the server's choice, may be empty
  const RequestHead& fields() const;       // without method and resource
  // What has come of the body's first line that isn't blank, without white space around.
  std::string_view first_line() const;

  // REQUIRES: parse gave fail.
  const std::string& refusal() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace simws::protocol::http
