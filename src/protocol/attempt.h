// Why an attempt to connect came to nothing.
#pragma once

#include <string>
#include <string_view>

namespace simws::protocol {

namespace http {
class ResponseParser;
}

enum class FailureKind {
  network,      // name not found, refused, no route, the peer gone before it answered
  timeout,      // connectTimeout
  certificate,  // the peer's isn't trusted, or it doesn't trust ours
  answer,       // no answer that RFC 6455, 4.1 admits: malformed, a wrong accept, ...
  redirect,     // one that isn't followed
  status,       // HTTP's, of the server or the proxy
};

struct AttemptFailure {
  FailureKind kind = FailureKind::network;
  std::string reason;       // in words, one sentence without secrets
  int status = 0;           // with FailureKind::status
  std::string retry_after;  // the field's value with it; see parse_retry_after
};

// An answer without what was asked for: its status and the first line of its body. `who` is "the
// server" or "the proxy". REQUIRES: the answer has its head.
AttemptFailure failed_with_status(std::string_view who, const http::ResponseParser& answer);

// `why` goes after "the server's answer can't be used: ".
AttemptFailure unusable_answer(std::string_view who, std::string_view why);

// The peer sends no more before the answer was complete.
AttemptFailure closed_before_answer(std::string_view who);

}  // namespace simws::protocol
