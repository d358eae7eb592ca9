#include "endpoint/page_client.h"

#include "endpoint/unchanged.h"

#include <string>

namespace simws::endpoint {

namespace {

constexpr std::string_view path = "/simws.js";

bool asks_for_it(const HttpRequest& request) {
  return (request.method == "GET" || request.method == "HEAD") &&
         request.resource.substr(0, request.resource.find('?')) == path;
}

class PageClientService final : public HttpService {
 public:
  std::optional<HttpResponse> answer(const HttpRequest& request) override {
    if (!asks_for_it(request)) return std::nullopt;
    HeaderList headers = {{"ETag", std::string(page_client_etag)}, {"Cache-Control", "no-cache"}};
    if (has_already(request.head, page_client_etag))
      return HttpResponse{304, {}, std::move(headers)};
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
