#include "endpoint/page_client.h"

#include "endpoint/built_in_file.h"

#include <string_view>

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
    return answer_with(page_client(), request.head);
  }
};

}  // namespace

const BuiltInFile& page_client() {
  return *find_built_in_file("simws.min.js");
}

std::unique_ptr<HttpService> make_page_client_service() {
  return std::make_unique<PageClientService>();
}

}  // namespace simws::endpoint
