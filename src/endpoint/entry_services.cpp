#include "endpoint/entry_services.h"

#include "protocol/http/cors.h"

#include <utility>

namespace simws::endpoint {

namespace {

using protocol::EntryRequest;
using protocol::EntryRules;
using protocol::http::answer_preflight;

class CorsService final : public HttpService {
 public:
  explicit CorsService(const EntryRules& rules) : rules_(rules) {}

  std::optional<HttpResponse> answer_head(const EntryRequest& request) override {
    return answer_preflight(request.head, rules_.cors_origins);
  }

 private:
  const EntryRules& rules_;
};

class TokenService final : public HttpService {
 public:
  TokenService(protocol::TokenRule token, const EntryRules& rules)
      : token_(std::move(token)), rules_(rules) {}

  std::optional<protocol::Refused> refuse(const EntryRequest& request) override {
    const bool is_preflight =
        !request.is_websocket && answer_preflight(request.head, rules_.cors_origins);
    return is_preflight ? std::nullopt : token_.refuse(request, rules_.origins);
  }

  std::optional<HttpResponse> answer_head(const EntryRequest& request) override {
    return token_.welcome(request);
  }

 private:
  const protocol::TokenRule token_;
  const EntryRules& rules_;
};

}  // namespace

std::unique_ptr<HttpService> make_cors_service(const EntryRules& rules) {
  return std::make_unique<CorsService>(rules);
}

std::unique_ptr<HttpService> make_token_service(protocol::TokenRule token,
                                                const EntryRules& rules) {
  return std::make_unique<TokenService>(std::move(token), rules);
}

}  // namespace simws::endpoint
