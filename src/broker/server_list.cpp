#include "broker/server_list.h"

#include "base/query.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace simws::broker {

namespace {

// It may have a password: nothing of it is shown but what can't be one.
Error fault(std::string_view why) {
  return {ErrorCode::invalid_argument,
          std::string("invalid broker: ")
              .append(why)
              .append(" (it's nats://[user:password@]host[:port], or the same with tls://)")};
}

bool is_of_a_host(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '/' && c != '@' && c != '?' && c != '#' &&
         c != 0x7F;
}

bool take_credentials(std::string_view text, ServerList& into) {
  const std::size_t colon = text.find(':');
  const auto first = percent_decoded(text.substr(0, colon));
  if (!first) return false;
  if (!into.user.empty() || !into.token.empty()) return true;
  if (colon == std::string_view::npos) {
    into.token = *first;
    return true;
  }
  const auto second = percent_decoded(text.substr(colon + 1));
  if (!second) return false;
  into.user = *first;
  into.password = *second;
  return true;
}

std::optional<Error> take_url(std::string_view url, ServerList& into) {
  const std::size_t end = url.find("://");
  const std::string_view scheme = url.substr(0, std::min(end, url.size()));
  if (end == std::string_view::npos || (scheme != "nats" && scheme != "tls")) {
    return fault("it doesn't begin with nats:// or tls://");
  }
  std::string_view host = url.substr(end + 3);
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
    if (!take_credentials(host.substr(0, at), into)) {
      return fault("a '%' before the '@' isn't followed by two hexadecimal digits");
    }
    host.remove_prefix(at + 1);
  }
  if (host.ends_with('/')) host.remove_suffix(1);
  if (host.empty() || host.front() == ':') return fault("it names no host");
  if (!std::ranges::all_of(host, is_of_a_host)) return fault("its host has other characters");
  into.is_secure |= scheme == "tls";
  into.urls.push_back(std::string(scheme).append("://").append(host));
  return std::nullopt;
}

}  // namespace

std::string ServerList::shown() const {
  std::string text;
  for (const std::string& url : urls) {
    if (!text.empty()) text += ",";
    text += url;
  }
  return text;
}

Result<ServerList> parse_servers(std::string_view urls) {
  ServerList servers;
  while (true) {
    const std::size_t end = std::min(urls.find(','), urls.size());
    if (auto wrong = take_url(urls.substr(0, end), servers)) return std::move(*wrong);
    if (end == urls.size()) return servers;
    urls.remove_prefix(end + 1);
  }
}

}  // namespace simws::broker
