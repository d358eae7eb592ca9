#include "transport/loop.h"

#include <uv.h>

#include <algorithm>
#include <array>

namespace simws::transport {

namespace {

// Only this link's machines reach it, and by this link's name (RFC 4291, 2.5.6).
bool is_of_link(const uv_interface_address_t& card) {
  const auto* bytes = card.address.address6.sin6_addr.s6_addr;
  return bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
}

// Empty: it isn't of the family.
std::string text_of(const uv_interface_address_t& card, int family) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (card.address.address4.sin_family != family) return {};
  const int failed = family == AF_INET
                         ? uv_ip4_name(&card.address.address4, text.data(), text.size())
                         : uv_ip6_name(&card.address.address6, text.data(), text.size());
  return failed == 0 ? text.data() : "";
}

std::vector<std::string> addresses_of(int family) {
  std::vector<std::string> addresses;
  uv_interface_address_t* interfaces = nullptr;
  int count = 0;
  if (uv_interface_addresses(&interfaces, &count) != 0) return addresses;
  for (int i = 0; i < count; ++i) {
    const uv_interface_address_t& card = interfaces[i];
    const std::string text = text_of(card, family);
    if (text.empty() || card.is_internal != 0) continue;
    if (family == AF_INET6 && is_of_link(card)) continue;
    if (std::ranges::find(addresses, text) == addresses.end()) addresses.push_back(text);
  }
  uv_free_interface_addresses(interfaces, count);
  return addresses;
}

}  // namespace

std::string machine_name() {
  std::array<char, UV_MAXHOSTNAMESIZE> name{};
  std::size_t size = name.size();
  if (uv_os_gethostname(name.data(), &size) != 0) return {};
  return std::string(name.data(), size);
}

std::vector<std::string> machine_addresses() {
  return addresses_of(AF_INET);
}

std::vector<std::string> machine_ipv6_addresses() {
  return addresses_of(AF_INET6);
}

}  // namespace simws::transport
