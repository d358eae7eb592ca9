#include "transport/address.h"

#include "transport/system_socket.h"

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

std::optional<Address> parse_address(const std::string& ip, int port) {
  // The system's functions would read up to a NUL.
  if (port < 0 || port > 65535 || ip.find('\0') != std::string::npos) return std::nullopt;
  Address address;
  address.port = static_cast<std::uint16_t>(port);
  if (::inet_pton(AF_INET, ip.c_str(), address.ip.data()) == 1) return address;
  address.is_ipv6 = true;
  if (::inet_pton(AF_INET6, ip.c_str(), address.ip.data()) == 1) return address;
  return std::nullopt;
}

// 255: RFC 1035, 2.3.4.
bool is_host_and_port(const std::string& host, int port) {
  return !host.empty() && host.size() <= 255 && host.find('\0') == std::string::npos && port >= 0 &&
         port <= 65535;
}

Error bad_host(const std::string& host, int port) {
  return {ErrorCode::invalid_argument,
          "no host name and port (0 to 65535): \"" + host + "\", " + std::to_string(port)};
}

Error bad_address(const std::string& ip, int port) {
  return {ErrorCode::invalid_argument,
          "no IP address and port (0 to 65535): \"" + ip + "\", " + std::to_string(port)};
}

}  // namespace simws::transport
