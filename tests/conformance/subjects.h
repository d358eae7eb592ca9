// Who is under test over real sockets: an echo server and an echo client that the public headers
// make.
#pragma once

#include "peer_socket.h"

#include "protocol/opening_handshake.h"
#include "transport/tls_test_certificates.h"

#include <simws/client.h>
#include <simws/server.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace simws::conformance {

inline sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

inline int make_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // What is cut small shall leave at once; who is accepted inherits it.
  const int no_delay = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
  return made;
}

// Takes one head off what comes. Empty: it didn't come.
inline std::string take_head(PeerSocket& peer) {
  std::size_t end;
  while ((end = peer.received.find("\r\n\r\n")) == std::string::npos) {
    if (!peer.receive()) return "";
  }
  std::string head = peer.received.substr(0, end + 4);
  peer.received.erase(0, head.size());
  return head;
}

inline void echo(Connection& connection, std::string_view data, Opcode opcode) {
  (void)connection.send(data, opcode);
}

template <typename Options>
Options quiet() {
  Options options;
  options.ping_interval = Seconds{0};  // only what the cases say is on the wire
  options.logger = [](LogLevel, std::string_view) {};
  return options;
}

enum class Security { plain, tls };

// Who is under test. One for all cases: none may harm the next.
class Subject {
 public:
  virtual ~Subject() = default;
  // A connection to it, after the opening handshake, in which the peer says this besides. Null:
  // none came about.
  virtual std::unique_ptr<PeerSocket> open(const std::string& more_fields = {}) = 0;

  std::string head;  // of what it said itself
};

class EchoServer final : public Subject {
 public:
  explicit EchoServer(Security security, std::optional<Compression> compression = {}) {
    ServerHandlers handlers;
    handlers.message = echo;
    auto options = quiet<ServerOptions>();
    options.compression = compression;
    if (security == Security::tls) options.tls = make_tls();
    auto listening = Server::listen(loop_, 0, std::move(options), std::move(handlers));
    if (!listening) return;
    server_ = std::move(listening).value();
    port_ = server_->info().port;
    loop_.start_thread();
  }
  ~EchoServer() override { loop_.stop_thread(); }

  std::unique_ptr<PeerSocket> open(const std::string& more_fields) override {
    const sockaddr_in address = loopback(port_);
    const int made = make_socket();
    auto peer = std::make_unique<PeerSocket>(made, peers_tls_.get());
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return nullptr;
    }
    if (!peer->shake_hands()) return nullptr;
    peer->send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
        more_fields + "\r\n");
    head = take_head(*peer);
    return head.starts_with("HTTP/1.1 101 ") ? std::move(peer) : nullptr;
  }

 private:
  ServerTls make_tls() {
    const transport::TestCertificate made = transport::make_certificate({});
    peers_tls_ = transport::make_foreign_context(TLS1_3_VERSION);
    return {.certificate = folder_.write("cert.pem", made.pem()),
            .private_key = folder_.write("key.pem", made.key_pem())};
  }

  transport::TestFolder folder_;
  transport::SslContextPtr peers_tls_;  // null: plain
  EventLoop loop_;
  std::unique_ptr<Server> server_;
  int port_ = 0;
};

class EchoClient final : public Subject {
 public:
  explicit EchoClient(Security security, std::optional<Compression> compression = {})
      : compression_(compression), listener_(make_socket()) {
    if (security == Security::tls) make_tls();
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 1) != 0) return;
    ::getsockname(listener_, any, &size);
    uri_ = (peers_tls_ ? "wss://127.0.0.1:" : "ws://127.0.0.1:") +
           std::to_string(ntohs(address.sin_port)) + "/";
    loop_.start_thread();
  }
  ~EchoClient() override {
    loop_.call([&] { client_.reset(); });
    loop_.stop_thread();
    ::close(listener_);
  }

  std::unique_ptr<PeerSocket> open(const std::string& more_fields) override {
    loop_.call([&] { connect(); });
    if (wait_for(listener_, POLLIN) == 0) return nullptr;
    auto peer = std::make_unique<PeerSocket>(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC),
                                             peers_tls_.get(), true);
    if (!peer->shake_hands()) return nullptr;
    head = take_head(*peer);
    const std::string key = key_of(head);
    peer->send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        protocol::accept_key(key) + "\r\n" + more_fields + "\r\n");
    return key.empty() ? nullptr : std::move(peer);
  }

 private:
  void make_tls() {
    const transport::TestCertificate made = transport::make_certificate({});
    peers_tls_ = transport::make_foreign_context(TLS1_3_VERSION);
    SSL_CTX_use_certificate(peers_tls_.get(), made.certificate.get());
    SSL_CTX_use_PrivateKey(peers_tls_.get(), made.key.get());
  }

  void connect() {
    ClientHandlers handlers;
    handlers.message = echo;
    auto options = quiet<ClientOptions>();
    options.compression = compression_;
    options.tls.verify = false;
    auto connecting = Client::connect(loop_, uri_, std::move(options), std::move(handlers));
    if (connecting) client_ = std::move(connecting).value();
  }

  static std::string key_of(const std::string& head) {
    constexpr std::string_view field = "\r\nSec-WebSocket-Key: ";
    const std::size_t at = head.find(field);
    if (at == std::string::npos) return "";
    const std::size_t from = at + field.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }

  transport::SslContextPtr peers_tls_;  // null: plain
  EventLoop loop_;
  std::unique_ptr<Client> client_;
  std::string uri_;
  const std::optional<Compression> compression_;
  const int listener_;
};

}  // namespace simws::conformance
