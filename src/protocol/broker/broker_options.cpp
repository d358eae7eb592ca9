#include "protocol/broker/broker_options.h"

#include "base/utf8.h"
#include "protocol/broker/subject.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace simws::protocol {

namespace {

constexpr std::size_t max_text_size = 1024;  // of a URL, or a path
constexpr std::string_view hidden = "***";

// Several URLs stand in one text.
std::vector<std::string_view> each_of(std::string_view urls) {
  std::vector<std::string_view> all;
  for (;;) {
    const std::size_t comma = std::min(urls.find(','), urls.size());
    std::string_view url = urls.substr(0, comma);
    while (url.starts_with(' ')) url.remove_prefix(1);
    all.push_back(url);
    if (comma == urls.size()) return all;
    urls.remove_prefix(comma + 1);
  }
}

struct Parts {
  std::string_view scheme;  // with "://"; empty: none
  std::string_view user;    // before "@"; empty: none
  std::string_view rest;
};

Parts divide(std::string_view url) {
  Parts parts;
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  parts.scheme = url.substr(0, begin);
  parts.rest = url.substr(begin);
  const std::size_t at = parts.rest.rfind('@');
  if (at == std::string_view::npos) return parts;
  parts.user = parts.rest.substr(0, at);
  parts.rest.remove_prefix(at + 1);
  return parts;
}

Error wrong(std::string message) {
  return {ErrorCode::invalid_argument, std::move(message)};
}

Result<void> check_text(std::string_view option, std::string_view text) {
  if (text.size() <= max_text_size && is_utf8(as_bytes(text)) &&
      text.find('\0') == std::string_view::npos) {
    return {};
  }
  return wrong(std::string(option) + " isn't UTF-8 of at most 1,024 bytes without NUL");
}

Result<void> check_url(std::string_view url) {
  for (const std::string_view each : each_of(url)) {
    const Parts parts = divide(each);
    if (parts.scheme != "nats://" && parts.scheme != "tls://") {
      return wrong("broker '" + shown_url(each) +
                   "' is no address of a NATS server; write nats://host:4222, or tls://host:4222");
    }
    if (parts.rest.empty() || parts.rest.starts_with(':') || parts.rest.starts_with('/')) {
      return wrong("broker '" + shown_url(each) + "' names no host; write nats://host:4222");
    }
  }
  return {};
}

}  // namespace

Result<void> check_broker(const BrokerOptions& broker, std::string_view name) {
  const std::pair<std::string_view, const std::string&> texts[] = {
      {"broker.url", broker.url},
      {"broker.credentials", broker.credentials},
      {"broker.ca", broker.ca},
      {"broker.certificate", broker.certificate},
      {"broker.privateKey", broker.private_key},
      {"broker.program", broker.program}};
  for (const auto& [option, text] : texts) {
    if (auto checked = check_text(option, text); !checked) return checked;
  }
  if (broker.url.empty()) {
    return wrong("the option broker has no url; write nats://host:4222, where the broker is");
  }
  if (auto checked = check_url(broker.url); !checked) return checked;
  if (!broker.private_key.empty() && broker.certificate.empty()) {
    return wrong("broker.privateKey is given without broker.certificate");
  }
  if (name.empty()) {
    return wrong("the option broker needs the option name, by which edges find this simulation");
  }
  if (check_broker_name("name", name)) return {};
  return wrong("the option name must be 1 to 64 letters, digits, '_' and '-', not '" +
               std::string(name.substr(0, max_broker_name_size)) + "'");
}

std::string shown_url(std::string_view url) {
  std::string shown;
  for (const std::string_view each : each_of(url)) {
    const Parts parts = divide(each);
    if (!shown.empty()) shown += ',';
    shown.append(parts.scheme);
    if (!parts.user.empty()) shown.append(hidden).append("@");
    shown.append(parts.rest);
  }
  return shown;
}

std::string without_secrets(std::string text, std::string_view url) {
  for (const std::string_view each : each_of(url)) {
    const std::string_view user = divide(each).user;
    const std::string_view password = user.substr(std::min(user.find(':') + 1, user.size()));
    for (const std::string_view secret : {user, password}) {
      if (secret.empty()) continue;
      std::size_t at = 0;
      while ((at = text.find(secret, at)) != std::string::npos) {
        text.replace(at, secret.size(), hidden);
        at += hidden.size();
      }
    }
  }
  return text;
}

}  // namespace simws::protocol
