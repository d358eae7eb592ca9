// Addresses as the system's functions take them.
#pragma once

#include "transport/system_socket.h"

namespace simws::transport {

// Room for either kind of address, and its length.
struct SystemAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* pointer() { return reinterpret_cast<sockaddr*>(&storage); }
};

SystemAddress to_system(const Address& address);
Address to_address(const SystemAddress& system);

}  // namespace simws::transport
