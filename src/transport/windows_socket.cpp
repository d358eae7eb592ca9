#ifdef _WIN32

#include "transport/system_socket.h"

#include <uv.h>

#include <algorithm>
#include <array>
#include <limits>

namespace simws::transport {

bool would_block(int error) {
  return error == WSAEWOULDBLOCK;
}

bool concerns_one_connection(int error) {
  switch (error) {
    case WSAEINTR:
    case WSAECONNABORTED:
    case WSAECONNRESET:
    case WSAENETDOWN:
    case WSAENETUNREACH:
    case WSAEHOSTUNREACH:
      return true;
    default:
      return false;
  }
}

bool lacks_descriptors(int error) {
  return error == WSAEMFILE;
}

// Windows' own depend on its language, and C++ libraries don't all have them.
std::string words(int error) {
  return uv_strerror(uv_translate_sys_error(error));
}

namespace system {

namespace {

// Neither the system's lengths nor its results are as wide as ours.
ULONG bounded(std::size_t size) {
  constexpr std::size_t most = std::numeric_limits<int>::max();
  return static_cast<ULONG>(std::min(size, most));
}

Descriptor prepare(Descriptor descriptor) {
  if (descriptor == no_descriptor) return descriptor;
  u_long on = 1;
  ::ioctlsocket(descriptor, FIONBIO, &on);
  ::SetHandleInformation(reinterpret_cast<HANDLE>(descriptor), HANDLE_FLAG_INHERIT, 0);
  return descriptor;
}

}  // namespace

int last_error() {
  return ::WSAGetLastError();
}

bool is_interruption(int error) {
  return error == WSAEINTR;
}

ErrorCode code_of(int error) {
  switch (error) {
    case WSAEADDRINUSE:
      return ErrorCode::address_in_use;
    case WSAEACCES:
      return ErrorCode::permission_denied;
    case WSAEADDRNOTAVAIL:
    case WSAEAFNOSUPPORT:
    case WSAEMFILE:
    case WSAENOBUFS:
      return ErrorCode::unavailable;
    default:
      return ErrorCode::io;
  }
}

Descriptor open(int family) {
  return prepare(::socket(family, SOCK_STREAM, IPPROTO_TCP));
}

Descriptor accept(Descriptor listener, sockaddr* from, socklen_t* size) {
  return prepare(::accept(listener, from, size));
}

void close(Descriptor descriptor) {
  ::closesocket(descriptor);
}

const int refused = WSAECONNREFUSED;

bool goes_on(int error) {
  return error == WSAEWOULDBLOCK || error == WSAEINPROGRESS;
}

int take_error(Descriptor descriptor) {
  int error = 0;
  int size = sizeof error;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size) != 0) {
    return last_error();
  }
  return error;
}

// Here these are errors as all others.
Error lookup_failure(int error) {
  const ErrorCode code = error == EAI_MEMORY ? ErrorCode::unavailable : ErrorCode::io;
  return {code, words(error)};
}

bool set_option(Descriptor descriptor, int level, int name, int value) {
  return ::setsockopt(descriptor, level, name, reinterpret_cast<const char*>(&value),
                      sizeof value) == 0;
}

// Here SO_REUSEADDR would let another process take the port away.
bool claim_port(Descriptor descriptor) {
  return set_option(descriptor, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
}

void reset_when_closed(Descriptor descriptor) {
  const linger at_once{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once),
               sizeof at_once);
}

std::ptrdiff_t receive(Descriptor descriptor, MutableBytes buffer) {
  return ::recv(descriptor, reinterpret_cast<char*>(buffer.data()),
                static_cast<int>(bounded(buffer.size())), 0);
}

std::ptrdiff_t send(Descriptor descriptor, std::span<const Bytes> pieces) {
  std::array<WSABUF, Pieces::max_batch> buffers;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    auto* const data = reinterpret_cast<char*>(const_cast<std::byte*>(pieces[i].data()));
    buffers[i] = {bounded(pieces[i].size()), data};
  }
  DWORD sent = 0;
  const int failed = ::WSASend(descriptor, buffers.data(), static_cast<DWORD>(pieces.size()), &sent,
                               0, nullptr, nullptr);
  return failed != 0 ? -1 : static_cast<std::ptrdiff_t>(sent);
}

std::size_t readable_bytes(Descriptor descriptor) {
  u_long bytes = 0;
  return ::ioctlsocket(descriptor, FIONREAD, &bytes) == 0 ? bytes : 0;
}

void shut_down(Descriptor descriptor, Direction direction) {
  ::shutdown(descriptor, direction == Direction::sending ? SD_SEND : SD_BOTH);
}

}  // namespace system

}  // namespace simws::transport

#endif
