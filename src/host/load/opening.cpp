#include "host/load/opening.h"

#include "host/load/failure.h"
#include "host/load/meter.h"
#include "transport/system_address.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <utility>
#include <variant>

namespace simws::load {
namespace {

using transport::Address;
using transport::Socket;

constexpr int small_window = 64 << 10;
constexpr double longest_wait = 3600;  // seconds, after which it's waited again

// A beginning that lasts too long, or that nobody waits for any more.
class Wait {
 public:
  explicit Wait(const Target& target)
      : options_(*target.options), end_(now() + target.options->patience) {}

  // Until the descriptor is ready for `events`.
  void until(int descriptor, short events, const char* what) const {
    pollfd waited{descriptor, events, 0};
    while (poll(&waited, 1, static_cast<int>(std::ceil(left() * 1000))) <= 0) {
      if (options_.is_ended()) give_up("ended before it had begun");
      if (left() <= 0) give_up(std::string(what) + " in time");
    }
  }

 private:
  double left() const { return std::clamp(end_ - now(), 0.0, longest_wait); }

  const LoadOptions& options_;
  double end_;
};

// The system chooses the port when it connects, of those that are free towards the server.
void bind_to(int descriptor, unsigned source) {
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + source % 0xFFFF);
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    give_up("can't bind", errno);
  }
}

bool is_loopback(const Address& address) {
  return !address.is_ipv6 && address.ip[0] == 127;
}

Socket make_socket(const Address& address, const Socketry& socketry) {
  const int family = address.is_ipv6 ? AF_INET6 : AF_INET;
  Socket made(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.is_open()) give_up("can't make a socket", errno);
  const int on = 1;
  setsockopt(made.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (socketry.has_small_window) {
    setsockopt(made.descriptor(), SOL_SOCKET, SO_RCVBUF, &small_window, sizeof small_window);
  }
  if (socketry.source > 0 && is_loopback(address)) bind_to(made.descriptor(), socketry.source);
  return made;
}

// What became of it, as the system's number.
int connect(const Socket& socket, const Address& address, const Wait& wait) {
  transport::SystemAddress system = transport::to_system(address);
  if (::connect(socket.descriptor(), system.pointer(), system.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  wait.until(socket.descriptor(), POLLOUT, "no answer to a connect");
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

Connection connect_to(Target& target, const Socketry& socketry) {
  const Wait wait(target);
  int error = 0;
  for (std::size_t i = 0; i < target.addresses.size(); ++i) {
    Socket socket = make_socket(target.addresses[i], socketry);
    error = connect(socket, target.addresses[i], wait);
    if (error != 0) continue;
    target.addresses = {target.addresses[i]};
    auto tls = target.tls ? std::make_unique<TlsEnd>(target.tls, target.uri.host) : nullptr;
    return {std::move(socket), std::move(tls)};
  }
  give_up("cannot connect to " + target.uri.authority(), error);
}

Opening open_websocket(Connection& connection, const Target& target) {
  if (target.request.empty()) return {};
  const Wait wait(target);
  Opening opening;
  std::optional<protocol::Opened> opened;
  AnswerReader answer(target);
  std::array<char, 4096> buffer;
  connection.queue(target.request);
  while (!opened) {
    connection.flush();
    const auto events = static_cast<short>(POLLIN | (connection.unsent().empty() ? 0 : POLLOUT));
    wait.until(connection.descriptor(), events, "the server did not answer the handshake");
    const auto received = connection.receive(buffer, [&](std::string_view bytes) {
      if (!opened) opened = answer.receive(bytes);
      if (opened) opening.early += bytes;
    });
    if (!opened && received == Connection::Received::end) answer.end();
  }
  opening.deflate = opened->deflate;
  opening.subprotocol = std::move(opened->subprotocol);
  return opening;
}

OpenConnection open_connection(Target& target, const Socketry& socketry) {
  Connection connection = connect_to(target, socketry);
  Opening opening = open_websocket(connection, target);
  return {std::move(connection), std::move(opening)};
}

std::optional<protocol::Opened> AnswerReader::receive(std::string_view& bytes) {
  Bytes input = as_bytes(bytes);
  auto outcome = reader_.receive(input);
  bytes = as_text(input);
  if (auto* const failure = std::get_if<protocol::AttemptFailure>(&outcome)) {
    give_up(failure->reason);
  }
  if (const auto* const redirected = std::get_if<protocol::Redirected>(&outcome)) {
    give_up("the server redirects to " + redirected->uri.shown() + ": measure that one");
  }
  if (auto* const opened = std::get_if<protocol::Opened>(&outcome)) return std::move(*opened);
  return std::nullopt;
}

void AnswerReader::end() const {
  const auto failure = reader_.failure_so_far();
  give_up(failure ? failure->reason : "the server ended the connection in the handshake");
}

}  // namespace simws::load
