// Plain HTTP requests and their answers (RFC 9110, RFC 9112).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws {

// Header fields in the order received, names as sent. Names compare without case.
using HeaderList = std::vector<std::pair<std::string, std::string>>;

// Views are valid during the handler only.
struct HttpRequest {
  std::string_view method;    // as sent: methods are case-sensitive
  std::string_view resource;  // path with query, as sent
  std::string_view body;
};

struct HttpResponse {
  int status = 200;  // 200-599: an interim answer is not the application's to send
  std::string body;
  // Content-Length, Connection, Date and Server are the server's own. Without a Content-Type one is
  // taken from the resource's extension.
  HeaderList headers;
};

}  // namespace simws
