// What the system tells of a TCP connection. In a file of its own: <linux/tcp.h>, which knows more
// than <netinet/tcp.h>, can't stand beside it.
#include <cstddef>
#include <cstdint>
#include <optional>

#ifdef __linux__
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace simws::transport::system {

#ifdef __linux__

std::optional<std::uint64_t> acknowledged_bytes(int descriptor) {
  constexpr socklen_t needed = offsetof(tcp_info, tcpi_bytes_acked) + sizeof(std::uint64_t);
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < needed) {
    return std::nullopt;
  }
  return info.tcpi_bytes_acked;
}

void limit_unsent(int descriptor, std::size_t bytes) {
  const int most = static_cast<int>(bytes);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

#elif defined(_WIN32)

std::optional<std::uint64_t> acknowledged_bytes(std::uintptr_t) {
  return std::nullopt;
}

void limit_unsent(std::uintptr_t, std::size_t) {}

#else

std::optional<std::uint64_t> acknowledged_bytes(int) {
  return std::nullopt;
}

void limit_unsent(int, std::size_t) {}

#endif

}  // namespace simws::transport::system
