#include "script/http_answer.h"

#include "script/describe.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace simws::script {

namespace {

Error wrong(std::string_view what, std::string_view expected, const Value& value,
            const Words& words) {
  return {ErrorCode::callback_failed, "returned a wrong " + std::string(what) + ": expected " +
                                          std::string(expected) + ", got " +
                                          describe(value, words)};
}

std::string or_nil(std::string_view expected, const Words& words) {
  return std::string(expected).append(", or ").append(words.nil);
}

std::optional<std::int64_t> whole_number(const Value& value) {
  if (const auto* integer = value.as<std::int64_t>()) return *integer;
  const auto* number = value.as<double>();
  if (!number || std::trunc(*number) != *number || std::abs(*number) > 1e6) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

Result<int> make_status(const Value& value, const Words& words) {
  if (value.is_nil()) return 404;
  const auto status = whole_number(value);
  if (!status || *status < 200 || *status > 599) {
    return wrong("status", or_nil("an int from 200 to 599", words), value, words);
  }
  return static_cast<int>(*status);
}

Result<std::string> make_body(Value& value, const Words& words) {
  if (auto* owned = std::get_if<std::string>(&value.held)) return std::move(*owned);
  if (const auto text = value.text()) return std::string(*text);
  if (value.is_nil()) return std::string();
  return wrong("body", or_nil("a " + std::string(words.data), words), value, words);
}

Result<HeaderList> make_headers(const Value& value, const Words& words) {
  HeaderList headers;
  const auto* list = value.as<List>();
  if (value.is_nil() || (list && list->empty())) return headers;
  const auto* map = value.as<Map>();
  if (!map) {
    const std::string expected = "a " + std::string(words.map) + " of strings";
    return wrong("value for headers", or_nil(expected, words), value, words);
  }
  for (const MapEntry& entry : *map) {
    const auto text = entry.value.text();
    if (!text)
      return wrong("header " + quote(entry.key), "a " + std::string(words.text), entry.value,
                   words);
    headers.emplace_back(entry.key, *text);
  }
  return headers;
}

HttpResponse plain(int status, std::string_view body) {
  return {status, std::string(body), {{"Content-Type", "text/plain; charset=utf-8"}}};
}

}  // namespace

Result<HttpResponse> make_response(std::span<Value, max_callback_results> results,
                                   const Words& words) {
  if (results[0].is_nil() && results[1].is_nil()) return not_found();
  const auto status = make_status(results[0], words);
  if (!status) return status.error();
  auto body = make_body(results[1], words);
  if (!body) return body.error();
  auto headers = make_headers(results[2], words);
  if (!headers) return headers.error();
  return HttpResponse{*status, std::move(*body), std::move(*headers)};
}

Result<UpgradeAnswer> make_upgrade_answer(std::span<Value, max_callback_results> results,
                                          const Words& words) {
  const auto* const admits = results[0].as<bool>();
  const std::int64_t status = admits ? 403 : whole_number(results[0]).value_or(0);
  if (status < 400 || status > 599) {
    std::string expected(words.yes);
    expected.append(", ").append(words.no).append(" or an int from 400 to 599");
    return wrong("status", expected, results[0], words);
  }
  auto body = make_body(results[1], words);
  if (!body) return body.error();
  auto headers = make_headers(results[2], words);
  if (!headers) return headers.error();
  if (admits && *admits) {
    if (body->empty()) return UpgradeAnswer{std::nullopt, std::move(*headers)};
    return wrong("body", std::string(words.nil) + ", as it's admitted", results[1], words);
  }
  if (admits && results[1].is_nil() && headers->empty()) {
    return UpgradeAnswer{plain(403, "403 Forbidden\n"), {}};
  }
  return UpgradeAnswer{
      HttpResponse{static_cast<int>(status), std::move(*body), std::move(*headers)}, {}};
}

HttpResponse not_found() {
  return plain(404, "404 Not Found\n");
}

HttpResponse server_error() {
  return plain(500, "500 Internal Server Error\n");
}

HttpResponse unavailable() {
  return plain(503, "503 Service Unavailable\n");
}

}  // namespace simws::script
