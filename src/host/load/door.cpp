#include "host/load/door.h"

#include "host/load/failure.h"
#include "protocol/opening_handshake.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

namespace simws::load {
namespace {

constexpr int backlog = 4096;
constexpr int patience = 30'000;  // milliseconds

void await(int descriptor, const char* what) {
  pollfd waited{descriptor, POLLIN, 0};
  if (poll(&waited, 1, patience) <= 0) give_up(what);
}

std::string receive_request(int descriptor) {
  std::string request;
  while (!request.ends_with("\r\n\r\n")) {
    await(descriptor, "a client sent no request");
    std::array<char, 2048> bytes;
    const ssize_t size = recv(descriptor, bytes.data(), bytes.size(), 0);
    if (size <= 0) give_up("a client left in the handshake");
    request.append(bytes.data(), static_cast<std::size_t>(size));
  }
  return request;
}

// Clients may write its name in any case; those that are measured write it as the RFC does.
std::string key_of(const std::string& request) {
  constexpr std::string_view field = "Sec-WebSocket-Key: ";
  const std::size_t at = request.find(field);
  if (at == std::string::npos) give_up("a client sent no Sec-WebSocket-Key");
  const std::size_t from = at + field.size();
  return request.substr(from, request.find("\r\n", from) - from);
}

}  // namespace

Door::Door() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, any, size) != 0 || listen(listener_, backlog) != 0 ||
      getsockname(listener_, any, &size) != 0) {
    give_up("can't listen", errno);
  }
  port_ = ntohs(address.sin_port);
}

Door::~Door() {
  close(listener_);
}

void Door::wait() const {
  await(listener_, "no client came");
}

int Door::let_in() const {
  wait();
  const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (descriptor < 0) give_up("can't accept", errno);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::string answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      protocol::accept_key(key_of(receive_request(descriptor))) + "\r\n\r\n";
  if (send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(answer.size())) {
    give_up("can't answer the handshake");
  }
  return descriptor;
}

}  // namespace simws::load
