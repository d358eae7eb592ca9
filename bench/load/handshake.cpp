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

std::string request(int port) {
  return "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: " +
         key + "\r\nUser-Agent: simws-bench/1.0\r\n\r\n";
}

}  // namespace

void die(const char* what) {
  const int error = errno;
  std::fprintf(stderr, "bench_load: %s%s%s\n", what, error ? ": " : "",
               error ? std::strerror(error) : "");
  std::exit(1);
}

int connect_to(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) die("can't make a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    die("can't connect");
  }
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

void open_websocket(int descriptor, int port) {
  const std::string text = request(port);
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
  errno = 0;
  if (!answer.starts_with("HTTP/1.1 101 ")) die("the server refused the handshake");
  if (answer.find(accept_value) == std::string::npos) die("Sec-WebSocket-Accept is wrong");
  if (!answer.ends_with("\r\n\r\n")) die("the server sent something before it was asked");
}

}  // namespace bench
