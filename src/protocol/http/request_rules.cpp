#include "protocol/http/request_rules.h"

#include "base/request_head_builder.h"
#include "protocol/http/authority.h"
#include "protocol/http/refusals.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstdint>

namespace simws::protocol::http {

namespace {

using Verdict = std::optional<Refusal>;

Verdict judge_host(const RequestHead& head, int minor_version) {
  const auto host = head.find("Host");
  if (!host) {
    if (minor_version == 0) return std::nullopt;
    return bad_request("the header Host is missing");
  }
  if (parse_authority(*host)) return std::nullopt;
  return bad_request("the header Host " + in_quotes(*host) +
                     " is malformed: host[:port] is expected");
}

bool is_same(const Authority& a, const Authority& b, std::uint16_t default_port) {
  return a.host == b.host && a.port.value_or(default_port) == b.port.value_or(default_port);
}

// The same head for what follows the authority in an absolute-form target; `host`, unless empty,
// becomes a field.
RequestHead with_target(const RequestHead& head, std::string_view rest, std::string_view host) {
  RequestHeadBuilder builder;
  std::string resource = rest.starts_with('/') ? "" : "/";
  builder.begin(head.method(), resource.append(rest));
  head.for_each([&](std::string_view name, std::string_view value) { builder.add(name, value); });
  if (!host.empty()) builder.add("Host", host);
  return builder.finish();
}

// "http://authority/path" as proxies get it (RFC 9112, 3.2.2). Its authority stands for Host: one
// that differs is refused, one that's missing is added.
Verdict strip_absolute_form(RequestHead& head) {
  std::string_view target = head.resource();
  const std::size_t scheme_end = target.find("://");
  const std::string scheme = to_lower(target.substr(0, scheme_end));
  if (scheme_end == target.npos || (scheme != "http" && scheme != "https")) {
    return bad_request("the request target " + in_quotes(target) +
                       " is neither a path nor an http URI");
  }
  target.remove_prefix(scheme_end + 3);
  const std::string_view authority = target.substr(0, target.find_first_of("/?"));
  const auto named = parse_authority(authority);
  const auto host = head.find("Host");
  if (!named || (host && !is_same(*named, *parse_authority(*host), scheme == "http" ? 80 : 443))) {
    return bad_request("the request target names " + in_quotes(authority) + ", the header Host " +
                       in_quotes(host.value_or("")));
  }
  target.remove_prefix(authority.size());
  head = with_target(head, target, host ? std::string_view() : authority);
  return std::nullopt;
}

Verdict judge_target(RequestHead& head) {
  if (head.method() == "CONNECT") {
    return Refusal{501, "this server is no proxy: CONNECT is refused"};
  }
  if (head.resource().starts_with('/')) return std::nullopt;
  if (head.resource() != "*") return strip_absolute_form(head);
  if (head.method() == "OPTIONS") return std::nullopt;
  return bad_request("the request target '*' goes with OPTIONS only");
}

// RFC 9112, 6.1 and 6.3: without a final `chunked` nobody knows where the request ends; a coding
// before it is one that isn't known here.
Verdict judge_transfer_encoding(const RequestHead& head, int minor_version) {
  if (is_chunked_at_most(head, minor_version)) return std::nullopt;
  const std::string codings = head.joined("Transfer-Encoding");
  std::size_t count = 0, chunked = 0;
  bool well_formed = minor_version > 0, ends_chunked = false;
  for_each_list_item(codings, [&](std::string_view coding) {
    ends_chunked = equals_ignoring_case(coding, "chunked");
    chunked += ends_chunked ? 1 : 0;
    well_formed = well_formed && is_token(trim_ows(coding.substr(0, coding.find(';'))));
    ++count;
  });
  if (well_formed && ends_chunked && chunked == 1 && count > 1) {
    return Refusal{501,
                   "the transfer coding " + in_quotes(codings) + " isn't known: use 'chunked'"};
  }
  return bad_request("Transfer-Encoding " + in_quotes(codings) +
                     " can't be right: exactly one 'chunked' in HTTP/1.1 is");
}

// "HTTP/1.1" at `start`, where it may also not be.
Verdict adapt_version_at(std::string& line, std::size_t start) {
  constexpr std::string_view pattern = "HTTP/1.1";
  if (line.size() < start + pattern.size()) return std::nullopt;
  char& major = line[start + 5];
  char& minor = line[start + 7];
  if (line.compare(start, 5, pattern, 0, 5) != 0 || line[start + 6] != '.') return std::nullopt;
  if (!is_digit(major) || !is_digit(minor)) return std::nullopt;
  if (major != '1') {
    return Refusal{505,
                   "HTTP/" + std::string{major, '.', minor} + " isn't spoken here: use HTTP/1.1"};
  }
  if (minor > '1') minor = '1';
  return std::nullopt;
}

Verdict judge_expectation(const RequestHead& head, int minor_version) {
  if (minor_version == 0) return std::nullopt;  // RFC 9110, 10.1.1: to be ignored
  Verdict verdict;
  head.for_each_of("Expect", [&](std::string_view value) {
    for_each_list_item(value, [&](std::string_view item) {
      if (equals_ignoring_case(item, "100-continue")) return;
      verdict = Refusal{417, "the expectation " + in_quotes(item) + " can't be met"};
    });
  });
  return verdict;
}

}  // namespace

std::size_t RequestLineCheck::consume(std::string_view portion) {
  const auto bad =
      std::find_if_not(portion.begin(), portion.end(), [&](char c) { return consume(c); });
  return static_cast<std::size_t>(bad - portion.begin());
}

bool RequestLineCheck::consume(char c) {
  switch (part_) {
    case Part::method:
      if (c == ' ' && !method_is_empty_) {
        part_ = Part::rest;
        return true;
      }
      method_is_empty_ = false;
      return is_tchar(c);
    case Part::rest:
      if (c == '\r') part_ = Part::line_end;
      return c == '\r' || (c >= 0x20 && c <= 0x7e && c != '#');  // a fragment is never sent
    case Part::line_end:
      part_ = Part::complete;
      return c == '\n';
    case Part::complete:
      break;
  }
  return false;
}

std::optional<Refusal> adapt_version(std::string& line) {
  constexpr std::string_view pattern = " HTTP/1.1\r\n";
  if (line.size() < pattern.size()) return std::nullopt;
  const std::size_t start = line.size() - pattern.size();
  return line[start] == ' ' ? adapt_version_at(line, start + 1) : std::nullopt;
}

std::optional<Refusal> adapt_status_line(std::string& line) {
  constexpr std::string_view without_phrase = "HTTP/1.1 101\r\n";
  if (auto refusal = adapt_version_at(line, 0)) return refusal;
  if (line.size() == without_phrase.size()) line.insert(line.size() - 2, 1, ' ');
  return std::nullopt;
}

std::optional<Refusal> judge_field(SeenFields& seen, std::string_view name, std::string_view value,
                                   bool in_trailer) {
  if (!is_token(name)) return bad_request("the header name " + in_quotes(name) + " is no token");
  const bool is_length = equals_ignoring_case(name, "Content-Length");
  const bool is_framing = is_length || equals_ignoring_case(name, "Transfer-Encoding");
  const bool is_host = equals_ignoring_case(name, "Host");
  if (in_trailer && (is_framing || is_host)) {
    return bad_request("the header " + in_quotes(name) + " can't come after the body");
  }
  if (is_length && !std::all_of(value.begin(), value.end(), is_digit)) {
    return bad_request("Content-Length " + in_quotes(value) + " isn't a number");
  }
  if ((is_length && seen.content_length) || (is_host && seen.host)) {
    return bad_request("the header " + in_quotes(name) + " came twice");
  }
  seen.content_length = seen.content_length || is_length;
  seen.host = seen.host || is_host;
  return std::nullopt;
}

std::optional<Refusal> judge_head(RequestHead& head, int minor_version) {
  if (auto refusal = judge_host(head, minor_version)) return refusal;
  if (auto refusal = judge_target(head)) return refusal;
  if (auto refusal = judge_transfer_encoding(head, minor_version)) return refusal;
  return judge_expectation(head, minor_version);
}

bool is_chunked_at_most(const RequestHead& head, int minor_version) {
  if (!head.find("Transfer-Encoding")) return true;
  return equals_ignoring_case(head.joined("Transfer-Encoding"), "chunked") && minor_version > 0;
}

ChunkLine judge_chunk_line(std::string_view line) {
  const std::size_t digits = line.find_first_not_of("0123456789abcdefABCDEF");
  if (digits == 0 || digits == line.npos) return ChunkLine::malformed;
  if (std::string_view("\r; \t").find(line[digits]) == std::string_view::npos)
    return ChunkLine::malformed;
  const bool is_zero = line.substr(0, digits).find_first_not_of('0') == std::string_view::npos;
  return is_zero ? ChunkLine::last_chunk : ChunkLine::chunk;
}

}  // namespace simws::protocol::http
