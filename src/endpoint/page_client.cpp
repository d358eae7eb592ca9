#include "endpoint/page_client.h"

#include "protocol/http/headers.h"

#include <string>

namespace simws::endpoint {

namespace {

constexpr std::string_view path = "/simws.js";

bool asks_for_it(const HttpRequest& request) {
  return (request.method == "GET" || request.method == "HEAD") &&
         request.resource.substr(0, request.resource.find('?')) == path;
}

// By weak comparison (RFC 9110, 13.1.2).
bool has_it_already(const RequestHead& head) {
  const std::string etag(page_client_etag);
  for (const std::string& known : {std::string("*"), etag, "W/" + etag}) {
    if (protocol::http::has_list_item(head, "If-None-Match", known)) return true;
  }
  return false;
}

class PageClientService final : public HttpService {
 public:
  std::optional<HttpResponse> answer(const HttpRequest& request) override {
    if (!asks_for_it(request)) return std::nullopt;
    HeaderList headers = {{"ETag", std::string(page_client_etag)}, {"Cache-Control", "no-cache"}};
    if (has_it_already(request.head)) return HttpResponse{304, {}, std::move(headers)};
    headers.emplace_back("Content-Type", "text/javascript; charset=utf-8");
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    return HttpResponse{200, std::string(page_client_script), std::move(headers)};
  }
};

}  // namespace

std::unique_ptr<HttpService> make_page_client_service() {
  return std::make_unique<PageClientService>();
}

}  // namespace simws::endpoint
