#include "transport/memory_names.h"

#include "transport/address.h"

namespace simws::transport {

Reach MemoryNames::reach(const Address& address) const {
  const auto found = reach_.find(address.to_string());
  return found == reach_.end() ? Reach::normal : found->second;
}

void MemoryNames::set_name(const std::string& host, Answer answer) {
  names_.insert_or_assign(host, std::move(answer));
}

void MemoryNames::set_slow_name(const std::string& host) {
  names_.insert_or_assign(host, std::nullopt);
}

std::optional<MemoryNames::Answer> MemoryNames::find(const std::string& host, int port) const {
  if (!is_host_and_port(host, port)) return bad_host(host, port);
  if (const auto literal = parse_address(host, port)) return std::vector{*literal};
  const auto found = names_.find(host);
  if (found == names_.end()) return Error{ErrorCode::io, "Name or service not known"};
  std::optional<Answer> answer = found->second;
  if (answer && *answer) {
    for (Address& address : **answer) address.port = static_cast<std::uint16_t>(port);
  }
  return answer;
}

}  // namespace simws::transport
