#include "protocol/http/cors.h"

#include "protocol/entry_rules.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace simws::protocol::http {

namespace {

constexpr std::string_view allow_origin = "Access-Control-Allow-Origin";

// Pages may ask anew after ten minutes.
constexpr std::string_view preflight_age = "600";

// Who may read: the request's one origin. Nothing: nobody else.
std::optional<std::string_view> reader_of(const RequestHead& request,
                                          const std::vector<std::string>& cors_origins) {
  const auto origin = request.find("Origin");
  if (!origin || request.count("Origin") > 1) return std::nullopt;
  return is_listed_origin(cors_origins, *origin) ? origin : std::nullopt;
}

bool is_list_of_tokens(std::string_view list) {
  bool all = true;
  for_each_list_item(list, [&](std::string_view item) { all = all && is_token(item); });
  return all;
}

bool has(const HeaderList& fields, std::string_view name) {
  return std::ranges::any_of(
      fields, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
}

bool admits_any(const std::vector<std::string>& cors_origins) {
  return std::ranges::find(cors_origins, "*") != cors_origins.end();
}

}  // namespace

std::optional<HttpResponse> answer_preflight(const RequestHead& request,
                                             const std::vector<std::string>& cors_origins) {
  if (request.method() != "OPTIONS" || !reader_of(request, cors_origins)) return std::nullopt;
  const auto method = request.find("Access-Control-Request-Method");
  if (!method || !is_token(*method)) return std::nullopt;
  HttpResponse response{204,
                        {},
                        {{"Access-Control-Allow-Methods", std::string(*method)},
                         {"Access-Control-Max-Age", std::string(preflight_age)}}};
  const std::string names = request.joined("Access-Control-Request-Headers");
  if (!names.empty() && is_list_of_tokens(names)) {
    response.headers.emplace_back("Access-Control-Allow-Headers", names);
  }
  if (request.find("Access-Control-Request-Private-Network").value_or("") == "true") {
    response.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  response.headers.emplace_back("Vary",
                                "Access-Control-Request-Method, Access-Control-Request-Headers");
  return response;
}

// Caches must know that the answer to other origins is another.
HeaderList cors_fields(const HeaderList& answer, const RequestHead& request,
                       const std::vector<std::string>& cors_origins) {
  HeaderList fields;
  if (cors_origins.empty() || has(answer, allow_origin)) return fields;
  const bool is_for_any = admits_any(cors_origins);
  if (const auto reader = reader_of(request, cors_origins)) {
    fields.emplace_back(allow_origin, is_for_any ? "*" : std::string(*reader));
  }
  if (!is_for_any) fields.emplace_back("Vary", "Origin");
  return fields;
}

}  // namespace simws::protocol::http
