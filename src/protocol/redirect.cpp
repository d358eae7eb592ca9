#include "protocol/redirect.h"

#include "protocol/http/response_parser.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <string>
#include <utility>

namespace simws::protocol {

namespace {

AttemptFailure not_followed(const http::ResponseParser& answer, std::string_view why) {
  std::string reason = "the server answered " + std::to_string(answer.status());
  reason.append(", a redirect that can't be followed: ").append(why);
  return {FailureKind::redirect, std::move(reason), 0, {}};
}

// RFC 3986, 5.2.4, of a path that starts with '/'.
std::string without_dot_segments(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool is_last = end == path.size();
    if (segment == "/..") {
      const std::size_t parent = result.rfind('/');
      result.resize(parent == result.npos ? 0 : parent);
    } else if (segment != "/.") {
      result += segment;
    }
    if (is_last && (segment == "/." || segment == "/..")) result += '/';
    path.remove_prefix(end);
  }
  return result;
}

bool has_scheme(std::string_view reference) {
  const std::size_t colon = reference.find_first_of(":/?");
  return colon != reference.npos && reference[colon] == ':';
}

// The base's path and query as the reference, which has neither scheme nor authority, changes them
// (RFC 3986, 5.2.2).
std::string resolve_path(std::string_view base, std::string_view reference) {
  const std::string_view base_path = base.substr(0, base.find('?'));
  if (reference.empty()) return std::string(base);
  const std::size_t query = std::min(reference.find('?'), reference.size());
  if (query == 0) return std::string(base_path).append(reference);
  std::string path(reference.starts_with('/') ? "" : base_path.substr(0, base_path.rfind('/') + 1));
  path += reference.substr(0, query);
  return without_dot_segments(path).append(reference.substr(query));
}

// The reference as a URI of its own.
std::string resolve(const Uri& base, std::string_view reference) {
  if (has_scheme(reference)) return std::string(reference);
  std::string scheme = base.is_secure ? "wss:" : "ws:";
  if (reference.starts_with("//")) return scheme.append(reference);
  return scheme + "//" + base.authority() + resolve_path(base.resource, reference);
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::variant<Uri, AttemptFailure> follow_redirect(const Uri& from,
                                                  const http::ResponseParser& answer) {
  const std::size_t count = answer.fields().count("Location");
  if (count == 0) return not_followed(answer, "the header Location is missing");
  if (count > 1) return not_followed(answer, "the header Location came more than once");
  const std::string_view location = *answer.fields().find("Location");
  auto to = parse_uri(resolve(from, location.substr(0, location.find('#'))));
  if (!to.ok()) return not_followed(answer, to.error().message);
  if (from.is_secure && !to->is_secure) {
    return not_followed(answer, http::in_quotes(to->shown()) + " has no TLS, which was asked for");
  }
  to->credentials = is_same_origin(from, *to) ? from.credentials : std::string();
  return std::move(to.value());
}

}  // namespace simws::protocol
