// What RFC 9112 asks of a request beyond the syntax that its parser knows.
#pragma once

#include "protocol/http/request.h"

#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// Looks at the bytes of a request line as they come, so that what can't become one is known before
// its line ends.
class RequestLineCheck {
 public:
  // How many bytes may be those of a request line; the whole portion unless one can't.
  std::size_t consume(std::string_view portion);
  bool method_is_complete() const { return part_ != Part::method; }

 private:
  enum class Part { method, rest, line_end, complete };
  bool consume(char c);

  Part part_ = Part::method;
  bool method_is_empty_ = true;
};

// Of a whole request line with its line end. A minor version over 1 becomes 1, the highest known
// here (RFC 9110, 2.5); another major version gets 505.
std::optional<Refusal> adapt_version(std::string& line);
// Of a whole status line that starts with "HTTP/", in the same way; one whose phrase is missing
// with the space before it, which RFC 9112, 4 asks for, gets that space.
std::optional<Refusal> adapt_status_line(std::string& line);

// Fields that may come once.
struct SeenFields {
  bool content_length = false;
  bool host = false;
};

// Of one field of the head or, `in_trailer`, of the trailer section.
std::optional<Refusal> judge_field(SeenFields& seen, std::string_view name, std::string_view value,
                                   bool in_trailer);

// Of the target, together with the other head fields: Host, Transfer-Encoding, Expect. Takes the
// scheme and authority off an absolute-form target; there the authority becomes Host where HTTP/1.0
// has none.
std::optional<Refusal> judge_head(RequestHead& head, int minor_version);

// Without Transfer-Encoding, or with one that's known here (RFC 9112, 6.1).
bool is_chunked_at_most(const RequestHead& head, int minor_version);

// A line that starts a chunk (RFC 9112, 7.1).
enum class ChunkLine { malformed, chunk, last_chunk };
ChunkLine judge_chunk_line(std::string_view line);

}  // namespace simws::protocol::http
