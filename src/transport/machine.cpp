#include "transport/loop.h"

#include <uv.h>

#include <algorithm>
#include <array>

namespace simws::transport {

std::string machine_name() {
  std::array<char, UV_MAXHOSTNAMESIZE> name{};
  std::size_t size = name.size();
  if (uv_os_gethostname(name.data(), &size) != 0) return {};
  return std::string(name.data(), size);
}

std::vector<std::string> machine_addresses() {
  std::vector<std::string> addresses;
  uv_interface_address_t* interfaces = nullptr;
  int count = 0;
  if (uv_interface_addresses(&interfaces, &count) != 0) return addresses;
  for (int i = 0; i < count; ++i) {
    const uv_interface_address_t& interface = interfaces[i];
    if (interface.is_internal != 0 || interface.address.address4.sin_family != AF_INET) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    if (uv_ip4_name(&interface.address.address4, text.data(), text.size()) != 0) continue;
    if (std::ranges::find(addresses, text.data()) == addresses.end()) {
      addresses.emplace_back(text.data());
    }
  }
  uv_free_interface_addresses(interfaces, count);
  return addresses;
}

}  // namespace simws::transport
