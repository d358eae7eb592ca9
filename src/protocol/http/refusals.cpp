#include "protocol/http/refusals.h"

#include "protocol/http/syntax.h"

#include <utility>

namespace simws::protocol::http {

namespace {

// The front of a line, up to what may be a secret.
std::string without(std::string_view line, char start) {
  const std::size_t end = line.find(start);
  std::string shown(line.substr(0, end));
  if (end != line.npos) shown.append(1, start).append("...");
  return shown;
}

Refusal over_limit(int status, std::string_view what, std::size_t limit, std::string_view option) {
  std::string reason(what);
  reason.append(" is over ").append(std::to_string(limit));
  reason.append(" bytes; to admit it, start the server with a larger ").append(option);
  return {status, std::move(reason)};
}

}  // namespace

Refusal bad_request(std::string reason) {
  return {400, std::move(reason)};
}

Refusal no_request_line(std::string_view line, std::size_t offset) {
  constexpr char tls_handshake_record = 0x16;
  if (line.front() == tls_handshake_record) {
    return {unanswerable,
            "TLS on a plain port: use ws:// and http:// addresses, or start the server with the "
            "option tls"};
  }
  constexpr std::size_t most_shown = 60;
  const std::size_t first = offset < most_shown ? 0 : offset - most_shown;
  const bool in_query = line.substr(0, offset).find('?') != line.npos;
  const std::string shown = in_query ? without(line.substr(0, offset), '?')
                                     : std::string(line.substr(first, offset - first + 1));
  return bad_request("no HTTP request: byte " + std::to_string(offset) +
                     " can't be part of a request line: " + in_quotes(shown));
}

Refusal malformed_line(std::string_view line, std::string_view why) {
  while (line.starts_with('\r') || line.starts_with('\n')) line.remove_prefix(1);
  std::string reason = "the line " + in_quotes(line.substr(0, line.find('\r')));
  return bad_request(reason.append(" is malformed: ").append(why));
}

Refusal malformed_request_line(std::string_view line) {
  return malformed_line(without(line, '?'), "'GET /path HTTP/1.1' is expected");
}

Refusal malformed_field_line(std::string_view line, std::string_view why) {
  return malformed_line(without(line, ':'), why);
}

Refusal bad_line_end() {
  return bad_request("a line doesn't end with CR LF");
}

Refusal folded_line() {
  return bad_request("a header line starts with white space, which RFC 9112, 5.2 forbids");
}

Refusal chunk_too_long() {
  return bad_request("a chunk is longer than its size says");
}

Refusal target_too_long(std::size_t limit) {
  return over_limit(414, "the request target", limit, "maxHeaderSize");
}

Refusal header_too_large(std::size_t limit) {
  return over_limit(431, "the header", limit, "maxHeaderSize");
}

Refusal chunk_extensions_too_large(std::size_t limit) {
  return over_limit(413, "what comes with the body's chunks", limit, "maxHeaderSize");
}

Refusal body_too_large(std::size_t limit) {
  return over_limit(413, "the body", limit, "maxBodySize");
}

}  // namespace simws::protocol::http
