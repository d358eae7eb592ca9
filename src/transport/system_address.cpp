#include "transport/system_address.h"

#include <cstring>

namespace simws::transport {

SystemAddress to_system(const Address& address) {
  SystemAddress result;
  if (address.is_ipv6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    std::memcpy(&v6.sin6_addr, address.ip.data(), 16);
    std::memcpy(&result.storage, &v6, result.size = sizeof v6);
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    std::memcpy(&v4.sin_addr, address.ip.data(), 4);
    std::memcpy(&result.storage, &v4, result.size = sizeof v4);
  }
  return result;
}

Address to_address(const SystemAddress& system) {
  Address result;
  if (system.storage.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &system.storage, sizeof v6);
    std::memcpy(result.ip.data(), &v6.sin6_addr, 16);
    result.port = ntohs(v6.sin6_port);
    result.is_ipv6 = true;
  } else {
    sockaddr_in v4;
    std::memcpy(&v4, &system.storage, sizeof v4);
    std::memcpy(result.ip.data(), &v4.sin_addr, 4);
    result.port = ntohs(v4.sin_port);
  }
  return result;
}

}  // namespace simws::transport
