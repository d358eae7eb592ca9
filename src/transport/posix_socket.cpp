#ifndef _WIN32

#include "transport/system_socket.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace simws::transport {

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

// accept(2), "Error handling".
bool concerns_one_connection(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EPERM:
      return true;
    default:
      return false;
  }
}

bool lacks_descriptors(int error) {
  return error == EMFILE || error == ENFILE;
}

std::string words(int error) {
  return std::system_category().message(error);
}

namespace system {

namespace {

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_NOSIGNAL;
#else
constexpr int send_flags = 0;  // SO_NOSIGPIPE is set
#endif

#ifndef SOCK_CLOEXEC
int prepare(int descriptor) {
  if (descriptor < 0) return descriptor;
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  set_option(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1);
  return descriptor;
}
#endif

}  // namespace

int last_error() {
  return errno;
}

bool is_interruption(int error) {
  return error == EINTR;
}

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

// Never inherited by a process that another thread starts meanwhile, where the system can do that.
#ifdef SOCK_CLOEXEC
Descriptor open(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

Descriptor accept(Descriptor listener, sockaddr* from, socklen_t* size) {
  return ::accept4(listener, from, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
#else
Descriptor open(int family) {
  return prepare(::socket(family, SOCK_STREAM, 0));
}

Descriptor accept(Descriptor listener, sockaddr* from, socklen_t* size) {
  return prepare(::accept(listener, from, size));
}
#endif

void close(Descriptor descriptor) {
  ::close(descriptor);
}

const int refused = ECONNREFUSED;

bool goes_on(int error) {
  return error == EINPROGRESS || error == EINTR;
}

int take_error(Descriptor descriptor) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

Error lookup_failure(int error) {
  if (error == EAI_SYSTEM) return {code_of(errno), words(errno)};
  const ErrorCode code = error == EAI_MEMORY ? ErrorCode::unavailable : ErrorCode::io;
  return {code, ::gai_strerror(error)};
}

bool set_option(Descriptor descriptor, int level, int name, int value) {
  return ::setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

bool claim_port(Descriptor descriptor) {
  return set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
}

void reset_when_closed(Descriptor descriptor) {
  const linger at_once{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

std::ptrdiff_t receive(Descriptor descriptor, MutableBytes buffer) {
  return ::recv(descriptor, buffer.data(), buffer.size(), 0);
}

// One piece, which is the rule, costs the system less by `send`.
std::ptrdiff_t send(Descriptor descriptor, std::span<const Bytes> pieces) {
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

std::size_t readable_bytes(Descriptor descriptor) {
  int bytes = 0;
  if (::ioctl(descriptor, FIONREAD, &bytes) != 0 || bytes < 0) return 0;
  return static_cast<std::size_t>(bytes);
}

void shut_down(Descriptor descriptor, Direction direction) {
  ::shutdown(descriptor, direction == Direction::sending ? SHUT_WR : SHUT_RDWR);
}

}  // namespace system

}  // namespace simws::transport

#endif
