#include <arpa/inet.h>

#include "transport/stream.h"

namespace simws::transport {

std::string Address::ip_to_string() const {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, ip.data(), text, sizeof text);
  return text;
}

std::string Address::to_string() const {
  std::string text = ip_to_string();
  if (is_ipv6) {
    text.insert(text.begin(), '[');
    text.push_back(']');
  }
  return text + ':' + std::to_string(port);
}

}  // namespace simws::transport
