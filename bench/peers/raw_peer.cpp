// Passes on bytes with epoll and nothing else: what no WebSocket server on the same calls can beat.
#include "peers/arguments.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Connection {
  int descriptor;
  std::string unsent;  // what the system didn't take; nothing is read meanwhile
};

class RawPeer {
 public:
  RawPeer(int port, bench::Role role);
  [[noreturn]] void run();

 private:
  void accept_all();
  void watch(Connection& connection, int operation);
  void receive(Connection& connection);
  void send_to_all(const char* bytes, std::size_t size);
  bool send_to(Connection& connection, const char* bytes, std::size_t size);
  bool flush(Connection& connection);
  void drop(Connection& connection);

  bench::Role role_;
  int epoll_;
  int listener_;
  std::vector<char> buffer_ = std::vector<char>(64u << 10);
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
};

RawPeer::RawPeer(int port, bench::Role role)
    : role_(role),
      epoll_(epoll_create1(0)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, SOMAXCONN) != 0) {
    std::perror("raw_peer: can't listen");
    std::exit(1);
  }
  socklen_t length = sizeof address;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  bench::print_port(ntohs(address.sin_port));
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

void RawPeer::run() {
  for (;;) {
    std::array<epoll_event, 1024> events;
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      auto* connection = static_cast<Connection*>(event.data.ptr);
      if (!connection) {
        accept_all();
      } else if (event.events & EPOLLOUT) {
        if (!flush(*connection)) drop(*connection);
      } else {
        receive(*connection);
      }
    }
  }
}

void RawPeer::accept_all() {
  for (;;) {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (descriptor < 0) return;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto& connection = connections_[descriptor];
    connection = std::make_unique<Connection>(Connection{descriptor, {}});
    watch(*connection, EPOLL_CTL_ADD);
  }
}

void RawPeer::watch(Connection& connection, int operation) {
  epoll_event event{};
  event.events = connection.unsent.empty() ? EPOLLIN : EPOLLOUT;
  event.data.ptr = &connection;
  epoll_ctl(epoll_, operation, connection.descriptor, &event);
}

void RawPeer::receive(Connection& connection) {
  const ssize_t size = recv(connection.descriptor, buffer_.data(), buffer_.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) return drop(connection);
  const auto bytes = static_cast<std::size_t>(size);
  if (role_ == bench::Role::fan_out) return send_to_all(buffer_.data(), bytes);
  if (!send_to(connection, buffer_.data(), bytes)) drop(connection);
}

// Who has ended is dropped when it's read.
void RawPeer::send_to_all(const char* bytes, std::size_t size) {
  for (const auto& [descriptor, connection] : connections_) send_to(*connection, bytes, size);
}

// False: the connection has ended.
bool RawPeer::send_to(Connection& connection, const char* bytes, std::size_t size) {
  ssize_t sent = 0;
  if (connection.unsent.empty()) sent = send(connection.descriptor, bytes, size, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return false;
  if (sent < 0) sent = 0;
  if (static_cast<std::size_t>(sent) == size) return true;
  connection.unsent.append(bytes + sent, size - static_cast<std::size_t>(sent));
  watch(connection, EPOLL_CTL_MOD);
  return true;
}

bool RawPeer::flush(Connection& connection) {
  const ssize_t sent =
      send(connection.descriptor, connection.unsent.data(), connection.unsent.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN;
  connection.unsent.erase(0, static_cast<std::size_t>(sent));
  if (connection.unsent.empty()) watch(connection, EPOLL_CTL_MOD);
  return true;
}

void RawPeer::drop(Connection& connection) {
  const int descriptor = connection.descriptor;
  close(descriptor);
  connections_.erase(descriptor);
}

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  RawPeer(arguments.port, arguments.role).run();
}
