#include "transport/resolver.h"
#include "transport/system_address.h"

#include <cstring>

namespace simws::transport {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddresses>;

Address to_address(const addrinfo& info, int port) {
  SystemAddress system;
  system.size = static_cast<socklen_t>(info.ai_addrlen);
  std::memcpy(&system.storage, info.ai_addr, info.ai_addrlen);
  Address address = to_address(system);
  address.port = static_cast<std::uint16_t>(port);
  return address;
}

}  // namespace

// The system's order is that of RFC 6724.
Result<std::vector<Address>> resolve(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &first);
  if (error != 0) return system::lookup_failure(error);
  const AddressList list(first);
  std::vector<Address> addresses;
  for (const addrinfo* each = first; each != nullptr; each = each->ai_next) {
    if (each->ai_family == AF_INET || each->ai_family == AF_INET6) {
      addresses.push_back(to_address(*each, port));
    }
  }
  if (addresses.empty()) return system::lookup_failure(EAI_NONAME);
  return addresses;
}

}  // namespace simws::transport
