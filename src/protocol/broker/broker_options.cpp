#include "protocol/broker/broker_options.h"

#include "base/utf8.h"
#include "protocol/broker/server_list.h"
#include "protocol/broker/subject.h"

#include <cstddef>
#include <string>
#include <utility>

namespace simws::protocol {

namespace {

constexpr std::size_t max_text_size = 1024;  // of a URL, or a path
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
  if (auto servers = parse_servers(broker.url); !servers) return std::move(servers).error();
  if (!broker.private_key.empty() && broker.certificate.empty()) {
    return wrong("broker.privateKey is given without broker.certificate");
  }
  if (name.empty()) {
    return wrong("the option broker needs the option name, by which edges find this simulation");
  }
  return check_broker_name("name", name);
}

}  // namespace simws::protocol
