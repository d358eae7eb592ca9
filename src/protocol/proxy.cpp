#include "protocol/proxy.h"

#include "protocol/http/authority.h"
#include "protocol/http/syntax.h"

#include <utility>

namespace simws::protocol {

namespace {

constexpr std::string_view who = "the proxy";

// "127.0.0.1" isn't below "0.0.1".
bool is_name_below(const Uri& uri, std::string_view domain) {
  return !uri.is_ip_literal && uri.host.size() > domain.size() && uri.host.ends_with(domain) &&
         uri.host[uri.host.size() - domain.size() - 1] == '.';
}

bool is_excepted_by(const Uri& uri, std::string_view entry) {
  if (entry == "*") return true;
  if (entry.starts_with('.')) entry.remove_prefix(1);
  // An IPv6 address by itself has no brackets there.
  const bool is_bare_ipv6 = entry.find(':') != entry.rfind(':') && !entry.starts_with('[');
  const std::string bracketed = '[' + std::string(entry) + ']';
  const auto named = http::parse_authority(is_bare_ipv6 ? bracketed : entry);
  if (!named || (named->port && named->port != uri.port)) return false;
  return uri.host == named->host || is_name_below(uri, named->host);
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
  const bool has_scheme = text.find("://") != text.npos;
  auto uri = parse_uri(has_scheme ? std::string(text) : "http://" + std::string(text));
  const bool is_http = uri.ok() && (!has_scheme || http::to_lower(text.substr(0, 5)) == "http:");
  if (is_http && uri->resource == "/") {
    return Proxy{std::move(uri->host), uri->port, std::move(uri->credentials)};
  }
  return Error{ErrorCode::invalid_argument,
               "proxy " + http::in_quotes(without_secrets(text)) +
                   " can't be used: write 'http://[user:password@]host:port'"};
}

Result<std::optional<Proxy>> choose_proxy(const Uri& uri, const ProxyVariables& variables) {
  const std::string& variable = uri.is_secure ? variables.https_proxy : variables.http_proxy;
  if (variable.empty() || uri.is_loopback || is_excepted(uri, variables.no_proxy)) {
    return std::optional<Proxy>();
  }
  auto proxy = parse_proxy(variable);
  if (proxy.ok()) return std::optional(std::move(proxy.value()));
  const std::string name = uri.is_secure ? "https_proxy" : "http_proxy";
  return Error{ErrorCode::invalid_argument,
               "environment variable " + name + ": " + proxy.error().message};
}

bool is_excepted(const Uri& uri, std::string_view no_proxy) {
  bool excepted = false;
  http::for_each_list_item(
      no_proxy, [&](std::string_view entry) { excepted = excepted || is_excepted_by(uri, entry); });
  return excepted;
}

std::string encode_connect_request(const Uri& uri, const Proxy& proxy,
                                   std::string_view user_agent) {
  const std::string target = uri.authority();
  std::string head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.credentials.empty()) {
    head += "Proxy-Authorization: " + basic_authorization(proxy.credentials) + "\r\n";
  }
  if (!user_agent.empty()) head.append("User-Agent: ").append(user_agent).append("\r\n");
  return head += "\r\n";
}

TunnelOutcome TunnelReader::receive(Bytes& input) {
  for (;;) {
    switch (answer_.parse(input)) {
      case http::ParseStatus::need_more:
        return {};
      case http::ParseStatus::head:
        // Any 2xx opens it, whatever its fields say of a body (RFC 9110, 9.3.6).
        if (answer_.status() >= 200 && answer_.status() < 300) return TunnelOpened{};
        break;
      case http::ParseStatus::done:
        return *failure_so_far();
      case http::ParseStatus::fail:
        return answer_.has_head() ? *failure_so_far() : unusable_answer(who, answer_.refusal());
    }
  }
}

std::optional<AttemptFailure> TunnelReader::failure_so_far() const {
  if (!answer_.has_head()) return std::nullopt;
  AttemptFailure failure = failed_with_status(who, answer_);
  if (failure.status == 407) failure.reason += "; give user and password in the option proxy";
  return failure;
}

}  // namespace simws::protocol
