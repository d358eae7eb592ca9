#include "protocol/networks.h"

#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace simws::protocol {

namespace {

Error bad_entry(std::string_view option, std::string_view entry, std::string_view why) {
  std::string message = "option ";
  message.append(option).append(": ").append(http::in_quotes(entry)).append(" ").append(why);
  return {ErrorCode::invalid_argument, std::move(message)};
}

IpAddress first_bits(IpAddress address, std::size_t count) {
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const std::size_t bits = std::min<std::size_t>(count - std::min(count, 8 * i), 8);
    address.bytes[i] &= static_cast<std::uint8_t>(0xFF00 >> bits);
  }
  return address;
}

}  // namespace

Result<Networks::Network> Networks::parse_entry(std::string_view option, std::string_view entry) {
  const std::size_t slash = std::min(entry.find('/'), entry.size());
  const auto parsed = parse_ip(entry.substr(0, slash));
  if (!parsed) {
    return bad_entry(option, entry,
                     "is no address: use an IP address such as '127.0.0.1' or '::1', or a network "
                     "such as '10.0.0.0/8'");
  }
  const IpAddress address = without_mapping(*parsed);
  const std::size_t most = address.is_ipv6 ? 128 : 32;
  if (slash == entry.size()) return Network{address, most};
  const auto prefix = http::parse_number<std::uint8_t>(entry.substr(slash + 1), 3, 10);
  if (!prefix || *prefix > most) {
    return bad_entry(
        option, entry,
        "is no network: behind the slash stands a number from 0 to " + std::to_string(most));
  }
  const IpAddress network = first_bits(address, *prefix);
  if (network == address) return Network{address, *prefix};
  return bad_entry(option, entry,
                   "is no network, but an address in one: use '" + network.to_string() + "/" +
                       std::to_string(*prefix) + "' or '" + address.to_string() + "'");
}

Result<Networks> Networks::parse(std::string_view option, std::span<const std::string> entries) {
  Networks parsed;
  for (const std::string& entry : entries) {
    const auto network = parse_entry(option, entry);
    if (!network) return network.error();
    if (std::ranges::find(parsed.networks_, *network) != parsed.networks_.end()) {
      return bad_entry(option, entry, "is listed twice: leave one out");
    }
    parsed.networks_.push_back(*network);
  }
  return parsed;
}

bool Networks::contains(const IpAddress& address) const {
  const IpAddress searched = without_mapping(address);
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return network.address.is_ipv6 == searched.is_ipv6 &&
           first_bits(searched, network.prefix) == network.address;
  });
}

}  // namespace simws::protocol
