#include "transport/socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace simws::transport {
namespace {

constexpr int backlog = 1024;

// Room for either kind of address, and its length.
struct SystemAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* pointer() { return reinterpret_cast<sockaddr*>(&storage); }
};

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

bool set_option(int descriptor, int level, int name, int value) {
  return ::setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

// Never inherited by a process that another thread starts meanwhile, where the system can do that.
#ifdef SOCK_CLOEXEC
int open_socket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int accept_socket(int listener, SystemAddress& from) {
  return ::accept4(listener, from.pointer(), &from.size, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
#else
int prepare_socket(int descriptor) {
  if (descriptor < 0) return descriptor;
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  set_option(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1);
  return descriptor;
}

int open_socket(int family) {
  return prepare_socket(::socket(family, SOCK_STREAM, 0));
}

int accept_socket(int listener, SystemAddress& from) {
  return prepare_socket(::accept(listener, from.pointer(), &from.size));
}
#endif

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_NOSIGNAL;
#else
constexpr int send_flags = 0;  // SO_NOSIGPIPE is set
#endif

ErrorCode code_of(int error) {
  switch (error) {
    case EADDRINUSE:
      return ErrorCode::address_in_use;
    case EACCES:
    case EPERM:
      return ErrorCode::permission_denied;
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return ErrorCode::unavailable;
    default:
      return ErrorCode::io;
  }
}

Error system_error(int error) {
  return {code_of(error), words(error)};
}

// One piece, which is the rule, costs the system less by `send`.
ssize_t send_pieces(int descriptor, std::span<const Bytes> pieces) {
  if (pieces.size() == 1) {
    return ::send(descriptor, pieces.front().data(), pieces.front().size(), send_flags);
  }
  std::array<iovec, Pieces::max_batch> vectors;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    vectors[i] = {const_cast<std::byte*>(pieces[i].data()), pieces[i].size()};
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(descriptor, &message, send_flags);
}

}  // namespace

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

std::string words(int error) {
  return std::system_category().message(error);
}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    if (is_open()) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

Socket::~Socket() {
  if (is_open()) ::close(descriptor_);
}

Result<Socket> Socket::listen(const Address& address) {
  SystemAddress system = to_system(address);
  Socket socket(open_socket(system.storage.ss_family));
  if (!socket.is_open()) return system_error(errno);
  // Connections of an earlier run that linger in TIME_WAIT don't hold the port.
  if (!set_option(socket.descriptor_, SOL_SOCKET, SO_REUSEADDR, 1) ||
      (address.is_ipv6 && !set_option(socket.descriptor_, IPPROTO_IPV6, IPV6_V6ONLY, 1)) ||
      ::bind(socket.descriptor_, system.pointer(), system.size) != 0 ||
      ::listen(socket.descriptor_, backlog) != 0) {
    return system_error(errno);
  }
  return socket;
}

Address Socket::local_address() const {
  SystemAddress address;
  ::getsockname(descriptor_, address.pointer(), &address.size);
  return to_address(address);
}

Socket Socket::accept(Address& from, int& error) {
  SystemAddress address;
  Socket socket(accept_socket(descriptor_, address));
  error = socket.is_open() ? 0 : errno;
  if (socket.is_open()) {
    set_option(socket.descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);
    from = to_address(address);
  }
  return socket;
}

Transfer Socket::receive(MutableBytes buffer) {
  ssize_t got;
  do {
    got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return {0, errno};
  return {static_cast<std::size_t>(got), 0};
}

Transfer Socket::send(const Pieces& pieces) {
  std::array<Bytes, Pieces::max_batch> batch;
  const std::span<const Bytes> front(batch.data(), pieces.peek(batch));
  ssize_t sent;
  do {
    sent = send_pieces(descriptor_, front);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return {0, errno};
  return {static_cast<std::size_t>(sent), 0};
}

void Socket::finish_writing() {
  ::shutdown(descriptor_, SHUT_WR);
}

void Socket::abandon() {
  ::shutdown(descriptor_, SHUT_RDWR);
}

void Socket::close() {
  if (!is_open()) return;
  // The system resets a connection that is closed with bytes unread, and the peer may then lose the
  // last ones sent to it: so what has arrived is read off first, up to a bound.
  finish_writing();
  std::array<std::byte, 16 * 1024> unread;
  for (int round = 0; round < 64; ++round) {
    if (receive(unread).bytes == 0) break;
  }
  ::close(std::exchange(descriptor_, -1));
}

void Socket::reset() {
  if (!is_open()) return;
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace simws::transport
