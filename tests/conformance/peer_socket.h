// One end of a connection that a test plays, in plain or as OpenSSL's client or server: it blocks,
// with a deadline on each wait.
#pragma once

#include "transport/tls_test_foreign.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace simws::conformance {

constexpr int deadline_ms = 60'000;  // far beyond what a busy machine needs

inline short wait_for(int socket, short events) {
  pollfd waited{socket, events, 0};
  while (::poll(&waited, 1, deadline_ms) < 0 && errno == EINTR) {
  }
  return waited.revents;
}

class PeerSocket {
 public:
  // Owns it. Negative: there's none, and it has ended. `tls`: what it's encrypted by; null:
  // nothing.
  explicit PeerSocket(int socket, SSL_CTX* tls = nullptr, bool is_server = false)
      : socket_(socket), ended_(socket < 0) {
    if (tls != nullptr) tls_.emplace(*tls, is_server);
  }
  PeerSocket(const PeerSocket&) = delete;
  PeerSocket& operator=(const PeerSocket&) = delete;
  ~PeerSocket() {
    if (socket_ >= 0) ::close(socket_);
  }

  // To be called first; false: they can't be shaken.
  bool shake_hands() {
    if (!tls_) return true;
    write(tls_->exchange(""));
    while (!tls_->is_ready() && receive()) {
    }
    return tls_->is_ready();
  }

  void send(std::string_view bytes) {
    if (!tls_) return write(bytes);
    tls_->write(bytes);
    write(tls_->exchange(""));
  }

  // False: nothing more comes.
  bool receive() {
    if (ended_ || wait_for(socket_, POLLIN) == 0) return false;
    std::array<char, 64 * 1024> buffer;
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) ended_ = true;
    if (got > 0) take({buffer.data(), static_cast<std::size_t>(got)});
    return got > 0;
  }

  // The other end has ended the connection, by TLS too; nothing else has come.
  bool sees_end() {
    while (receive()) {
    }
    return ended_ && (!tls_ || tls_->saw_close_notify());
  }

  std::string received;  // and not yet looked at

 private:
  void take(std::string_view bytes) {
    if (!tls_) {
      received += bytes;
      return;
    }
    const std::string answer = tls_->exchange(bytes);
    received += tls_->take_plain();
    if (!answer.empty()) write(answer);
  }

  // Reads while it writes: neither end may wait for the other to read.
  void write(std::string_view bytes) {
    while (!bytes.empty() && !ended_) {
      if ((wait_for(socket_, POLLIN | POLLOUT) & POLLIN) != 0) {
        receive();
        continue;
      }
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN) ended_ = true;
    }
  }

  const int socket_;
  std::optional<transport::ForeignTls> tls_;
  bool ended_;
};

}  // namespace simws::conformance
