#include "load/handshake.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace bench {
namespace {

// The key and its answer are the example of RFC 6455, 1.3.
constexpr char key[] = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr char accept_value[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

constexpr int small_window = 64 << 10;

sockaddr_in loopback(in_addr_t address, int port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(static_cast<std::uint16_t>(port));
  result.sin_addr.s_addr = htonl(address);
  return result;
}

// The system chooses the port when it connects, of those that are free towards the server.
void bind_to(int descriptor, unsigned from) {
  const int on = 1;
  const sockaddr_in address = loopback(INADDR_LOOPBACK + 1 + from % 0xFFFF, 0);
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die("can't bind");
  }
}

int make_socket() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) die("can't make a socket");
  return descriptor;
}

int connected(int descriptor, int port) {
  const sockaddr_in address = loopback(INADDR_LOOPBACK, port);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    die("can't connect");
  }
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

}  // namespace

void die(const char* what) {
  const int error = errno;
  std::fprintf(stderr, "bench_load: %s%s%s\n", what, error ? ": " : "",
               error ? std::strerror(error) : "");
  std::exit(1);
}

int connect_to(int port, unsigned from) {
  const int descriptor = make_socket();
  if (from > 0) bind_to(descriptor, from);
  return connected(descriptor, port);
}

int connect_with_small_window(int port) {
  const int descriptor = make_socket();
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small_window, sizeof small_window);
  return connected(descriptor, port);
}

std::string_view deflate_offer(bool in_context) {
  return in_context ? "permessage-deflate"
                    : "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
}

std::string handshake_request(int port, std::string_view extensions) {
  std::string offer;
  if (!extensions.empty()) {
    offer.append("Sec-WebSocket-Extensions: ").append(extensions).append("\r\n");
  }
  return "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
         "Sec-WebSocket-Key: " + key + "\r\n" + offer + "User-Agent: simws-bench/1.0\r\n\r\n";
}

bool check_answer(std::string_view answer) {
  errno = 0;
  if (!answer.starts_with("HTTP/1.1 101 ")) die("the server refused the handshake");
  if (answer.find(accept_value) == std::string_view::npos) die("Sec-WebSocket-Accept is wrong");
  return answer.find("permessage-deflate") != std::string_view::npos;
}

bool open_websocket(int descriptor, int port, std::string_view extensions) {
  const std::string text = handshake_request(port, extensions);
  if (send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size())) {
    die("can't send the handshake");
  }
  std::string answer;
  while (answer.find("\r\n\r\n") == std::string::npos) {
    char bytes[1024];
    const ssize_t size = recv(descriptor, bytes, sizeof bytes, 0);
    if (size <= 0) die("the server ended the connection in the handshake");
    answer.append(bytes, static_cast<std::size_t>(size));
  }
  const bool is_compressed = check_answer(answer);
  if (!answer.ends_with("\r\n\r\n")) die("the server sent something before it was asked");
  return is_compressed;
}

}  // namespace bench
