#include "protocol/http/response.h"

#include "base/field_value.h"
#include "protocol/http/date.h"
#include "protocol/http/framing.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <optional>

namespace simws::protocol::http {

namespace {

struct Phrase {
  int status;
  std::string_view text;
};

// RFC 9110, 15, and those of RFC 6585.
constexpr std::array phrases{
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{203, "Non-Authoritative Information"},
    Phrase{204, "No Content"},
    Phrase{205, "Reset Content"},
    Phrase{206, "Partial Content"},
    Phrase{300, "Multiple Choices"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{307, "Temporary Redirect"},
    Phrase{308, "Permanent Redirect"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{402, "Payment Required"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{406, "Not Acceptable"},
    Phrase{407, "Proxy Authentication Required"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{411, "Length Required"},
    Phrase{412, "Precondition Failed"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{416, "Range Not Satisfiable"},
    Phrase{417, "Expectation Failed"},
    Phrase{421, "Misdirected Request"},
    Phrase{422, "Unprocessable Content"},
    Phrase{426, "Upgrade Required"},
    Phrase{428, "Precondition Required"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Timeout"},
    Phrase{505, "HTTP Version Not Supported"},
};

// What the server says of itself and of the connection; the application's own are left out.
bool is_servers_own(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"Content-Length",    "Connection", "Server",
                                                  "Transfer-Encoding", "Keep-Alive", "Date"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

std::optional<std::string> find_error(const HttpResponse& response) {
  if (response.status < 200 || response.status > 599) {
    return "status " + std::to_string(response.status) + " can't be sent: use one from 200 to 599";
  }
  for (const auto& [name, value] : response.headers) {
    if (!is_token(name)) return "header name " + in_quotes(name) + " can't be sent: use a token";
    if (!is_field_value(value)) {
      return "the value " + in_quotes(value) + " of header " + in_quotes(name) +
             " can't be sent: leave out control characters such as line ends";
    }
  }
  return std::nullopt;
}

bool has(const HeaderList& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& field) { return equals_ignoring_case(field.first, name); });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// Whoever sends Upgrade names it in Connection too (RFC 9110, 7.8).
std::string connection_options(const HttpResponse& response, const ResponseContext& context) {
  std::string options = has(response.headers, "Upgrade") ? "Upgrade" : "";
  const std::string_view persistence = !context.keep_alive          ? "close"
                                       : context.minor_version == 0 ? "keep-alive"
                                                                    : "";
  if (!options.empty() && !persistence.empty()) options += ", ";
  return options.append(persistence);
}

bool is_html(std::string_view content_type) {
  return equals_ignoring_case(trim_ows(content_type.substr(0, content_type.find(';'))),
                              "text/html");
}

bool is_html(const HeaderList& headers) {
  return std::any_of(headers.begin(), headers.end(), [](const auto& field) {
    return equals_ignoring_case(field.first, "Content-Type") && is_html(field.second);
  });
}

void append_fields(std::string& out, const HttpResponse& response, const ResponseContext& context,
                   std::string_view body) {
  for (const auto& [name, value] : response.headers) {
    if (!is_servers_own(name)) append_field(out, name, value);
  }
  const bool needs_type = !body.empty() && !has(response.headers, "Content-Type");
  const std::string_view type = needs_type ? content_type_of(context.resource) : "";
  if (needs_type) append_field(out, "Content-Type", type);
  if (is_html(type) || is_html(response.headers)) {
    const HeaderList fields = framing_fields(response.headers, context.origins);
    for (const auto& [name, value] : fields) append_field(out, name, value);
  }
  if (response.status != 204 && response.status != 304) {
    append_field(out, "Content-Length",
                 std::to_string(context.content_length.value_or(body.size())));
  }
  if (context.now) append_field(out, "Date", format_date(*context.now));
  const std::string connection = connection_options(response, context);
  if (!connection.empty()) append_field(out, "Connection", connection);
  if (!context.server_name.empty()) append_field(out, "Server", context.server_name);
}

}  // namespace

std::string_view reason_phrase(int status) {
  const auto found = std::find_if(phrases.begin(), phrases.end(),
                                  [&](const Phrase& phrase) { return phrase.status == status; });
  return found == phrases.end() ? std::string_view() : found->text;
}

Result<EncodedResponse> encode_response(HttpResponse response, const ResponseContext& context) {
  if (auto error = find_error(response)) {
    return Error{ErrorCode::invalid_argument, std::move(*error)};
  }
  const bool without_content =
      response.status == 204 || response.status == 205 || response.status == 304;
  if (without_content) response.body.clear();

  EncodedResponse encoded;
  std::string& head = encoded.head;
  head = "HTTP/1.1 ";
  head.append(std::to_string(response.status)).push_back(' ');
  head.append(reason_phrase(response.status)).append("\r\n");
  append_fields(head, response, context, response.body);
  head += "\r\n";
  if (context.method != "HEAD") encoded.body = std::move(response.body);
  return encoded;
}

HttpResponse plain_response(int status, std::string_view text) {
  HttpResponse response;
  response.status = status;
  response.body = std::to_string(status) + ' ';
  response.body += reason_phrase(status);
  if (!text.empty()) response.body.append(": ").append(text);
  response.body += '\n';
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace simws::protocol::http
