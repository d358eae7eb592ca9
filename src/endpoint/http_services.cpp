#include "endpoint/http_services.h"

#include "protocol/http/info_page.h"
#include "protocol/http/response.h"

#include <utility>
#include <variant>

namespace simws::endpoint {

namespace {

class EntryService final : public HttpService {
 public:
  EntryService(const protocol::EntryRules& rules, std::function<bool(const RequestHead&)> is_public)
      : rules_(rules), is_public_(std::move(is_public)) {}

  std::optional<protocol::Refused> refuse(const protocol::EntryRequest& request) override {
    if (request.is_websocket || is_public_(request.head)) return std::nullopt;
    auto entry = protocol::refuse_entry(request, rules_);
    if (auto* refused = std::get_if<protocol::Refused>(&entry)) return std::move(*refused);
    return std::nullopt;
  }

 private:
  const protocol::EntryRules& rules_;
  const std::function<bool(const RequestHead&)> is_public_;
};

class NothingHereService final : public HttpService {
 public:
  explicit NothingHereService(bool has_info_page) : has_info_page_(has_info_page) {}

  std::optional<HttpResponse> answer(const HttpRequest& request) override {
    if (has_info_page_) {
      if (auto page = protocol::http::info_page(request.head)) return page;
    }
    return protocol::http::plain_response(404, "Nothing is served here.");
  }

 private:
  const bool has_info_page_;
};

}  // namespace

std::optional<protocol::Refused> HttpServices::refuse(const protocol::EntryRequest& request) const {
  for (const auto& service : chain_) {
    if (auto refused = service->refuse(request)) return refused;
  }
  return std::nullopt;
}

std::optional<HttpResponse> HttpServices::answer_head(const protocol::EntryRequest& request) const {
  for (const auto& service : chain_) {
    if (auto response = service->answer_head(request)) return response;
  }
  return std::nullopt;
}

ServiceAnswer HttpServices::answer(const HttpRequest& request, LaterHost& host) const {
  for (const auto& service : chain_) {
    if (auto response = service->answer(request)) return {std::move(response), nullptr};
    if (auto later = service->answer_later(request, host)) return {{}, std::move(later)};
  }
  return {};
}

std::unique_ptr<HttpService> make_entry_service(const protocol::EntryRules& rules,
                                                std::function<bool(const RequestHead&)> is_public) {
  return std::make_unique<EntryService>(rules, std::move(is_public));
}

std::unique_ptr<HttpService> make_nothing_here_service(bool has_info_page) {
  return std::make_unique<NothingHereService>(has_info_page);
}

}  // namespace simws::endpoint
