// A plain client for tests.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace simws::dispatch::test {

// A client of plain blocking calls: small enough to see through.
class TestClient {
 public:
  explicit TestClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() { end(); }
  TestClient(TestClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}

  bool is_connected() const { return connected_; }

  void send(std::string_view data) {
    while (!data.empty()) {
      const ssize_t sent = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void send_handshake() {
    send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  }

  // A text frame with masking key 0; up to 125 bytes.
  static std::string frame(std::string_view text, int first_byte = 0x81) {
    std::string bytes{static_cast<char>(first_byte)};
    if (text.size() < 126) {
      bytes += static_cast<char>(0x80 | text.size());
    } else {
      bytes += '\xFF';  // in eight bytes
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(text.size() >> shift & 0xFF);
      }
    }
    return bytes.append(4, '\0').append(text);
  }

  // Reads until `end` has come, at most ten seconds. Returns all that came.
  std::string read_until(std::string_view end) {
    std::string got;
    pollfd waiting{socket_, POLLIN, 0};
    while (got.find(end) == std::string::npos && ::poll(&waiting, 1, 10'000) == 1) {
      char part[65536];
      const ssize_t size = ::recv(socket_, part, sizeof part, 0);
      if (size <= 0) break;
      got.append(part, static_cast<std::size_t>(size));
    }
    return got;
  }

  // Reads to the end.
  std::string read_all() { return read_until(std::string(1, '\0') + "never"); }

  void end() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  int socket_;
  bool connected_ = false;
};

}  // namespace simws::dispatch::test
