#include "protocol/uri.h"

#include "base/base64.h"
#include "base/query.h"
#include "base/utf8.h"
#include "protocol/http/authority.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace simws::protocol {

namespace {

using http::in_quotes;

// Why a part of a URI can't be used, for people; nothing: it can.
using Problem = std::optional<std::string>;

struct Scheme {
  std::string_view name;
  bool is_secure;
};
constexpr std::array schemes{Scheme{"ws", false}, Scheme{"wss", true}, Scheme{"http", false},
                             Scheme{"https", true}};

constexpr std::uint16_t default_port(bool is_secure) {
  return is_secure ? 443 : 80;
}

bool is_in(char c, std::string_view characters) {
  return characters.find(c) != characters.npos;
}

// unreserved / sub-delims (RFC 3986, 2.2 and 2.3).
bool is_plain(char c) {
  return http::is_alpha(c) || http::is_digit(c) || is_in(c, "-._~!$&'()*+,;=");
}

std::string escape_of(char c) {
  std::string text;
  append_percent_encoded(text, c);
  return text;
}

bool is_control(char c) {
  const auto value = static_cast<unsigned char>(c);
  return value < 0x20 || value == 0x7f;
}

Problem parse_credentials(std::string_view text, std::string& credentials) {
  std::size_t user_end = text.npos;
  while (!text.empty()) {
    const auto escaped = percent_decoded_front(text);
    if (!escaped && !is_plain(text[0]) && text[0] != ':') {
      return "the user information before '@' has a character that must be percent-encoded, such "
             "as '@' as '%40'";
    }
    const char c = escaped.value_or(text[0]);
    if (is_control(c)) return "user and password can't have control characters";
    if (c == ':' && user_end == text.npos) {
      if (escaped) return "a user's name can't have a ':' (RFC 7617, 2)";
      user_end = credentials.size();
    }
    credentials += c;
    text.remove_prefix(escaped ? 3 : 1);
  }
  if (!credentials.empty() && user_end == text.npos) credentials += ':';
  return std::nullopt;
}

// What the system would read as a number where no IPv4 address stands, such as 127.1 or 0x7f000001:
// such a name hides where it leads.
bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const std::string_view digits = last.starts_with("0x") ? last.substr(2) : last;
  return std::ranges::all_of(digits,
                             last.size() == digits.size() ? http::is_digit : http::is_hex_digit);
}

// A name that can be looked up (RFC 1123, 2.1); '_' is in use too.
Problem judge_name(std::string_view name) {
  constexpr std::size_t max_name = 253, max_label = 63;
  const std::string shown = in_quotes(name);
  if (name.size() > max_name) return "the host's name is over 253 characters long";
  if (ends_in_number(name)) return "the host " + shown + " is neither a name nor an IPv4 address";
  for (std::string_view rest = name;;) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    const bool is_label =
        !label.empty() && label.size() <= max_label && std::ranges::all_of(label, [](char c) {
          return http::is_alpha(c) || http::is_digit(c) || c == '-' || c == '_';
        });
    if (!is_label) return "the host " + shown + " is no name that can be looked up";
    if (dot == rest.npos) return std::nullopt;
    rest.remove_prefix(dot + 1);
  }
}

std::string problem_of_authority(std::string_view text) {
  if (text.empty() || (text.front() == ':' && text.rfind(':') == 0)) return "it names no host";
  if (!std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return "the host has characters beyond ASCII: use the name's ASCII form, 'xn--...'";
  }
  const std::size_t colon = text.rfind(':');
  if (colon != text.npos && http::parse_authority(text.substr(0, colon))) {
    return "the port " + in_quotes(text.substr(colon + 1)) + " isn't a number from 1 to 65535";
  }
  return in_quotes(text) + " isn't host[:port], with an IPv6 address in brackets";
}

Problem parse_authority(std::string_view text, Uri& uri) {
  const std::size_t at = text.rfind('@');
  if (at != text.npos) {
    if (auto problem = parse_credentials(text.substr(0, at), uri.credentials)) return problem;
    text.remove_prefix(at + 1);
  }
  auto authority = http::parse_authority(text);
  if (!authority) return problem_of_authority(text);
  if (authority->port == 0) return "the port '0' can't be connected to: use 1 to 65535";
  uri.is_ip_literal = authority->is_ip_literal;
  uri.is_loopback = authority->is_loopback;
  uri.port = authority->port.value_or(default_port(uri.is_secure));
  uri.host = std::move(authority->host);
  return uri.is_ip_literal ? std::nullopt : judge_name(uri.host);
}

Problem parse_resource(std::string_view text, std::string& resource) {
  if (!text.starts_with('/')) resource = "/";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || is_control(c)) {
      return "its path or query has a space or control character: write it as '" + escape_of(c) +
             "'";
    }
    if (c == '%' && !percent_decoded_front(text.substr(i))) {
      return "a '%' in its path or query isn't followed by two hexadecimal digits: write it as "
             "'%25'";
    }
    if (is_plain(c) || is_in(c, "%:@/?")) {
      resource += c;
    } else {
      append_percent_encoded(resource, c);
    }
  }
  return std::nullopt;
}

const Scheme* find_scheme(std::string_view name) {
  const auto found = std::ranges::find_if(
      schemes, [&](const Scheme& scheme) { return http::equals_ignoring_case(scheme.name, name); });
  return found == schemes.end() ? nullptr : &*found;
}

Problem parse(std::string_view text, Uri& uri) {
  const std::size_t scheme_end = text.find("://");
  const Scheme* const scheme =
      scheme_end == text.npos ? nullptr : find_scheme(text.substr(0, scheme_end));
  if (!scheme) return "write 'ws://host:port/path', or 'wss://...' for TLS";
  if (find_invalid_utf8(as_bytes(text))) return "it isn't UTF-8";
  if (text.find('#') != text.npos) {
    return "it can't have a fragment (RFC 6455, 3): leave it out, or write '#' as '%23'";
  }
  uri.is_secure = scheme->is_secure;
  text.remove_prefix(scheme_end + 3);
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  if (auto problem = parse_authority(authority, uri)) return problem;
  return parse_resource(text.substr(authority.size()), uri.resource);
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == host.npos ? host : '[' + host + ']';
}

void append_without_tokens(std::string& out, std::string_view text) {
  const std::size_t query = std::min(text.find('?'), text.size());
  out += text.substr(0, query);
  for (text.remove_prefix(query); !text.empty();) {
    const std::string_view parameter = text.substr(0, text.find_first_of("&#", 1));
    const std::size_t name_end = parameter.find('=');
    const std::string name = http::to_lower(parameter.substr(0, name_end));
    const bool is_secret = name_end != parameter.npos && name.ends_with("token");
    out += is_secret ? parameter.substr(0, name_end + 1) : parameter;
    if (is_secret) out += "***";
    text.remove_prefix(parameter.size());
  }
}

}  // namespace

std::string Uri::authority() const {
  return in_brackets(host) + ':' + std::to_string(port);
}

std::string Uri::host_field() const {
  return port == default_port(is_secure) ? in_brackets(host) : authority();
}

std::string Uri::shown() const {
  std::string text = is_secure ? "wss://" : "ws://";
  if (!credentials.empty()) text += "***@";
  text += host_field();
  append_without_tokens(text, resource);
  return text;
}

Result<Uri> parse_uri(std::string_view text) {
  if (text.size() > max_uri_size) {
    return Error{ErrorCode::too_large, "a URI of " + std::to_string(text.size()) +
                                           " bytes can't be used: it may have " +
                                           std::to_string(max_uri_size)};
  }
  Uri uri;
  if (const Problem problem = parse(text, uri)) {
    return Error{ErrorCode::invalid_argument,
                 "URI " + in_quotes(without_secrets(text)) + " can't be used: " + *problem};
  }
  return uri;
}

bool is_same_origin(const Uri& a, const Uri& b) {
  return a.is_secure == b.is_secure && a.host == b.host && a.port == b.port;
}

std::string basic_authorization(std::string_view credentials) {
  return "Basic " + base64_encode(as_bytes(credentials));
}

// A text that isn't a URI may have its secrets anywhere before the last '@'.
std::string without_secrets(std::string_view text) {
  std::string shown;
  const std::size_t scheme_end = text.find("//");
  const std::size_t at = text.rfind('@');
  if (at != text.npos) {
    if (scheme_end < at) shown = text.substr(0, scheme_end + 2);
    shown += "***";
    text.remove_prefix(at);
  }
  append_without_tokens(shown, text);
  return shown;
}

}  // namespace simws::protocol
