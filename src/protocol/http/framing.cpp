#include "protocol/http/framing.h"

#include "protocol/http/origin.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <string_view>

namespace simws::protocol::http {

namespace {

constexpr std::string_view options_field = "X-Frame-Options";
constexpr std::string_view policy_field = "Content-Security-Policy";
constexpr std::string_view sniffing_field = "X-Content-Type-Options";

bool has(const HeaderList& fields, std::string_view name) {
  return std::ranges::any_of(
      fields, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
}

// A policy has no words for IPv6 addresses, and other characters mean something there.
bool can_be_source(const Authority& authority) {
  return std::ranges::all_of(authority.host, [](char c) {
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

std::string source(std::string_view scheme, const Authority& authority, std::string_view port) {
  std::string text = " ";
  text.append(scheme).append("://").append(authority.host);
  if (authority.port) return text.append(":").append(std::to_string(*authority.port));
  return text.append(port);
}

// A host by itself stands for both schemes and any port.
void append_sources(std::string& policy, std::string_view entry) {
  if (is_origin_of_file(entry)) return;
  if (const auto origin = parse_origin(entry)) {
    if (can_be_source(origin->authority)) policy += source(origin->scheme, origin->authority, "");
    return;
  }
  const auto host = parse_authority(entry);
  if (!host || !can_be_source(*host)) return;
  for (const std::string_view scheme : {"http", "https"}) policy += source(scheme, *host, ":*");
}

std::string framing_policy(std::span<const std::string> origins) {
  std::string policy = "frame-ancestors 'self'";
  for (const std::string& entry : origins) append_sources(policy, entry);
  return policy;
}

}  // namespace

HeaderList framing_fields(const HeaderList& answer, std::span<const std::string> origins) {
  HeaderList fields;
  if (!has(answer, sniffing_field)) fields.emplace_back(sniffing_field, "nosniff");
  // Browsers leave X-Frame-Options out of account where a policy names frame-ancestors.
  if (has(answer, options_field) || std::ranges::find(origins, "*") != origins.end()) return fields;
  if (origins.empty()) {
    fields.emplace_back(options_field, "SAMEORIGIN");
  } else if (!has(answer, policy_field)) {
    fields.emplace_back(policy_field, framing_policy(origins));
  }
  return fields;
}

}  // namespace simws::protocol::http
